"""Score the cells of an evaluation one by one, and sum them up for each column."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median

from jobs.answering.grounding import without_marks
from jobs.evaluation.counting import rights
from jobs.evaluation.knowing import reported
from jobs.evaluation.measures import summed
from jobs.evaluation.questions import Question
from jobs.metrics.evidence import call_matched, passages_found
from jobs.metrics.facts import judge
from jobs.metrics.rouge import rouge_l
from jobs.metrics.scores import exact_match, token_f1
from storage.records import Answer, AnswerState, Column, Json


@dataclass(frozen=True, slots=True)
class Cell:
    """One question put to one column, with the answer it got."""

    question: Question
    column: Column
    answer: Answer


def scored(cell: Cell) -> Json:
    """Return the cell's line of the answers file: what was asked, expected and given, and how it was judged.

    An answer that failed counts as wrong. Marks such as [1] are no part of what is judged.
    """
    question, expected, given = cell.question, cell.question.expected, cell.answer
    text = without_marks(given.text) if given.state is AnswerState.FINISHED else ""
    judged = judge(text, expected)
    found = passages_found(question.passage, [passage.document for passage in given.passages])
    called = call_matched(question.call, [asdict(call) for call in given.calls])
    return {
        "row": question.row,
        "question": expected.question,
        "kind": expected.kind,
        "expected": expected.answer,
        "accepted": list(expected.accepted),
        "column_id": cell.column.id,
        "way": cell.column.way,
        "state": given.state.value,
        "answer": given.text,
        "right": judged.right,
        "yardstick": judged.yardstick,
        "reason": given.error or judged.reason,
        "exact_match": exact_match(text, expected.answers),
        "token_f1": token_f1(text, expected.answers),
        "rouge_l": rouge_l(text, expected.answers),
        "seconds": given.seconds,
        "tokens": given.tokens,
        "expected_passage": question.passage,
        "passages": [asdict(passage) for passage in given.passages],
        "found": None if found is None else asdict(found),
        "expected_call": question.call,
        "calls": [asdict(call) for call in given.calls],
        "called": None if called is None else asdict(called),
        "provenance": given.provenance,
    }


def summed_up(column: Column, known: Json, lines: Sequence[Json]) -> Json:
    """Return the column's row of the scorecard; `known` are the facts of the column, which it keeps.

    `right` is a share, with its 95 % interval; the three scores are means over the `texts` questions that expect a text
    (0 where none does); `seconds` is the median of the answers that finished, `tokens` their mean.
    """
    mine = [line for line in lines if line["column_id"] == column.id]
    texts = [line for line in mine if line["expected"] or line["accepted"]]
    finished = [line for line in mine if line["state"] == AnswerState.FINISHED]
    return {
        "way": column.way,
        "column_id": column.id,
        "n": len(mine),
        "texts": len(texts),
        **{score: _mean(texts, score) for score in ("exact_match", "token_f1", "rouge_l")},
        "seconds": median(line["seconds"] for line in finished) if finished else 0.0,
        "tokens": _mean(finished, "tokens"),
        **_evidence(mine),
        **summed(mine),
        "failed": sum(line["state"] == AnswerState.FAILED for line in mine),
        **rights(mine),
        **known,
        "reported": reported(line["provenance"] for line in mine),
    }


def _evidence(lines: Sequence[Json]) -> Json:
    """Return the means over the questions that expect a passage or a call, with how many these are."""
    found = [line["found"] for line in lines if line["found"] is not None]
    called = [line["called"] for line in lines if line["called"] is not None]
    exact = [one["arguments"] for one in called if one["arguments"] is not None]
    return {
        "passages_expected": len(found),
        "recall": _mean(found, "recall"),
        "precision": _mean(found, "precision"),
        "calls_expected": len(called),
        "tool_match": _mean(called, "tool"),
        "arguments_expected": len(exact),
        "argument_match": fmean(exact) if exact else 0.0,
    }


def _mean(lines: Sequence[Json], key: str) -> float:
    return fmean(line[key] for line in lines) if lines else 0.0
