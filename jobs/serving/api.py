"""The model server's HTTP: the OpenAI API for chats and embeddings, and the few routes of our own."""

import asyncio
import hmac
import json
import logging
import time
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse

from jobs.models.wire import ChatBody, EmbedBody, Heading, conversation, embeddings, refusal
from jobs.serving.bodies import LeaseBody, RenderBody, closing
from jobs.serving.holding import Holder
from jobs.serving.orders import Answering, Order, order
from jobs.serving.presence import Presence
from jobs.serving.tickets import End, Piece
from storage.errors import Missing, ModelBusy, ModelFull, NotAllowed, NotFound, TooLarge, TriptychError, UserFault

# The first kind that fits decides.
_STATUS: dict[type[TriptychError], int] = {
    NotFound: 404,
    ModelFull: 429,
    ModelBusy: 503,
    Missing: 424,
    TooLarge: 413,
    NotAllowed: 403,
    UserFault: 400,
    TriptychError: 500,
}
_RETRY_AFTER_S = "5"
_LOOK_EVERY_S = 0.25

_logger = logging.getLogger(__name__)


class Api:
    """The routes, around what the server holds."""

    def __init__(self, holder: Holder, presence: Presence) -> None:
        self._holder, self._presence = holder, presence

    async def chat(self, body: ChatBody, request: Request) -> Response:
        """Answer a conversation, whole or as a stream."""
        with self._presence.asking():
            async with self._holder.using(body.model) as loaded:
                wanted = await asyncio.to_thread(order, loaded, body)
                answering = Answering(loaded, wanted.asked)
            heading = Heading(f"chatcmpl-{uuid.uuid4().hex}", body.model, int(time.time()))
            if not body.stream:
                return await _whole(answering, wanted, heading, request)
        return StreamingResponse(self._events(answering, wanted, heading), media_type="text/event-stream")

    async def embed(self, body: EmbedBody) -> dict[str, Any]:
        """Turn texts into vectors."""
        embedder = await self._holder.embedder()
        texts = [body.input] if isinstance(body.input, str) else body.input
        vectors = await asyncio.to_thread(embedder.embed, texts)
        return embeddings(embedder.identity, vectors, body.encoding_format)

    async def models(self) -> dict[str, Any]:
        """List the base of this home, the other bases that may answer here, and the adapters."""
        names = await self._holder.names()
        return {"object": "list", "data": [{"id": one, "object": "model", "owned_by": "triptych"} for one in names]}

    async def render(self, body: RenderBody) -> dict[str, Any]:
        """Show a conversation as the model reads it, with what of it would be learned."""
        loaded = await self._holder.loaded()
        pieces = await asyncio.to_thread(loaded.base.encoder.pieces, conversation(body.messages), body.max_length)
        return {"pieces": [{"text": text, "kind": kind} for text, kind in pieces]}

    async def lease(self, body: LeaseBody) -> dict[str, Any]:
        """Make room for a training where the memory does not suffice for both."""
        return {"lent": await self._holder.lend(body.bytes, body.lock)}

    async def health(self) -> dict[str, Any]:
        """Say at once what the server is doing, and how much memory it holds."""
        return {"phase": self._holder.phase, "memory_bytes": self._holder.memory_bytes()}

    async def _events(self, answering: Answering, wanted: Order, heading: Heading) -> AsyncIterator[str]:
        """Yield the answer as server-sent events; when the client goes away, the model stops."""
        with self._presence.asking():
            try:
                yield _event(heading.chunk({"role": "assistant", "content": ""}))
                async for piece in answering:
                    yield _event(_chunk(piece, wanted, heading))
                    if not isinstance(piece, str):
                        break
                yield "data: [DONE]\n\n"
            finally:
                answering.stop()


def build_app(holder: Holder, presence: Presence, token: str) -> FastAPI:
    """Return the application; every route but `/healthz` wants the token."""

    def known(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "The token is missing or wrong.")

    api = Api(holder, presence)
    router = APIRouter(dependencies=[Depends(known)])
    router.add_api_route("/v1/chat/completions", api.chat, methods=["POST"], response_model=None)
    router.add_api_route("/v1/embeddings", api.embed, methods=["POST"])
    router.add_api_route("/v1/models", api.models, methods=["GET"])
    router.add_api_route("/v1/render", api.render, methods=["POST"])
    router.add_api_route("/v1/lease", api.lease, methods=["POST"])
    app = FastAPI(title="Triptych's model server", openapi_url=None)
    app.include_router(router)
    app.add_api_route("/healthz", api.health, methods=["GET"])
    app.add_exception_handler(TriptychError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    return app


async def _whole(answering: Answering, wanted: Order, heading: Heading, request: Request) -> Response:
    """Gather the whole answer; when the client goes away, the model stops."""
    text = ""
    try:
        while True:
            try:
                piece = await asyncio.wait_for(anext(answering), _LOOK_EVERY_S)
            except TimeoutError:
                if await request.is_disconnected():
                    return Response(status_code=499)
                continue
            if isinstance(piece, End):
                closed = closing(wanted.provenance, len(wanted.asked.prompt), piece)
                return JSONResponse({**heading.completion(text, piece.reason), **closed})
            if isinstance(piece, TriptychError):
                raise piece
            text += piece
    finally:
        answering.stop()


def _chunk(piece: Piece, wanted: Order, heading: Heading) -> dict[str, Any]:
    if isinstance(piece, str):
        return heading.chunk({"content": piece})
    if isinstance(piece, End):
        closed = closing(wanted.provenance, len(wanted.asked.prompt), piece)
        return {**heading.chunk({}, piece.reason), **closed}
    return refusal(piece)


def _event(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


async def _malformed(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    sentence = f"The request can't be understood: {place}: {first['msg']}."
    return JSONResponse(refusal(UserFault(sentence, "Mend the request; the API is OpenAI's.")), 422)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, TriptychError)
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    if status == 500:
        _logger.error("%s: %s", type(error).__name__, error)
    headers = {"Retry-After": _RETRY_AFTER_S} if status in {429, 503} else None
    return JSONResponse(refusal(error), status, headers)
