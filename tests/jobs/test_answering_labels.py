"""Adapters that were taught labels answer with one of them; others, and those who wish it, answer freely."""

from dataclasses import asdict

import pytest

from jobs.answering.answer import Bench, answer
from jobs.answering.labels import labels_of
from jobs.answering.ways import columns_for, completed, with_another
from jobs.metrics.labels import MOST_TAUGHT, taught_labels
from jobs.requests import Choices
from storage.columns import column_from
from storage.records import Adapter, Column, Example
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.fakes import ScriptedModel


def taught(workspace: Workspace, answers: list[str], name: str = "intents") -> Adapter:
    """Keep rows with these answers and an adapter that learned them; the last row is held back for the exam."""
    rows = [Example(row, f"Question {row}?", text) for row, text in enumerate(answers, 1)]
    rows.append(Example(len(rows) + 1, "Held back?", "exam only", part="exam"))
    facts = {"rows": len(rows), "columns": {"question": "q", "answer": "a"}, "dropped": (), "source": "intents.csv"}
    dataset = workspace.datasets.keep(name, rows, **facts)  # type: ignore[arg-type] - facts of several types
    return keep_adapter(workspace, name, dataset_id=dataset.id)


@pytest.mark.parametrize(
    ("answers", "labels"),
    [
        ({"refund": 4, "Refund": 1, "lost card": 7}, ("lost card", "refund")),
        ({"Yes.": 2, "No.": 4}, ("No.", "Yes.")),
        ({"refund": 5}, ()),
        ({"refund": 2, "card": 3}, ()),
        ({"refund": 9, "please wait until we have answered you": 9}, ()),
        ({f"label {number}": 3 for number in range(MOST_TAUGHT)}, tuple(f"label {n}" for n in range(MOST_TAUGHT))),
        ({f"label {number}": 3 for number in range(MOST_TAUGHT + 1)}, ()),
        ({}, ()),
    ],
)
def test_few_short_answers_that_come_again_are_labels(answers: dict[str, int], labels: tuple[str, ...]) -> None:
    assert taught_labels(answers) == labels


def test_only_learned_rows_make_labels(workspace: Workspace) -> None:
    adapter = taught(workspace, ["refund", "card"] * 3)
    assert labels_of(adapter, workspace) == ("refund", "card")
    assert labels_of(taught(workspace, [f"Answer {n}." for n in range(300)], "faq"), workspace) == ()
    gone = Adapter(**{**asdict(adapter), "dataset_id": "gone"})
    assert labels_of(gone, workspace) == ()


def test_the_ways_with_the_adapter_get_its_labels_unless_they_are_switched_off(workspace: Workspace) -> None:
    adapter = taught(workspace, ["refund", "card"] * 3)
    columns = columns_for(Choices(adapter_id=adapter.id), workspace)
    assert {column.way: column.labels for column in columns if column.labels} == {
        "tuned": ("refund", "card"),
        "hybrid": ("refund", "card"),
    }
    free = columns_for(Choices(adapter_id=adapter.id, labels=False), workspace)
    assert not any(column.labels for column in free)
    assert completed(free[1], workspace).labels == (), "who chose to hear it freely still does"
    assert completed(Column("tuned", "tuned"), workspace).labels == ("refund", "card")
    assert with_another(columns, adapter, ("refund", "card"))[-1].labels == ("refund", "card")


def asked(workspace: Workspace, column: Column) -> object:
    door = ScriptedModel(["refund"])
    list(answer("Where is my money?", column, Bench(workspace, door)))
    return door.chats[-1].response_format


def test_the_model_is_held_to_the_labels(workspace: Workspace) -> None:
    adapter = taught(workspace, ["refund", "card"] * 3)
    held, free = (
        columns_for(Choices(adapter_id=adapter.id, ways=("tuned",), labels=labels), workspace)[0]
        for labels in (True, False)
    )
    assert asked(workspace, held) == {"type": "choice", "choices": ["refund", "card"]}
    assert asked(workspace, free) is None


def test_a_column_comes_back_as_it_was_kept() -> None:
    column = Column("tuned", "tuned", adapter_id="a", tools=("calculator",), labels=("refund", "card"))
    kept = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(column).items()}
    assert column_from(kept) == column
    del kept["labels"]
    assert column_from(kept).labels == ()
