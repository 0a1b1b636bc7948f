"""The answers of a score are read once, and anew as soon as their file is another one."""

import pytest

from storage.answers import read_answers
from storage.errors import Damaged
from storage.records import Scorecard
from storage.workspace import Workspace

CARD = Scorecard("c", "j", "d", (), "scores/a.jsonl", 0.0)


def test_a_file_that_changed_is_read_anew(workspace: Workspace) -> None:
    file = workspace.folder("scores") / "a.jsonl"
    file.write_text('{"row": 1}\n')
    first = read_answers(workspace, CARD)
    assert read_answers(workspace, CARD) == first == [{"row": 1}]
    assert read_answers(workspace, CARD)[0] is first[0], "it is not read twice"
    first.clear()
    assert read_answers(workspace, CARD) == [{"row": 1}]
    file.write_text('{"row": 1}\n{"row": 2}\n')
    assert read_answers(workspace, CARD) == [{"row": 1}, {"row": 2}]
    file.unlink()
    with pytest.raises(Damaged, match="gone"):
        read_answers(workspace, CARD)
