"""One more example: in the part that its hash says, never twice, and never in place of an exam's answer."""

import csv
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jobs.intake.growing import add_example, origin, origin_of
from jobs.intake.splits import held_out_share, with_parts
from jobs.intake.upload import add_dataset
from storage.errors import NotAllowed, NotFound, UserFault
from storage.records import Dataset, Dropped, Example
from storage.workspace import Workspace

SOURCE = origin("c1", "tuned")


def asked(count: int, start: int = 0) -> list[Example]:
    return [Example(nr, f"What is number {nr}?", "It is a number.") for nr in range(start + 1, start + count + 1)]


def keep(workspace: Workspace, rows: Sequence[Example]) -> Dataset:
    dropped = (Dropped("no answer", 1, (7,)),)
    columns = {"question": "q", "answer": "a"}
    return workspace.datasets.keep("FAQ", rows, rows=len(rows) + 1, columns=columns, dropped=dropped, source="faq.csv")


@pytest.fixture
def dataset(workspace: Workspace) -> Dataset:
    return keep(workspace, with_parts(asked(200), 0.2))


def test_the_example_is_added_in_a_new_version(workspace: Workspace, dataset: Dataset) -> None:
    grown = add_example(workspace, "FAQ", "  May I bring my dog? ", "Of course.\r\nBring it.", SOURCE)
    made = grown.dataset
    assert (made.name, made.version, made.used, made.rows) == ("FAQ", 2, 201, 202)
    assert (made.columns, made.dropped, made.source) == (dataset.columns, dataset.dropped, "comparison:c1:tuned")
    assert (grown.before, grown.replaced) == (dataset, 0)
    assert workspace.datasets.get("FAQ") == made
    before, after = (workspace.datasets.examples(one.id) for one in (dataset, made))
    assert after[:-1] == before
    assert after[-1] == Example(201, "May I bring my dog?", "Of course.\nBring it.", part=grown.part, origin=SOURCE)


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.35, 0.5])
def test_a_new_row_falls_into_the_part_that_an_upload_would_give_it(workspace: Workspace, share: float) -> None:
    new = asked(60, start=1000)
    rows = with_parts(asked(200), share)
    keep(workspace, rows)
    uploaded = {row.question: row.part for row in with_parts([*rows, *new], share)}
    for row in new:
        grown = add_example(workspace, "FAQ", row.question, row.answer, SOURCE)
        assert grown.part == uploaded[row.question]
    assert grown.dataset.held_out == sum(part == "exam" for part in uploaded.values())
    assert grown.dataset.version == 61


def test_the_share_is_read_back_from_the_parts() -> None:
    for share in (0.0, 0.05, 0.2, 0.25, 0.5, 0.9):
        assert held_out_share(with_parts(asked(300), share)) == share
    assert held_out_share(with_parts(asked(3000), 0.123)) == pytest.approx(0.123, abs=0.005)
    assert held_out_share(with_parts(asked(4), 0.2)) > 0, "a row was moved, so that the exam is not empty"
    assert held_out_share([]) == 0


def test_another_answer_takes_the_place_of_the_one_that_was_there(workspace: Workspace, dataset: Dataset) -> None:
    old = workspace.datasets.examples(dataset.id, "learn")[0]
    grown = add_example(workspace, "FAQ", old.question.upper(), "A better answer.", SOURCE)
    assert (grown.dataset.used, grown.dataset.rows, grown.replaced, grown.part) == (200, 201, 1, "learn")
    (new,) = [row for row in workspace.datasets.examples(grown.dataset.id) if row.row == old.row]
    assert (new.question, new.answer, new.part) == (old.question.upper(), "A better answer.", "learn")
    assert old in workspace.datasets.examples(dataset.id), "the version before stays as it was"


def test_answers_that_contradict_each_other_are_replaced_by_the_one(workspace: Workspace) -> None:
    rows = with_parts([*asked(20), Example(31, "Why?", "So."), Example(32, "why", "Because.")], 0.0)
    keep(workspace, rows)
    grown = add_example(workspace, "FAQ", "Why?", "For a reason.", SOURCE)
    assert (grown.replaced, grown.dataset.used) == (2, 21)
    kept = [row for row in workspace.datasets.examples(grown.dataset.id) if row.question == "Why?"]
    assert [(row.row, row.answer) for row in kept] == [(31, "For a reason.")]


