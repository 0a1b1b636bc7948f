import io
import tarfile
from pathlib import Path

import pytest

from storage import backups
from storage.backups import back_up, restore
from storage.checks import database_problems, version_problems
from storage.database import Database
from storage.errors import Damaged, NotAllowed, UnreadableFile
from storage.files import publish
from storage.sample import mark_opened, opened_at, sample_folder
from storage.settings import Settings
from storage.uploads import keep_upload
from storage.workspace import Workspace


def filled(workspace: Workspace, tmp_path: Path) -> str:
    """Give the workspace an upload, an adapter and one that is still being written."""
    file = tmp_path / "faq.csv"
    file.write_bytes(b"question,answer\n1,2\n")
    temporary = workspace.folder("adapters") / ".tmp-1"
    temporary.mkdir()
    (temporary / "adapter_model.safetensors").write_bytes(b"weights")
    publish(temporary, workspace.folder("adapters") / "1-f1")
    (workspace.folder("adapters") / ".tmp-2").mkdir()
    (workspace.folder("adapters") / ".tmp-2" / "half").write_bytes(b"half")
    return keep_upload(workspace, file)


def test_what_was_backed_up_comes_back_the_same(workspace: Workspace, tmp_path: Path):
    kept = filled(workspace, tmp_path)
    workspace.comparisons.start("Where is order 7?", [])
    backup = tmp_path / "backup.tar"
    size = back_up(workspace, backup)
    assert size == backup.stat().st_size
    home = tmp_path / "other"
    restore(home, backup)
    again = Workspace.open(Settings(home=home))
    assert (home / kept).read_bytes() == b"question,answer\n1,2\n"
    assert (home / "adapters" / "1-f1" / "adapter_model.safetensors").read_bytes() == b"weights"
    assert not (home / "adapters" / ".tmp-2").exists()
    assert [one.question for one in again.comparisons.list(5)] == ["Where is order 7?"]
    assert database_problems(again.database) == version_problems(again.database) == []
    again.close()


def test_what_is_published_or_deleted_meanwhile_spoils_no_backup(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = filled(workspace, tmp_path)
    gone, adapters = workspace.folder("uploads") / "gone.csv", workspace.folder("adapters")
    gone.write_text("question,answer\n")
    copies: list[Path] = []

    def copy(database: Database, target: Path) -> None:
        if not copies:
            gone.unlink()
            publish(adapters / ".tmp-2", adapters / "2-f1")
        copies.append(target)
        copy_database(database, target)

    copy_database = backups._copy_database  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(backups, "_copy_database", copy)
    back_up(workspace, tmp_path / "backup.tar")
    assert len(copies) == 2, "the copy that named the deleted file is thrown away"
    restore(tmp_path / "other", tmp_path / "backup.tar")
    assert (tmp_path / "other" / kept).is_file()
    assert (tmp_path / "other" / "adapters" / "2-f1" / "half").is_file()


def test_the_base_model_of_a_home_comes_along(workspace: Workspace, tmp_path: Path):
    (workspace.home / "base-model.json").write_text('{"model": "smollm2-1.7b"}')
    back_up(workspace, tmp_path / "backup.tar")
    restore(tmp_path / "other", tmp_path / "backup.tar")
    assert (tmp_path / "other" / "base-model.json").read_text() == '{"model": "smollm2-1.7b"}'


def test_an_open_sample_company_is_open_again(workspace: Workspace, tmp_path: Path):
    mark_opened(workspace.home, 1234.5)
    back_up(workspace, tmp_path / "backup.tar")
    restore(tmp_path / "other", tmp_path / "backup.tar")
    assert opened_at(tmp_path / "other") == 1234.5


def test_a_backup_makes_no_sample_where_there_is_none(workspace: Workspace, tmp_path: Path):
    back_up(workspace, tmp_path / "backup.tar")
    assert not sample_folder(workspace.home).exists()


def test_a_backup_overwrites_nothing(workspace: Workspace, tmp_path: Path):
    (tmp_path / "mine.tar").write_bytes(b"precious")
    with pytest.raises(NotAllowed, match="exists already"):
        back_up(workspace, tmp_path / "mine.tar")
    assert (tmp_path / "mine.tar").read_bytes() == b"precious"


def test_a_home_in_use_is_not_restored_into(workspace: Workspace, tmp_path: Path):
    back_up(workspace, tmp_path / "backup.tar")
    with pytest.raises(NotAllowed, match="not empty"):
        restore(workspace.home, tmp_path / "backup.tar")


@pytest.mark.parametrize("content", [b"", b"not a tar at all" * 100])
def test_what_is_no_backup_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes):
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises((UnreadableFile, Damaged)):
        restore(tmp_path / "home", tmp_path / "x.tar")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.tar"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(UnreadableFile, match="no file"):
        restore(tmp_path / "home", tmp_path / "x.tar")


def test_one_changed_byte_is_found_and_nothing_is_restored(workspace: Workspace, tmp_path: Path):
    filled(workspace, tmp_path)
    back_up(workspace, tmp_path / "backup.tar")
    changed = (tmp_path / "backup.tar").read_bytes().replace(b"weights", b"weighty")
    (tmp_path / "changed.tar").write_bytes(changed)
    with pytest.raises(Damaged, match=r"adapter_model\.safetensors"):
        restore(tmp_path / "other", tmp_path / "changed.tar")
    assert not (tmp_path / "other").exists()


def test_names_that_lead_outside_are_refused(tmp_path: Path):
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        member = tarfile.TarInfo("../outside")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"evil"))
    with pytest.raises(UnreadableFile):
        restore(tmp_path / "home", tmp_path / "evil.tar")
    assert not (tmp_path / "outside").exists()
