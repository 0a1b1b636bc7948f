"""The web application: guards, log-in, health, downloads and pictures, with the pages mounted in it."""

import os
from collections.abc import Callable

import gradio as gr
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse
from starlette.middleware.cors import CORSMiddleware

from storage.errors import NotFound, TriptychError, UserFault
from storage.workspace import Workspace
from studio.bench import Bench
from studio.charts import chart_routes
from studio.downloads import download_routes
from studio.endpoint.routes import endpoint_routes, told
from studio.health import health
from studio.login import login_routes
from studio.outdated import no_longer_there
from studio.pages import look
from studio.security import Guard
from studio.session import COOKIE, Gate, Sessions
from studio.session_parts import keep_steady

MOST_BYTES_IN_A_FILE = 50 * 1024 * 1024
# By name, because the pages' own framework serves its scripts below /assets, too.
_OWN_ASSETS = ("studio.js", "theme.css", "logo.svg")
_WAITING_EVENTS = 64
_EVENTS_AT_ONCE = 16
_LOOK_EVERY_S = 0.01
_NEVER_SUMMED_UP = 2**62
_FORGET_UPLOADS = (3600, 86400)  # look every hour, delete what is a day old


def build_app(bench: Bench, pages: gr.Blocks) -> FastAPI:
    """Return the application that serves `pages` and everything beside them."""
    workspace = bench.workspace
    app = FastAPI(title="Triptych", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(TriptychError, _told)
    sessions = _sessions(workspace)
    downloads = download_routes(workspace, bench.queue)
    for router in (_own_routes(bench), endpoint_routes(bench), downloads, chart_routes(workspace)):
        app.include_router(router)
    # The middleware added last meets a request first. A CORS policy of our own, which allows nobody, keeps the mounted
    # pages from answering foreign origins with one of theirs.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    if sessions is not None:
        app.include_router(login_routes(sessions))
        app.add_middleware(Gate, sessions=sessions)
    app.add_middleware(Guard, settings=workspace.settings)
    _mount(app, pages, workspace, sessions)
    return app


def _mount(app: FastAPI, pages: gr.Blocks, workspace: Workspace, sessions: Sessions | None) -> None:
    pages.delete_cache = _FORGET_UPLOADS
    keep_steady(pages)
    # After every event Gradio would sum up all events in a table of pandas, for a dashboard that is off here.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(_NEVER_SUMMED_UP)
    os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
    pages.queue(max_size=_WAITING_EVENTS, default_concurrency_limit=_EVENTS_AT_ONCE, api_open=False)
    # It looks a thousand times a second whether anything waits, which takes a model that answers a twentieth of a core.
    pages._queue.sleep_when_free = _LOOK_EVERY_S
    gr.mount_gradio_app(
        app,
        pages,
        path="/",
        footer_links=[],
        run_history=False,  # on by default; it would keep what people asked in their browser
        auth_dependency=_who(sessions) if sessions else None,
        allowed_paths=[],
        blocked_paths=_private(workspace),
        favicon_path=str(look.ASSETS / "logo.svg"),
        show_error=False,
        max_file_size=MOST_BYTES_IN_A_FILE,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        app_kwargs={"exception_handlers": {KeyError: no_longer_there}},
        theme=look.theme(),
        css=look.css(),
        head=look.head(),
    )
    # Gradio checks that a file an event names was really uploaded only where it "has launched", which a mounted
    # application never has; without this line an event could name any file of this computer.
    pages.has_launched = True


def _own_routes(bench: Bench) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/healthz", lambda: health(bench.workspace.settings), methods=["GET"])
    for name in _OWN_ASSETS:
        router.add_api_route(f"/assets/{name}", _file(name), methods=["GET"])
    return router


def _file(name: str) -> Callable[[], FileResponse]:
    path = look.ASSETS / name
    return lambda: FileResponse(path, headers={"Cache-Control": "no-cache"})


def _sessions(workspace: Workspace) -> Sessions | None:
    password = workspace.settings.password
    if password is None:
        return None
    return Sessions(password.get_secret_value(), workspace.folder("run") / "sessions.json", workspace.clock)


def _who(sessions: Sessions) -> Callable[[Request], str | None]:
    return lambda request: "local" if sessions.valid(request.cookies.get(COOKIE)) else None


def _private(workspace: Workspace) -> list[str]:
    """Everything in home but the folder of fresh uploads."""
    return [str(path.resolve()) for path in workspace.home.iterdir() if path.name != "gradio"]


def _told(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, TriptychError) and request.url.path.startswith("/v1/"):
        return told(error)
    status = 404 if isinstance(error, NotFound) else 400 if isinstance(error, UserFault) else 503
    next_step = error.next_step if isinstance(error, TriptychError) else ""
    return JSONResponse({"error": str(error), "next_step": next_step}, status)