def test_a_row_with_a_text_of_its_own_asks_something_else(workspace: Workspace) -> None:
    with_text = Example(31, "Why?", "So.", context="It is so.")
    keep(workspace, with_parts([*asked(20), with_text], 0.0))
    grown = add_example(workspace, "FAQ", "Why?", "For a reason.", SOURCE)
    assert (grown.replaced, grown.dataset.used) == (0, 22)


def test_a_turn_of_a_conversation_asks_something_else(workspace: Workspace) -> None:
    turns = [Example(40 + nr, "Why?", f"So {nr}.", conversation="c", turn=nr) for nr in (1, 2)]
    kept = keep(workspace, with_parts([*asked(20), *turns], 0.2))
    grown = add_example(workspace, "FAQ", "Why?", "For a reason.", SOURCE)
    assert (grown.replaced, grown.dataset.used) == (0, 23)
    after = {row.row: row.part for row in workspace.datasets.examples(grown.dataset.id)}
    assert {row.row: row.part for row in workspace.datasets.examples(kept.id)}.items() <= after.items()


def test_a_question_of_the_exam_keeps_its_answer(workspace: Workspace, dataset: Dataset) -> None:
    exam = workspace.datasets.examples(dataset.id, "exam")[0]
    with pytest.raises(NotAllowed, match="held back for the exam, with an answer of its own") as refused:
        add_example(workspace, "FAQ", exam.question, "What the model said.", SOURCE)
    assert "Nothing was changed" in refused.value.next_step
    assert workspace.datasets.list() == [dataset]


def test_the_same_again_is_refused(workspace: Workspace, dataset: Dataset) -> None:
    old = workspace.datasets.examples(dataset.id, "watch")[0]
    with pytest.raises(UserFault, match="kept with this answer already"):
        add_example(workspace, "FAQ", old.question, f" {old.answer} ", SOURCE)
    assert workspace.datasets.list() == [dataset]


@pytest.mark.parametrize(
    ("question", "answer", "says"),
    [(" ", "Yes.", "There is no question."), ("Why?", "", "There is no answer."), ("Why?", "x" * 70_000, "Too long")],
)
def test_what_is_no_example_is_refused(
    workspace: Workspace, dataset: Dataset, question: str, answer: str, says: str
) -> None:
    with pytest.raises(UserFault, match=says):
        add_example(workspace, "FAQ", question, answer, SOURCE)
    assert workspace.datasets.list() == [dataset]


def test_a_set_that_is_not_there_is_named(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="no examples called 'FAQ'"):
        add_example(workspace, "FAQ", "Why?", "So.", SOURCE)


def test_of_two_who_add_at_the_same_time_neither_loses_a_row(workspace: Workspace, dataset: Dataset) -> None:
    def add(name: str) -> None:
        for number in range(4):
            add_example(workspace, "FAQ", f"What does {name} ask as number {number}?", "This.", SOURCE)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(add, name) for name in ("one", "other")]:
            done.result()
    newest = workspace.datasets.get("FAQ")
    assert (newest.version, newest.used) == (9, 208)
    assert len({row.question for row in workspace.datasets.examples(newest.id)}) == 208


def test_where_a_version_came_from_is_read_back() -> None:
    assert origin_of(SOURCE) == ("c1", "tuned")
    for file in ("faq.csv", "comparison", "comparison:x", "comparisons:a:b.csv"):
        assert origin_of(file) is None


@pytest.mark.shared_data
def test_a_real_faq_grows_as_the_same_upload_would(workspace: Workspace, shared_data: Path, tmp_path: Path) -> None:
    faq = shared_data / "cs-contoso-outdoor" / "faq.csv"
    with faq.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    most, whole = tmp_path / "most.csv", add_dataset(workspace, faq, "faq.csv", name="whole")
    with most.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows[:-15])
    add_dataset(workspace, most, "most.csv", name="grown")
    for row in rows[-15:]:
        grown = add_example(workspace, "grown", row["question"], row["answer"], SOURCE)
    parts = [{row.question: row.part for row in workspace.datasets.examples(one.id)} for one in (whole, grown.dataset)]
    assert parts[0] == parts[1]
