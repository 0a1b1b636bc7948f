"""Whether a model server answers and what of the OpenAI API it can do, found out by asking it."""

import json
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx

from jobs.models.choosing import base_model
from storage.errors import UserFault
from storage.settings import Settings

_TIMEOUT = httpx.Timeout(60, connect=5)
# A page waits for it.
_LISTING_TIMEOUT = httpx.Timeout(3, connect=2)
_LONGEST_TOLD = 200
_MOST_NAMED = 8
_SERVERS = {"vllm": "vLLM", "llamacpp": "llama.cpp", "library": "Ollama", "triptych": "Triptych"}
# What the studio asks an embedder by, whichever server it lies on.
EMBEDDER = "embedder"
_QUESTION = [{"role": "user", "content": "Say the name of a colour."}]
_COLOURS = ["red", "green"]
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": _COLOURS}},
    "required": ["colour"],
    "additionalProperties": False,
}
_TOOL = {
    "type": "function",
    "function": {"name": "colour_of_the_day", "description": "Say today's colour.", "parameters": {"type": "object"}},
}


class Can(StrEnum):
    """Whether a server can do something, as far as it told."""

    YES = "yes"
    NO = "no"
    NOT_REPORTED = "not reported"


@dataclass(frozen=True, slots=True)
class Ability:
    """One thing that was tried; `detail` is what the server said to it."""

    name: str
    can: Can
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """What came of trying a server; `problem` and `next_step` are empty where questions can go there.

    `server` is the program that answers, empty where it does not tell; `model` is the one that was asked.
    """

    url: str
    server: str = ""
    models: tuple[str, ...] = ()
    model: str = ""
    abilities: tuple[Ability, ...] = ()
    problem: str = ""
    next_step: str = ""


class Unreached(UserFault):
    """A server that questions can't go to."""


def named_servers(settings: Settings) -> list[tuple[str, str, str]]:
    """Return address, key and model of each server that the settings name; a model that is not named is empty."""
    told = (
        (settings.model_url, settings.model_token, base_model(settings) if settings.model_url else None),
        (settings.draft_url, settings.draft_token, settings.draft_model),
        (settings.judge_url, settings.judge_token, settings.judge_model),
    )
    return [(url, key.get_secret_value() if key else "", model or "") for url, key, model in told if url]


def try_connection(url: str, key: str = "", model: str = "") -> Connection:
    """Ask the server at `url` (with or without `/v1`) what it has and can do; without `model` its first one is asked.

    Takes up to a minute for each of five small requests. Raises nothing of its own: what goes wrong is told.
    """
    models: tuple[str, ...] = ()
    try:
        root = _root(url)
        with _reaching(root), _client(root, key, _TIMEOUT) as client:
            server, models = _listed(client, has_key=bool(key))
            asked = _chosen(models, model)
            abilities = (*_answers(client, asked), _follows_schema(client, asked), _calls(client, asked))
            return Connection(root, server, models, asked, (*abilities, _embeds(client)))
    except Unreached as error:
        return Connection(url, models=models, model=model, problem=str(error), next_step=error.next_step)


def list_models(url: str, key: str = "") -> tuple[str, ...]:
    """Return the names of the models that the server at `url` lists; raise Unreached, after a few seconds at most."""
    root = _root(url)
    with _reaching(root), _client(root, key, _LISTING_TIMEOUT) as client:
        return _listed(client, has_key=bool(key))[1]


def _client(root: str, key: str, timeout: httpx.Timeout) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=f"{root}/v1/", headers=headers, timeout=timeout)


