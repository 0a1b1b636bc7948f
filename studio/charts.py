"""Pictures of runs and scores for the pages, drawn from the records each time they are asked for."""

from uuid import UUID

from fastapi import APIRouter, Response

from jobs.evaluation.marking import marked
from storage.workspace import Workspace
from studio.views.bars import bars
from studio.views.charts import TWO_RUNS, compared, picture, run_chart
from studio.views.scores import column_names, ordered


def chart_routes(workspace: Workspace) -> APIRouter:
    """Return the routes below /charts. Pages add `?rev=` so that the browser asks again when there is more to show."""
    router = APIRouter(prefix="/charts", include_in_schema=False)

    @router.get("/run/{job_id}.svg")
    def run(job_id: UUID) -> Response:
        return _picture(run_chart(workspace.runs.records(str(job_id), kind="loss")))

    @router.get("/runs/{this}/{other}.svg")
    def runs(this: UUID, other: UUID) -> Response:
        lines = compared(*(workspace.runs.records(str(job_id), kind="loss") for job_id in (this, other)))
        return _picture(picture(lines, TWO_RUNS))

    @router.get("/scores/{card_id}.svg")
    def scores(card_id: UUID) -> Response:
        card, _ = marked(workspace, workspace.scorecards.get(str(card_id)))
        return _picture(bars(ordered(card), column_names(card)))

    return router


def _picture(svg: str) -> Response:
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})
