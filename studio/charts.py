"""Pictures of runs for the pages, drawn from the records each time they are asked for."""

from uuid import UUID

from fastapi import APIRouter, Response

from storage.workspace import Workspace
from studio.views.charts import run_chart


def chart_routes(workspace: Workspace) -> APIRouter:
    """Return the routes below /charts. Pages add `?rev=` so that the browser asks again when there is more to show."""
    router = APIRouter(prefix="/charts", include_in_schema=False)

    @router.get("/run/{job_id}.svg")
    def run(job_id: UUID) -> Response:
        picture = run_chart(workspace.runs.records(str(job_id), kind="loss"))
        return Response(picture, media_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})

    return router
