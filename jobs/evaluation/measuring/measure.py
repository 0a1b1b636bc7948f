"""The job that measures rows of the table beside a score: what each way costs and gives."""

from typing import cast

from jobs.context import JobContext, Made
from jobs.evaluation.measuring.asking import Asker
from jobs.evaluation.measuring.rows import ROWS, Probing
from jobs.evaluation.scored_columns import columns_of, fingerprint
from jobs.models.client import connect
from jobs.models.patience import PatientDoor
from jobs.queue import Queue
from jobs.requests import MeasuredRow, MeasureWays
from storage.errors import TriptychError
from storage.measurements import MEASURED
from storage.records import JobState, Json
from storage.workspace import Workspace


def measure(request: MeasureWays, context: JobContext) -> Made:
    """Measure the rows one after the other for every column of a score; a row that is done is kept at once.

    Raises NotFound where the score is gone, ModelUnavailable where the model server stays away.
    """
    client = connect(context.workspace.settings)

    def health() -> Json:
        try:
            told: object = client.health()
        except TriptychError:
            return {}  # another server has no such page, or another one
        return cast(Json, told) if isinstance(told, dict) else {}

    return measure_through(Asker(PatientDoor(client), health, context), request)


def measure_through(asker: Asker, request: MeasureWays) -> Made:
    """Do the job with the models behind the asker's door."""
    context = asker.context
    workspace = context.workspace
    card = workspace.scorecards.get(request.card_id)
    probing = Probing(card, columns_of(card), asker)
    done = {record.body["row"] for record in workspace.runs.records(context.job.id, MEASURED)}
    for number, row in enumerate(request.rows):
        if row in done:
            continue
        if context.finish_requested():
            break
        context.report(phase=row, step=number, of=len(request.rows))
        context.record(MEASURED, number, _measured(row, probing))
        context.flush()
        done.add(row)
    return Made({"rows": [row for row in request.rows if row in done]})


def _measured(row: MeasuredRow, probing: Probing) -> Json:
    context = probing.asker.context
    beside = _beside(context)
    cells = ROWS[row](probing)
    context.check(fresh=True)
    of = {column.id: fingerprint(column) for column in probing.columns}
    return {
        "row": row,
        "card_id": probing.card.id,
        "columns": {column_id: {"of": of[column_id], **cell} for column_id, cell in cells.items()},
        "beside": sorted(beside | _beside(context)),
    }


def _beside(context: JobContext) -> set[str]:
    """Return the kinds of the other jobs that run: what they take of this computer makes an answer slower."""
    workspace: Workspace = context.workspace
    unfinished = Queue(workspace.database, workspace.clock).unfinished()
    return {job.kind for job in unfinished if job.state is not JobState.QUEUED and job.id != context.job.id}
