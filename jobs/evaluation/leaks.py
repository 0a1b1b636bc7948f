"""Test questions that a training has seen: those, or almost those, among its rows, or their wanted answers."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from jobs.evaluation.questions import Question
from jobs.intake.checking.near import MOST_COMPARED, near_questions
from jobs.intake.checking.texts import text_key
from jobs.intake.splits import question_key
from storage.errors import NotFound
from storage.records import Column, Example, Json
from storage.workspace import Workspace

How = Literal["same", "alike", "answer"]

LEAST_WORDS = 6  # shorter answers ("30 days", "Yes, of course.") stand in many rows without telling anything


@dataclass(frozen=True, slots=True)
class Leak:
    """A test question (`row`) and the row of the examples (`example`) in which it, or its wanted answer, stands."""

    row: int
    example: int
    how: How


def seen_in_training(columns: Sequence[Column], questions: Sequence[Question], workspace: Workspace) -> dict[str, Json]:
    """Return for each trained column which of the questions its training had seen, by column id.

    `known` is false where the examples were deleted since, so that it can't be told.
    """
    trained = {column.id: column.adapter_id for column in columns if column.adapter_id is not None}
    datasets = {adapter_id: workspace.adapters.get(adapter_id).dataset_id for adapter_id in set(trained.values())}
    told = {dataset_id: _seen(workspace, dataset_id, questions) for dataset_id in set(datasets.values())}
    return {column_id: told[datasets[adapter_id]] for column_id, adapter_id in trained.items()}


def _seen(workspace: Workspace, dataset_id: str, questions: Sequence[Question]) -> Json:
    try:
        dataset = workspace.datasets.get(dataset_id)
    except NotFound:
        return {"known": False, "examples": dataset_id, "leaks": []}
    # What is watched decides when to stop and which state is kept, so a training has seen it, too.
    rows = workspace.datasets.examples(dataset.id, "learn", "watch")
    found = leaks(questions, rows)
    return {
        "known": True,
        "examples": dataset_id,
        "leaks": [{"row": one.row, "example": one.example, "how": one.how} for one in found],
    }


def leaks(questions: Sequence[Question], rows: Sequence[Example]) -> list[Leak]:
    """Return each question that stands in the rows, once, in the order of the questions.

    The same question or almost the same one, with the same text before it, whatever the instruction; else a wanted
    answer of at least LEAST_WORDS words that stands there word for word. To say that nobody knows is no such answer.
    """
    found = _answered(questions, rows) | _alike(questions, rows) | _same(questions, rows)
    return [found[question.row] for question in questions if question.row in found]


def _same(questions: Sequence[Question], rows: Sequence[Example]) -> dict[int, Leak]:
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        first.setdefault((question_key(row.question), text_key(row.context)), row.row)
    asked = {one.row: (question_key(one.expected.question), text_key(one.context)) for one in questions}
    return {number: Leak(number, first[key], "same") for number, key in asked.items() if key in first}


def _alike(questions: Sequence[Question], rows: Sequence[Example]) -> dict[int, Leak]:
    """What was said before in a conversation changes what a question means, so there only its beginning is compared."""
    asked = [Example(one.row, one.expected.question, "", context=one.context) for one in questions]
    learned = [Example(row.row, row.question, "", context=row.context) for row in rows if not row.history]
    found: dict[int, Leak] = {}
    for some in _pieces(learned, MOST_COMPARED - len(asked)):
        for first, second in near_questions([*some, *asked]):
            if first < len(some) <= second:
                number = asked[second - len(some)].row
                found.setdefault(number, Leak(number, some[first].row, "alike"))
    return found


def _pieces(rows: Sequence[Example], size: int) -> Iterator[Sequence[Example]]:
    step = max(1000, size)
    return (rows[start : start + step] for start in range(0, len(rows), step))


def _answered(questions: Sequence[Question], rows: Sequence[Example]) -> dict[int, Leak]:
    text = _Text(rows)
    found: dict[int, Leak] = {}
    for question in questions:
        wanted = question.expected.answers if question.expected.kind != "unknown" else ()
        keys = [key for answer in wanted if len((key := text_key(answer)).split()) >= LEAST_WORDS]
        example = next((row for key in keys if (row := text.row_with(key)) is not None), None)
        if example is not None:
            found[question.row] = Leak(question.row, example, "answer")
    return found


class _Text:
    """The answers and contexts of all rows as one text, in which words that follow each other are found at once."""

    def __init__(self, rows: Sequence[Example]) -> None:
        pieces = [f"\n {text_key(row.answer)} \n {text_key(row.context)} " for row in rows]
        self._text = "".join(pieces)
        self._rows = [row.row for row in rows]
        self._starts: list[int] = []
        start = 0
        for piece in pieces:
            self._starts.append(start)
            start += len(piece)

    def row_with(self, words: str) -> int | None:
        """Return the first row that holds these words, or None."""
        place = self._text.find(f" {words} ")
        return None if place < 0 else self._rows[bisect_right(self._starts, place) - 1]
