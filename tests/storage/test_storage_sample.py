"""Whether the sample is open, and where servers of a home listen."""

import json
import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from storage.announcing import Announced, announcing, note_of, read_note
from storage.errors import Damaged
from storage.sample import mark_opened, opened_at, sample_folder, sample_is_open


def test_a_home_has_no_sample_until_it_is_opened(tmp_path: Path) -> None:
    assert not sample_is_open(tmp_path)
    assert opened_at(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    mark_opened(tmp_path, 1234.5)
    assert sample_is_open(tmp_path)
    assert opened_at(tmp_path) == 1234.5
    assert stat.S_IMODE(sample_folder(tmp_path).stat().st_mode) == 0o700


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"at": "then"}', '{"at": null}'])
def test_a_marker_that_says_nothing_is_damaged_and_no_closed_sample(tmp_path: Path, text: str) -> None:
    mark_opened(tmp_path, 1.0)
    (sample_folder(tmp_path) / "opened.json").write_text(text)
    with pytest.raises(Damaged, match="sample company"):
        opened_at(tmp_path)
    assert sample_is_open(tmp_path)


def test_a_note_is_there_for_its_owner_as_long_as_the_server_is(tmp_path: Path) -> None:
    note = note_of(tmp_path, "orders")
    assert read_note(note) is None
    with announcing(note, Announced("http://127.0.0.1:1", "secret")):
        assert read_note(note) == ("http://127.0.0.1:1", "secret")
        assert json.loads(note.read_bytes())["pid"] == os.getpid()
        assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert not note.exists()


def test_a_server_that_breaks_takes_its_note_along(tmp_path: Path) -> None:
    note = note_of(tmp_path, "orders")
    with suppress(ZeroDivisionError), announcing(note, Announced("http://127.0.0.1:1", "secret")):
        raise ZeroDivisionError
    assert not note.exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"url": "http://127.0.0.1:1"}'])
def test_half_a_note_is_none(tmp_path: Path, text: str) -> None:
    note = note_of(tmp_path, "orders")
    note.parent.mkdir()
    note.write_text(text)
    assert read_note(note) is None
