"""What a judge is asked about: which answers, and which pairs of answers of the leading columns."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations

from jobs.context import JobContext
from jobs.evaluation.judge_asking import Asked
from jobs.evaluation.marking import marked, sheets
from jobs.evaluation.measures import said
from jobs.evaluation.verdict import verdict
from jobs.requests import Judge
from storage.answers import read_answers
from storage.marks import Place
from storage.records import Json, Scorecard
from storage.workspace import Workspace

_RECORD = "plan"
_MOST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class JudgePlan:
    """Which model judges, and which columns (ids) are set against each other; chosen when the job first starts."""

    model: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One answer, or two to the same question; `place` is where its verdict is kept, `about` is kept with it."""

    place: Place
    asked: Asked
    answers: tuple[str, ...]
    about: Json


def plan_of(request: Judge, context: JobContext, model: str) -> JudgePlan:
    """Return the job's plan, made and kept at its first start; a job that repeats a failed one takes over its plan.

    Raises NotFound where the score is gone.
    """
    workspace, job = context.workspace, context.job
    kept = _kept(workspace, job.id)
    if kept is not None:
        return kept
    earlier = _kept(workspace, job.parent_id) if job.parent_id else None
    plan = earlier or JudgePlan(model, _leading(workspace, workspace.scorecards.get(request.card_id)))
    context.record(_RECORD, 0, asdict(plan))
    context.flush()
    return plan


def verdicts_before(context: JobContext) -> dict[Place, Json]:
    """Return what this job has kept so far, with what the failed job that it repeats had kept."""
    cells, job = context.workspace.cells, context.job
    mine = cells.of(job.id)
    for place, body in cells.of(job.parent_id).items() if job.parent_id else ():
        if place not in mine:
            context.keep_cell(*place, body)
            mine[place] = body
    return mine


def cases_of(plan: JudgePlan, request: Judge, workspace: Workspace) -> list[Case]:
    """Return what is asked about: different answers once each, those that a person marked first; then the pairs.

    Left out are answers that failed, which are wrong anyway, and those of which nothing is known that they should say.
    Raises NotFound where the score is gone, Damaged where its answers are.
    """
    card = workspace.scorecards.get(request.card_id)
    lines = [line for line in read_answers(workspace, card) if said(line) and Asked.of(line).can_be_judged]
    marks = workspace.marks.of(card.id)
    answers = [
        Case(
            sheet.places[0],
            Asked.of(sheet.line),
            (said(sheet.line),),
            {"kind": "answer", "places": [list(place) for place in sheet.places]},
        )
        for sheet in sheets(lines, card.id)
    ]
    answers.sort(key=lambda case: case.place not in marks)
    there = {(line["column_id"], line["row"]): line for line in lines}
    most = request.pairs // max(1, len(plan.pairs))
    return answers + [
        case for number, pair in enumerate(plan.pairs) for case in _pair(number, pair, there, card.id)[:most]
    ]


def _pair(number: int, pair: tuple[str, str], lines: Mapping[Place, Json], card_id: str) -> list[Case]:
    """Return the questions that both columns answered differently, in an order that is as good as drawn by lot."""
    first, second = pair
    both = {
        row: (said(line), said(lines[second, row]))
        for (column, row), line in lines.items()
        if column == first and (second, row) in lines
    }
    differ = [row for row, answers in both.items() if len({" ".join(text.split()) for text in answers}) > 1]
    differ.sort(key=lambda row: hashlib.sha256(f"{card_id} {row}".encode()).digest())
    return [
        Case((f"pair {number}", row), Asked.of(lines[first, row]), both[row], _of_pair(pair, both[row]))
        for row in differ
    ]


def _of_pair(pair: tuple[str, str], answers: tuple[str, str]) -> Json:
    return {"kind": "pair", "first": pair[0], "second": pair[1], "lengths": [len(answer) for answer in answers]}


def _leading(workspace: Workspace, card: Scorecard) -> tuple[tuple[str, str], ...]:
    """Return the pairs of the columns that can't be told apart, three at most, else of the best two."""
    _, lines = marked(workspace, card)
    told = verdict(lines, [way["column_id"] for way in card.ways])
    order = sorted(told.rates, key=lambda column: (column not in told.leaders, -told.rates[column].right))
    leading: Sequence[str] = order[: max(2, min(_MOST_COLUMNS, len(told.leaders)))]
    return tuple(combinations(leading, 2))


def _kept(workspace: Workspace, job_id: str) -> JudgePlan | None:
    record = next(iter(workspace.runs.records(job_id, _RECORD)), None)
    if record is None:
        return None
    return JudgePlan(record.body["model"], tuple((first, second) for first, second in record.body["pairs"]))
