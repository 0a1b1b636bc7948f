"""The order service over HTTP: anybody on this computer may look, only who has the token may refund."""

import secrets
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Lifespan

from jobs.sample.book import OrderBook
from storage.errors import NotAllowed, NotFound, TriptychError
from storage.records import Json

_STATUS = {NotFound: 404, NotAllowed: 409}


def build_app(book: OrderBook, token: str, lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    """Return the application."""
    api = _Api(book, token)
    return Starlette(
        routes=[
            Route("/healthz", api.health),
            Route("/orders/{number}", api.order),
            Route("/orders/{number}/refund", api.refund, methods=["POST"]),
        ],
        # A page of elsewhere whose name was bent to this computer is refused.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        lifespan=lifespan,
    )


class _Api:
    """What the routes do; each runs in a thread, so that writing a refund holds up nobody."""

    def __init__(self, book: OrderBook, token: str) -> None:
        self._book = book
        self._token = token.encode()

    def health(self, _request: Request) -> Response:
        return JSONResponse({"phase": "ready", "orders": len(self._book)})

    def order(self, request: Request) -> Response:
        return _told(lambda: self._book.order(request.path_params["number"]))

    def refund(self, request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
        if not secrets.compare_digest(given, self._token):
            return JSONResponse({"error": "Only who has the token may do this."}, 401)
        return _told(lambda: self._book.refund(request.path_params["number"]))


def _told(ask: Callable[[], Json]) -> Response:
    try:
        return JSONResponse(ask())
    except TriptychError as error:
        return JSONResponse({"error": str(error)}, _STATUS.get(type(error), 503))
