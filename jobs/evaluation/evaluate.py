"""Put test questions to any set of columns and keep how each of them did: the job behind Scores."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from jobs.context import JobContext, Made
from jobs.evaluation.asked import asked_of
from jobs.evaluation.asking import Task, ask_all
from jobs.evaluation.leaks import seen_in_training
from jobs.evaluation.making import making_of
from jobs.evaluation.measures import measured
from jobs.evaluation.planning import Plan, answered, plan_of
from jobs.evaluation.questions import Question, read_questions
from jobs.evaluation.reusing import taken_over
from jobs.evaluation.scoring import summed_up
from jobs.models.client import connect
from jobs.models.patience import PatientDoor
from jobs.requests import Evaluate
from storage.errors import UnusableRows
from storage.files import write_atomically
from storage.records import Json, Scorecard
from storage.workspace import Workspace


def evaluate(request: Evaluate, context: JobContext) -> Made:
    """Ask every test question of every column that can answer, score the answers, and make a scorecard.

    Each answer is kept as soon as it is scored; a later attempt asks only what lacks. Raises Missing where no column
    can answer, and what reading the questions raises.
    """
    return evaluate_through(PatientDoor(connect(context.workspace.settings)), request, context)


def evaluate_through(door: PatientDoor, request: Evaluate, context: JobContext) -> Made:
    """Do the job with the models behind `door`."""
    questions = read_questions(context.workspace, request)
    plan = _with_leaks(plan_of(request, context), questions, context.workspace)
    context.report(phase="ask")
    task = Task(questions, plan.columns, making_of(plan.columns, context.workspace), request.repeats)
    done = answered(plan, context)
    if not request.fresh:
        done |= taken_over(task, done, door, context)
    lines = ask_all(task, done, door, context)
    if not lines:
        raise UnusableRows("It was stopped before the first question was answered, so there is no score.")
    context.report(phase="score")
    card = _scorecard(request, plan, measured(lines, door), context)
    asked = len(questions) * len(plan.columns)
    result = {
        "ways": list(card.ways),
        "answers_file": card.answers_file,
        "missing": list(plan.missing),
        "taken_over": sum("taken_from" in line for line in lines),
        "questions": card.questions,
    }
    return Made(result, scorecard=card, stop_reason="kept" if len(lines) < asked else "")


def _with_leaks(plan: Plan, questions: Sequence[Question], workspace: Workspace) -> Plan:
    """Let each column's facts tell which of the questions its training has seen; None where it was not trained."""
    seen = seen_in_training(plan.columns, questions, workspace)
    return replace(plan, known={column: {**facts, "seen": seen.get(column)} for column, facts in plan.known.items()})


def _scorecard(request: Evaluate, plan: Plan, lines: Sequence[Json], context: JobContext) -> Scorecard:
    workspace = context.workspace
    context.check()
    return Scorecard(
        id=str(uuid4()),
        job_id=context.job.id,
        source=request.name or request.source,
        ways=tuple(summed_up(column, plan.known[column.id], lines) for column in plan.columns),
        answers_file=str(_written(lines, context).relative_to(workspace.home)),
        created_at=workspace.clock(),
        questions=asked_of(workspace, request),
    )


def _written(lines: Sequence[Json], context: JobContext) -> Path:
    """Write the answers under a name of this claim's own: an attempt that lost its claim harms no later one's file."""
    folder, job_id = context.workspace.folder("scores"), context.job.id
    file = folder / f"{job_id}-f{context.fence}.jsonl"
    write_atomically(file, "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode())
    for older in folder.glob(f"{job_id}-f*.jsonl"):
        if older != file:
            older.unlink()
    return file
