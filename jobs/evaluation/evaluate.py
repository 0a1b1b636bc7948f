"""Put test questions to every way and keep how each of them did: the job behind Scores."""

import json
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from jobs.answering.lacking import lacking
from jobs.answering.ways import columns_for
from jobs.context import JobContext, Made
from jobs.evaluation.asking import ask_all
from jobs.evaluation.patience import PatientDoor
from jobs.evaluation.questions import read_questions
from jobs.evaluation.scoring import scored, summed_up
from jobs.models.client import connect
from jobs.requests import Evaluate
from jobs.tools.registry import Registry
from storage.errors import Missing, UnusableRows
from storage.files import write_atomically
from storage.records import Column, Json, Permission, Scorecard
from storage.workspace import Workspace


def evaluate(request: Evaluate, context: JobContext) -> Made:
    """Ask every test question in every way that can answer, score the answers, and keep a scorecard.

    Raises Missing where no way can answer, and what reading the questions raises.
    """
    return evaluate_through(PatientDoor(connect(context.workspace.settings)), request, context)


def evaluate_through(door: PatientDoor, request: Evaluate, context: JobContext) -> Made:
    """Do the job with the models behind `door`."""
    workspace = context.workspace
    columns = [_by_itself(column, workspace) for column in columns_for(request.choices, workspace)]
    lacks = {column.id: lacking(column, workspace) for column in columns}
    able = [column for column in columns if lacks[column.id] is None]
    if not able:
        sentences = dict.fromkeys(part.what for part in lacks.values() if part)
        raise Missing(f"No way can answer yet. {' '.join(sentences)}")
    # An attempt that was cut off after it kept its scorecard is not asked again.
    card = next((kept for kept in workspace.scorecards.list() if kept.job_id == context.job.id), None)
    if card is None:
        card = _scorecard(door, request, able, context)
    missing = [
        {"way": column.way, "column_id": column.id, "what": part.what, "where": part.where}
        for column in columns
        if (part := lacks[column.id])
    ]
    result = {"ways": list(card.ways), "answers_file": card.answers_file, "missing": missing}
    return Made(result, stop_reason="kept" if context.finish_requested() else "")


def _by_itself(column: Column, workspace: Workspace) -> Column:
    """Leave the column only the tools that may run without a person's yes: nobody is there to give it."""
    if not column.tools:
        return column
    tools = Registry(workspace).tools(column.tools)
    return replace(column, tools=tuple(tool.name for tool in tools if tool.permission is Permission.AUTO))


def _scorecard(door: PatientDoor, request: Evaluate, columns: Sequence[Column], context: JobContext) -> Scorecard:
    workspace = context.workspace
    questions = read_questions(workspace, request)
    context.report(phase="ask", step=0, of=len(questions))
    cells = ask_all(questions, columns, door, context)
    if not cells:
        raise UnusableRows("It was stopped before the first question was answered, so there is no score.")
    context.report(phase="score")
    lines = [scored(cell) for cell in cells]
    file = workspace.folder("scores") / f"{context.job.id}.jsonl"
    write_atomically(file, _json_lines(lines))
    context.check()
    card = Scorecard(
        id=str(uuid4()),
        job_id=context.job.id,
        source=request.name or request.source,
        ways=tuple(summed_up(column, lines) for column in columns),
        answers_file=str(file.relative_to(workspace.home)),
        created_at=workspace.clock(),
    )
    workspace.scorecards.keep(card)
    return card


def _json_lines(lines: Sequence[Json]) -> bytes:
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()