def _root(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
        raise Unreached(
            "This is no address of a model server.", "Write it like http://127.0.0.1:8000 or https://host/v1."
        )
    return url.strip().rstrip("/").removesuffix("/v1")


@contextmanager
def _reaching(root: str) -> Iterator[None]:
    """Turn what goes wrong on the way into a sentence with a next step."""
    try:
        yield
    except httpx.TransportError as error:
        raise _unreached(error, urlsplit(root).netloc) from error
    except ValueError as error:  # what should be JSON is none
        raise _no_model_server() from error


def _unreached(error: Exception, where: str) -> Unreached:
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    told: tuple[tuple[type[BaseException], str, str], ...] = (
        (
            ssl.SSLCertVerificationError,
            f"The certificate of {where} can't be trusted.",
            "Let it have one of a known authority, or point SSL_CERT_FILE at that of your own.",
        ),
        (ssl.SSLError, f"{where} does not speak https.", "Write http:// in its address, or switch TLS on there."),
        (socket.gaierror, f"The name in {where} is not known.", "Check the address for a slip."),
        (
            ConnectionRefusedError,
            f"Nobody listens at {where}.",
            "Start the server there, or check the port: vLLM usually has 8000, llama.cpp 8080, Ollama 11434.",
        ),
        (
            httpx.TimeoutException,
            f"{where} does not answer in time.",
            "See whether it is still loading, and try again.",
        ),
    )
    for kind, sentence, step in told:
        if any(isinstance(cause, kind) for cause in causes):
            return Unreached(sentence, step)
    return Unreached(
        f"The connection to {where} broke off.", "If the server wants https, write https:// in its address."
    )


def _no_model_server() -> Unreached:
    return Unreached(
        "Something answers there, but it is no model server with the OpenAI API.",
        "Check address and port; the API lies at /v1 below the address.",
    )


def _listed(client: httpx.Client, *, has_key: bool) -> tuple[str, tuple[str, ...]]:
    """Return which program answers, and the names of its models."""
    answer = client.get("models")
    if answer.status_code in {401, 403}:
        raise _locked(has_key=has_key)
    if answer.status_code == 400 and "https" in answer.text.lower():
        raise Unreached("The server wants https.", "Write https:// in its address.")
    if answer.status_code >= 500:
        raise Unreached(f"The server is there and not ready: {_said(answer)}", "Wait until it has loaded its model.")
    body: Any = answer.json() if answer.status_code == 200 else None
    listed: Any = body.get("data") if isinstance(body, dict) else None
    if not isinstance(listed, list):
        raise _no_model_server()
    models = [one for one in listed if isinstance(one, dict) and isinstance(one.get("id"), str)]
    owners = {str(one.get("owned_by", "")).lower() for one in models}
    return next((name for owner, name in _SERVERS.items() if owner in owners), ""), tuple(one["id"] for one in models)


def _locked(*, has_key: bool) -> Unreached:
    if has_key:
        return Unreached("The server does not accept this key.", "Give it the key that the server was started with.")
    return Unreached(
        "The server wants a key.", "Set TRIPTYCH_MODEL_TOKEN to it, or TRIPTYCH_DRAFT_TOKEN, TRIPTYCH_JUDGE_TOKEN."
    )


def _chosen(models: Sequence[str], wanted: str) -> str:
    if not models:
        raise Unreached("The server has no model.", "Load one there; with Ollama: ollama pull and its name.")
    if wanted and wanted not in models:
        named = ", ".join(models[:_MOST_NAMED])
        raise Unreached(
            f"The server has no model {wanted!r}.", f"Name one of those that it has (TRIPTYCH_BASE_MODEL): {named}."
        )
    return wanted or models[0]


def _answers(client: httpx.Client, model: str) -> list[Ability]:
    """Return whether an answer streams and closes with its usage and provenance; raise Unreached without an answer."""
    said = {"model": model, "messages": _QUESTION, "max_tokens": 8, "temperature": 0, "seed": 0}
    options = {"stream": True, "stream_options": {"include_usage": True}}
    with client.stream("POST", "chat/completions", json=said | options) as answer:
        answer.read()
    if answer.status_code != 200:
        raise Unreached(
            f"The server refused a question to {model!r}: {_said(answer)}", "Choose another model, or look at its log."
        )
    streams = answer.headers.get("content-type", "").startswith("text/event-stream")
    pieces = _pieces(answer.text) if streams else [answer.json()]
    if not any(isinstance(piece, dict) and piece.get("choices") for piece in pieces):
        raise _no_model_server()
    return [
        Ability("streaming", Can.YES if streams else Can.NO),
        Ability("usage", _told(any(piece.get("usage") for piece in pieces))),
        Ability("provenance", _told(any(piece.get("triptych") for piece in pieces))),
    ]


def _told(is_told: bool) -> Can:
    return Can.YES if is_told else Can.NOT_REPORTED


def _pieces(stream: str) -> list[Any]:
    data = [line.removeprefix("data:").strip() for line in stream.splitlines() if line.startswith("data:")]
    return [json.loads(one) for one in data if one != "[DONE]"]


def _follows_schema(client: httpx.Client, model: str) -> Ability:
    form = {"type": "json_schema", "json_schema": {"name": "colour", "schema": _SCHEMA, "strict": True}}
    asked = {"model": model, "messages": _QUESTION, "max_tokens": 40, "response_format": form}
    answer = client.post("chat/completions", json=asked)
    if answer.status_code != 200:
        return Ability("json_schema", Can.NO, _said(answer))
    try:
        written: Any = json.loads(_message(answer).get("content") or "")
    except ValueError:
        return Ability("json_schema", Can.NO, "what came is not in the form that was asked for")
    fits = isinstance(written, dict) and written.get("colour") in _COLOURS
    return Ability("json_schema", Can.YES if fits else Can.NO)


def _calls(client: httpx.Client, model: str) -> Ability:
    asked = {"model": model, "messages": _QUESTION, "max_tokens": 40, "tools": [_TOOL]}
    answer = client.post("chat/completions", json=asked)
    if answer.status_code != 200:
        return Ability("tools", Can.NO, _said(answer))
    return Ability("tools", _told(bool(_message(answer).get("tool_calls"))))


def _embeds(client: httpx.Client) -> Ability:
    answer = client.post("embeddings", json={"model": EMBEDDER, "input": ["A text."], "encoding_format": "float"})
    if answer.status_code != 200:
        return Ability("embeddings", Can.NO, _said(answer))
    body: Any = answer.json()
    return Ability("embeddings", _told(bool(isinstance(body, dict) and body.get("data"))))


def _message(answer: httpx.Response) -> dict[str, Any]:
    body: Any = answer.json()
    choices = body.get("choices") if isinstance(body, dict) else None
    return choices[0].get("message") or {} if choices else {}


def _said(answer: httpx.Response) -> str:
    """Return the server's own words for a refusal, on one line, or its number."""
    try:
        body: Any = answer.json()
    except ValueError:
        return f"status {answer.status_code}"
    error = body.get("error", body) if isinstance(body, dict) else body
    words = error.get("message") if isinstance(error, dict) else error
    text = " ".join(str(words).split()) if isinstance(words, str) else ""
    return text[:_LONGEST_TOLD] or f"status {answer.status_code}"
