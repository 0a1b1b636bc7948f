"""Files: what is published is complete, what was changed is found out."""

import json
from pathlib import Path

import pytest

from storage.errors import Damaged
from storage.files import MANIFEST, folder_size, publish, read_manifest, sha256_of, write_atomically


def _made(folder: Path) -> Path:
    folder.mkdir()
    (folder / "weights").write_bytes(b"abc")
    (folder / "inner").mkdir()
    (folder / "inner" / "config.json").write_text("{}")
    return folder


def test_publishing_renames_a_complete_folder(tmp_path: Path) -> None:
    target = tmp_path / "adapter"
    sha256 = publish(_made(tmp_path / ".tmp"), target, adapter_id="a")
    assert not (tmp_path / ".tmp").exists()
    assert sha256_of(target / MANIFEST) == sha256
    manifest = read_manifest(target)
    assert manifest["adapter_id"] == "a"
    assert [entry["name"] for entry in manifest["files"]] == ["inner/config.json", "weights"]


@pytest.mark.parametrize("damage", [b"abd", b"", b"abcd"])
def test_a_changed_file_is_found_out(tmp_path: Path, damage: bytes) -> None:
    publish(_made(tmp_path / ".tmp"), tmp_path / "adapter")
    (tmp_path / "adapter" / "weights").write_bytes(damage)
    with pytest.raises(Damaged, match="weights"):
        read_manifest(tmp_path / "adapter")


def test_a_missing_file_or_manifest_is_found_out(tmp_path: Path) -> None:
    folder = _made(tmp_path / "adapter")
    with pytest.raises(Damaged, match="never completed"):
        read_manifest(folder)
    (folder / MANIFEST).write_text(json.dumps({"files": [{"name": "gone", "size": 1, "sha256": ""}]}))
    with pytest.raises(Damaged, match="gone"):
        read_manifest(folder)


@pytest.mark.parametrize("damage", [b"", bytes(200), b'{"files": [{"na', b"\xff\xfe"])
def test_a_manifest_that_is_none_is_found_out(tmp_path: Path, damage: bytes) -> None:
    publish(_made(tmp_path / ".tmp"), tmp_path / "adapter")
    (tmp_path / "adapter" / MANIFEST).write_bytes(damage)
    with pytest.raises(Damaged, match="The manifest of adapter"):
        read_manifest(tmp_path / "adapter")


def test_writing_replaces_in_one_step_and_keeps_to_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "server.json"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["server.json"]


def test_a_folder_is_as_large_as_its_files(tmp_path: Path) -> None:
    assert folder_size(_made(tmp_path / "made")) == len("abc") + len("{}")
    assert folder_size(tmp_path / "nowhere") == 0
