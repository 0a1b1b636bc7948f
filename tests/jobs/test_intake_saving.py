"""A version to take away: harmless in a spreadsheet, and read again as what it was."""

import csv
import json
from pathlib import Path

import pytest

from jobs.intake.saving import conversations, save, saved
from jobs.intake.splits import with_parts
from jobs.intake.upload import add_dataset
from jobs.models.conversation import learning
from storage.errors import NotAllowed, UserFault
from storage.records import Example
from storage.workspace import Workspace

TALK = [
    Example(13, "And Sunday?", "Closed.", "Be kind.", conversation="talk", turn=2),
    Example(12, "Open on Saturday?", "Until noon.", "Be kind.", conversation="talk", turn=1),
]
ROWS = [
    *(Example(nr, f"What is the code of box {nr}?", f"It is B{nr}.") for nr in range(1, 11)),
    Example(11, "=1+1", "-5", "@home", origin="passage:a/b.md#0-9"),
    *TALK,
]


def test_a_table_holds_every_row_with_its_part_and_no_formula(tmp_path: Path) -> None:
    file = tmp_path / "faq.csv"
    save(ROWS, file)
    assert file.read_bytes().startswith(b'\xef\xbb\xbf"row","question"')
    assert file.read_bytes().count(b"\xef\xbb\xbf") == 1
    read = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert list(read[0]) == ["row", "question", "answer", "instruction", "conversation", "turn", "origin", "part"]
    assert [read[10][name] for name in ("question", "answer", "instruction")] == ["'=1+1", "'-5", "'@home"]
    assert [row["row"] for row in read] == [str(row.row) for row in ROWS]
    assert read[11] == {
        "row": "13", "question": "And Sunday?", "answer": "Closed.", "instruction": "Be kind.",
        "conversation": "talk", "turn": "2", "origin": "", "part": "learn",
    }  # fmt: skip


def test_messages_are_what_the_model_learns(tmp_path: Path) -> None:
    file = tmp_path / "faq.jsonl"
    save(ROWS, file)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(lines) == 12
    assert lines[10] == {
        "messages": [
            {"role": "system", "content": "@home"},
            {"role": "user", "content": "=1+1"},
            {"role": "assistant", "content": "-5"},
        ]
    }
    assert lines[11]["conversation"] == "talk"
    assert [message["content"] for message in lines[11]["messages"]] == [
        "Be kind.", "Open on Saturday?", "Until noon.", "And Sunday?", "Closed.",
    ]  # fmt: skip


def test_a_text_of_the_row_stands_before_its_question_as_in_training() -> None:
    row = Example(1, "How heavy is it?", "4 kg.", context="The tent weighs 4 kg.", kind="facts")
    assert list(conversations([row])) == [{"kind": "facts", "messages": learning(row)}]
    assert "Text:\nThe tent" in learning(row)[0]["content"]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_what_was_taken_away_is_read_again_as_the_same_examples(
    workspace: Workspace, tmp_path: Path, ending: str
) -> None:
    raw = ROWS if ending == "jsonl" else [row for row in ROWS if row.row != 11]
    rows = with_parts(raw, 0.2)
    kept = workspace.datasets.keep("faq", rows, rows=13, columns={}, dropped=(), source="x")
    before = workspace.datasets.examples(kept.id)
    file = tmp_path / f"faq.{ending}"
    save(before, file)
    again = add_dataset(workspace, file, file.name, name="again")

    def told(dataset_id: str) -> set[tuple[object, ...]]:
        examples = workspace.datasets.examples(dataset_id)
        return {
            (row.question, row.answer, row.instruction, row.part, row.conversation, row.history) for row in examples
        }

    assert told(again.id) == told(kept.id)


def test_any_letter_survives() -> None:
    row = Example(1, "Größe? 漢字 🚲", 'say "hi"\nand; go,\ttoo', kind="x")
    (line,) = saved([row], "jsonl")
    assert json.loads(line)["messages"][0]["content"] == "Größe? 漢字 🚲"
    text = b"".join(saved([row], "csv")).decode("utf-8-sig")
    assert list(csv.reader(text.splitlines(keepends=True)))[1] == ["1", row.question, row.answer, "x", "learn"]


def test_nothing_is_written_over_and_the_name_says_the_form(tmp_path: Path) -> None:
    file = tmp_path / "faq.csv"
    file.write_text("mine")
    with pytest.raises(NotAllowed, match="exists already"):
        save(ROWS, file)
    assert file.read_text() == "mine"
    with pytest.raises(UserFault, match="which form"):
        save(ROWS, tmp_path / "faq.xlsx")
    with pytest.raises(UserFault, match="can't be written"):
        save(ROWS, tmp_path / "nowhere" / "faq.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["faq.csv"]
