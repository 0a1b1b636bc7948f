from pathlib import Path

import pytest

from storage.errors import UnreadableFile
from storage.uploads import keep_upload, shown_name
from storage.workspace import Workspace


def test_a_file_is_kept_under_a_name_of_ours_and_readable_by_its_owner_only(workspace: Workspace, tmp_path: Path):
    file = tmp_path / "käse ; rm -rf.CSV"
    file.write_bytes(b"question,answer\n")
    kept = workspace.home / keep_upload(workspace, file)
    assert kept.read_bytes() == file.read_bytes()
    assert kept.parent == workspace.home / "uploads"
    assert kept.suffix == ".csv"
    assert kept.stat().st_mode & 0o077 == 0


def test_the_same_name_twice_makes_two_files(workspace: Workspace, tmp_path: Path):
    file = tmp_path / "faq.csv"
    file.write_bytes(b"x")
    assert keep_upload(workspace, file) != keep_upload(workspace, file)


def test_a_file_that_is_not_there_leaves_nothing_behind(workspace: Workspace, tmp_path: Path):
    with pytest.raises(UnreadableFile, match=r"nothing\.csv can't be read"):
        keep_upload(workspace, tmp_path / "nothing.csv")
    assert list((workspace.home / "uploads").iterdir()) == []


def test_names_are_shown_without_folders_and_never_too_long():
    assert shown_name(Path("../../etc/faq.csv")) == "faq.csv"
    assert len(shown_name(Path("a" * 300 + ".csv"))) == 128
    assert shown_name(Path("a" * 300 + ".csv")).endswith(".csv")
