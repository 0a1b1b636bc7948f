"""What an evaluation asks: questions and columns, chosen when its job first starts and never anew."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from jobs.answering.lacking import lacking
from jobs.answering.ways import columns_for, way_of
from jobs.context import JobContext
from jobs.evaluation.knowing import known_to
from jobs.requests import Evaluate
from jobs.tools.registry import Registry
from storage.columns import column_from
from storage.errors import Missing
from storage.records import Column, Json
from storage.workspace import Workspace

_RECORD = "plan"


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns that are asked, what each of them knows, and those that lack something.

    `before` are the jobs whose answers count as well: failed ones that this job goes on from.
    """

    columns: tuple[Column, ...]
    known: dict[str, Json]
    missing: tuple[Json, ...] = ()
    before: tuple[str, ...] = ()


def plan_of(request: Evaluate, context: JobContext) -> Plan:
    """Return the job's plan, made and kept at its first start; a job that repeats a failed one goes on with its plan.

    Raises Missing where no column can answer, and NotFound for an adapter, a way or a tool that does not exist.
    """
    workspace, job = context.workspace, context.job
    kept = _kept(workspace, job.id)
    if kept is not None:
        return kept
    earlier = _kept(workspace, job.parent_id) if job.parent_id and not _scored(workspace, job.parent_id) else None
    if earlier is not None and job.parent_id:
        plan = replace(earlier, before=(*earlier.before, job.parent_id))
    else:
        plan = _made(request.columns or columns_for(request.choices, workspace), workspace)
    context.record(_RECORD, 0, asdict(plan))
    context.flush()
    return plan


def answered(plan: Plan, context: JobContext) -> dict[tuple[str, int], Json]:
    """Return what the job, and those that it goes on from, have answered so far, by column id and row."""
    jobs = (*plan.before, context.job.id)
    return {place: body for job_id in jobs for place, body in context.workspace.cells.of(job_id).items()}


def _kept(workspace: Workspace, job_id: str) -> Plan | None:
    record = next(iter(workspace.runs.records(job_id, _RECORD)), None)
    if record is None:
        return None
    body = record.body
    columns = tuple(column_from(column) for column in body["columns"])
    return Plan(columns, body["known"], tuple(body["missing"]), tuple(body["before"]))


def _scored(workspace: Workspace, job_id: str) -> bool:
    return any(card.job_id == job_id for card in workspace.scorecards.list())


def _made(wanted: Sequence[Column], workspace: Workspace) -> Plan:
    columns = [_of_its_way(column, workspace) for column in wanted]
    lacks = {column.id: lacking(column, workspace) for column in columns}
    able = tuple(column for column in columns if lacks[column.id] is None)
    if not able:
        sentences = dict.fromkeys(part.what for part in lacks.values() if part)
        raise Missing(f"No way can answer yet. {' '.join(sentences)}")
    missing = tuple(
        {"way": column.way, "column_id": column.id, "what": part.what, "where": part.where}
        for column in columns
        if (part := lacks[column.id])
    )
    return Plan(able, {column.id: known_to(column, workspace) for column in able}, missing)


def _of_its_way(column: Column, workspace: Workspace) -> Column:
    """Leave the column what its way uses. A tool that needs a person's yes stays: that it was not run is an answer."""
    way = way_of(column.way)
    tools = Registry(workspace).tools(column.tools) if way.tools and column.tools else ()
    return replace(
        column,
        adapter_id=column.adapter_id if way.adapter else None,
        collection=column.collection if way.passages else None,
        tools=tuple(tool.name for tool in tools),
    )
