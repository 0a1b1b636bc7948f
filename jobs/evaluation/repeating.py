"""A question that a column is asked several times, because chance takes part in its answers, as one line."""

from collections.abc import Sequence
from statistics import fmean

from jobs.evaluation.questions import Question
from jobs.evaluation.scoring import Cell, scored
from jobs.requests import TIMES_WHEN_SAMPLING
from storage.records import Answer, AnswerState, Column, Json, Passage, ToolCall

_OF_A_RUN = ("state", "answer", "right", "yardstick", "reason", "passages", "calls", "provenance")
_MEANS = ("exact_match", "token_f1", "rouge_l", "seconds", "tokens")


def times_for(column: Column, wanted: int | None) -> int:
    """Return how often the column is asked each question: once where it always gives the same answer."""
    return 1 if column.temperature == 0 else wanted or TIMES_WHEN_SAMPLING


def line_of(question: Question, column: Column, given: Sequence[Answer]) -> Json:
    """Return the line of a cell whose question was asked as often as there are answers.

    Asked several times, it is `right` where most answers are, and shows the first of those that decide this; `share` is
    the share of right answers, the scores, seconds and tokens are means, and `runs` holds every answer.
    """
    lines = [scored(Cell(question, column, answer)) for answer in given]
    if len(lines) == 1:
        return lines[0]
    share = fmean(line["right"] for line in lines)
    shown = next(line for line in lines if bool(line["right"]) is (share > 0.5))
    means = {name: fmean(line[name] for line in lines) for name in _MEANS}
    runs = [{name: line[name] for name in (*_OF_A_RUN, "seconds", "tokens")} for line in lines]
    return {**shown, **means, "share": share, "runs": runs}


def runs_of(line: Json) -> list[Json]:
    """Return what was answered each time that a question was asked."""
    return line.get("runs") or [line]


def answers_of(line: Json, column: Column) -> list[Answer]:
    """Return the answers that a line of finished ones was made of, as answers of this column."""
    return [
        Answer(
            column.id,
            column.way,
            1,
            AnswerState(run["state"]),
            text=run["answer"],
            seconds=run["seconds"],
            tokens=run["tokens"],
            provenance={**run["provenance"], "column": column.id},
            passages=tuple(Passage(**passage) for passage in run["passages"]),
            calls=tuple(ToolCall(**call) for call in run["calls"]),
        )
        for run in runs_of(line)
    ]
