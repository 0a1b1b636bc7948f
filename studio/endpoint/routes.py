"""The routes below /v1: what the official `openai` client asks, answered for whoever has a token of this studio."""

import asyncio
import json
import logging
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from threading import BoundedSemaphore, Event
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import Field, ValidationError
from starlette.concurrency import iterate_in_threadpool

from jobs.models.wire import ChatBody, EmbedBody, Heading, embeddings, refusal
from storage.errors import Missing, ModelFull, ModelUnavailable, NotFound, TriptychError, UserFault
from studio.bench import Bench
from studio.endpoint.naming import WAY, asked_of, column_named, model_names
from studio.endpoint.replies import End, Piece, instruction_in, of_column, of_model

AT_ONCE = 16
_LOOK_EVERY_S = 0.25
_RETRY_AFTER_S = "2"

_logger = logging.getLogger(__name__)


class AskBody(ChatBody):
    """A request for an answer, with the fields of the API that a way can't follow."""

    n: int = Field(1, ge=1, le=1)
    tools: list[dict[str, Any]] | None = None


Body = TypeVar("Body", AskBody, EmbedBody)


class Refused(TriptychError):
    """A request without a token of this studio."""

    next_step = "Make a token on the Use page and send it as `Authorization: Bearer …`."


# The first kind that fits decides.
_STATUS: dict[type[TriptychError], int] = {
    Refused: 401,
    NotFound: 404,
    Missing: 424,
    UserFault: 400,
    ModelFull: 429,
    ModelUnavailable: 503,
    TriptychError: 500,
}


def endpoint_routes(bench: Bench) -> APIRouter:
    """Return the routes; each wants a token."""

    def known(authorization: Annotated[str, Header()] = "") -> None:
        kind, _, token = authorization.partition(" ")
        if kind.casefold() != "bearer" or not bench.workspace.tokens.known(token.strip()):
            raise Refused("The token is missing or not known here.")

    routes = _Routes(bench)
    router = APIRouter(prefix="/v1", include_in_schema=False, dependencies=[Depends(known)])
    router.add_api_route("/models", routes.models, methods=["GET"])
    router.add_api_route("/chat/completions", routes.chat, methods=["POST"], response_model=None)
    router.add_api_route("/embeddings", routes.embed, methods=["POST"], response_model=None)
    return router


class _Routes:
    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._free = BoundedSemaphore(AT_ONCE)

    def models(self) -> dict[str, Any]:
        """List what can be asked."""
        names = model_names(self._bench.workspace)
        return {"object": "list", "data": [{"id": name, "object": "model", "owned_by": "triptych"} for name in names]}

    async def embed(self, request: Request) -> Response:
        """Turn texts into vectors."""
        body = _parsed(EmbedBody, await request.body())
        texts = [body.input] if isinstance(body.input, str) else body.input
        identity, vectors = await asyncio.to_thread(self._bench.door.embed, texts)
        return JSONResponse(embeddings(identity, vectors, body.encoding_format))

    async def chat(self, request: Request) -> Response:
        """Answer a conversation, whole or as a stream; says 429 where too many are answered already."""
        body = _parsed(AskBody, await request.body())
        over = Event()
        pieces = await asyncio.to_thread(self._pieces, body, over)
        if not self._free.acquire(blocking=False):
            busy = ModelFull("Too many questions are being answered.")
            return JSONResponse(refusal(busy), 429, {"Retry-After": _RETRY_AFTER_S})
        heading = Heading(f"chatcmpl-{uuid.uuid4().hex}", body.model, int(time.time()))
        if body.stream:
            stream = self._streamed(pieces, over, heading)
            first = await anext(stream)  # begun, so that it gives its place back also where nobody reads on
            return StreamingResponse(_after(first, stream), media_type="text/event-stream")
        try:
            return await _whole(pieces, over, heading, request)
        finally:
            self._free.release()

    def _pieces(self, body: AskBody, over: Event) -> Iterator[Piece]:
        if not body.model.startswith(WAY):
            return of_model(body, self._bench, over)
        if body.tools or body.response_format or body.stops() or body.prefix:
            raise UserFault(
                "A way decides by itself which tools it calls and in which form it answers.",
                "Leave out tools, response_format and stop, or ask a base model or an adapter.",
            )
        column = column_named(self._bench.workspace, body.model.removeprefix(WAY))
        return of_column(asked_of(column, body, instruction_in(body)), body, self._bench, over)

    async def _streamed(self, pieces: Iterator[Piece], over: Event, heading: Heading) -> AsyncIterator[str]:
        """Yield the reply as server-sent events; when the client goes away, the model stops."""
        try:
            yield _event(heading.chunk({"role": "assistant", "content": ""}))
            async for piece in iterate_in_threadpool(pieces):
                yield _event(_chunk(piece, heading))
            yield "data: [DONE]\n\n"
        except TriptychError as error:
            yield _event(refusal(error))
        finally:
            over.set()
            self._free.release()


async def _whole(pieces: Iterator[Piece], over: Event, heading: Heading, request: Request) -> Response:
    work = asyncio.create_task(asyncio.to_thread(list, pieces))
    try:
        while not (await asyncio.wait({work}, timeout=_LOOK_EVERY_S))[0]:
            if await request.is_disconnected():
                return Response(status_code=499)
    finally:
        over.set()
    told = work.result()
    text = "".join(piece for piece in told if isinstance(piece, str))
    end = next((piece for piece in told if isinstance(piece, End)), End("stop"))
    return JSONResponse({**heading.completion(str(end.triptych.get("text", text)), end.reason), **_closing(end)})


async def _after(first: str, stream: AsyncIterator[str]) -> AsyncIterator[str]:
    yield first
    async for event in stream:
        yield event


def _chunk(piece: Piece, heading: Heading) -> dict[str, Any]:
    if isinstance(piece, str):
        return heading.chunk({"content": piece})
    return {**heading.chunk({}, piece.reason), **_closing(piece)}


def _closing(end: End) -> dict[str, Any]:
    counts = {"prompt_tokens": end.prompt_tokens, "completion_tokens": end.completion_tokens}
    return {"usage": {**counts, "total_tokens": sum(counts.values())}, "triptych": end.triptych}


def _event(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


def _parsed(kind: type[Body], text: bytes) -> Body:
    try:
        return kind.model_validate_json(text or b"{}")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the request"
        raise UserFault(f"{place}: {first['msg']}.", "Mend the request; the API is OpenAI's.") from error


def told(error: TriptychError) -> JSONResponse:
    """Return an error of these routes in the API's form."""
    status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
    if status == 500:
        _logger.error("%s: %s", type(error).__name__, error)
    return JSONResponse(refusal(error), status, {"Retry-After": _RETRY_AFTER_S} if status in {429, 503} else None)
