"""The door over HTTP: speaks the OpenAI API to our model server or to another one, and turns faults into sentences."""

import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any, TypeVar, cast

import openai
from openai import OpenAI
from openai.types import CreateEmbeddingResponse
from openai.types.chat import ChatCompletionChunk

from jobs.models.door import Chat, Chunk, Message
from jobs.models.endpoint import Endpoint, find_endpoint
from jobs.models.refusals import translated
from storage.errors import ModelUnavailable
from storage.settings import Settings

Result = TypeVar("Result")

# A first word may take long where many wait; a server that is gone refuses the connection at once.
_TIMEOUT = openai.Timeout(300, connect=5)
_TEXTS_AT_ONCE = 32


def connect(settings: Settings) -> "Client":
    """Return the door to the server of `settings`; nothing is contacted before the first request."""
    return Client(settings)


class Client:
    """A Door to one server. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened: tuple[Endpoint, OpenAI] | None = None

    def chat(self, chat: Chat) -> Iterator[Chunk]:
        """Yield the answer's chunks; closing the iterator stops the model.

        Raises ModelUnavailable, ModelBusy or NotFound.
        """
        opened = self._asked(lambda api: api.chat.completions.create(**_asking(chat, ours=self._ours)))
        last = _Last()
        with translated(), closing(opened) as stream:
            for piece in stream:
                if text := last.read(piece):
                    yield Chunk(text)
        yield last.chunk()

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        """Return the embedder's identity and one unit vector a text. Raises ModelUnavailable."""
        identity, vectors = "", list[list[float]]()
        for start in range(0, max(1, len(texts)), _TEXTS_AT_ONCE):
            some = list(texts[start : start + _TEXTS_AT_ONCE])
            made = self._asked(lambda api, some=some: self._embedded(api, some))
            identity = made.model
            vectors += [entry.embedding for entry in made.data]
        return identity, vectors

    def render(self, messages: Sequence[Message], max_length: int = 1024) -> list[tuple[str, str]]:
        """Return the conversation as the model sees it, in runs of text with "read", "learned" or "cut"."""
        body = {"messages": list(messages), "max_length": max_length}
        return [(piece["text"], piece["kind"]) for piece in self._post("render", body)["pieces"]]

    def lease(self, device: str, size: int, lock: str) -> bool:
        """Ask the server for `size` bytes of a device's memory; True when it gave its own away.

        To be renewed at least every 20 s; ends without renewal, with `size` 0, and when nobody holds the home's `lock`.
        """
        return bool(self._post("lease", {"device": device, "bytes": size, "lock": lock})["lent"])

    def health(self) -> dict[str, Any]:
        """Return what the server says of itself: `phase` is ready, loading, missing, lent or failed; `memory_bytes`."""
        return cast(dict[str, Any], self._asked(lambda api: api.get(f"{_root(api)}/healthz", cast_to=object)))

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return cast(dict[str, Any], self._asked(lambda api: api.post(path, body=body, cast_to=object)))

    def _embedded(self, api: OpenAI, texts: list[str]) -> CreateEmbeddingResponse:
        # Not every other server knows base64. Numbers one by one take the client 3 ms a text.
        if self._ours:
            return api.embeddings.create(model="embedder", input=texts)
        return api.embeddings.create(model="embedder", input=texts, encoding_format="float")

    def _asked(self, ask: Callable[[OpenAI], Result]) -> Result:
        """Ask the server; where nobody answers, look once more where it is: it may have been started anew."""
        with translated():
            try:
                return ask(self._api())
            except openai.APITimeoutError:
                raise
            except (openai.APIConnectionError, openai.AuthenticationError):
                self._opened = None
                return ask(self._api())

    @property
    def _ours(self) -> bool:
        return self._opened is not None and self._opened[0].ours

    def _api(self) -> OpenAI:
        opened = self._opened
        if opened is None:
            endpoint = find_endpoint(self._settings)
            # Between two programs of one computer there is neither a proxy nor TLS.
            http = openai.DefaultHttpxClient(timeout=_TIMEOUT, trust_env=not endpoint.ours, verify=not endpoint.ours)
            weakref.finalize(self, http.close)
            url = f"{endpoint.url}/v1"
            opened = (endpoint, OpenAI(base_url=url, api_key=endpoint.token or "none", http_client=http, max_retries=0))
            self._opened = opened
        return opened[1]


def _root(api: OpenAI) -> str:
    return str(api.base_url).rstrip("/").removesuffix("/v1")


def _asking(chat: Chat, *, ours: bool) -> dict[str, Any]:
    beyond: dict[str, Any] = {"response_format": chat.response_format} if chat.response_format else {}
    if chat.prefix:
        beyond["prefix"] = chat.prefix
    if chat.shared and ours:  # no other server knows the word
        beyond["shared"] = chat.shared
    return {
        "messages": list(chat.messages),
        "model": chat.model,
        "max_tokens": chat.max_tokens,
        "temperature": chat.temperature,
        "seed": chat.seed,
        "stop": list(chat.stop) or openai.omit,
        "stream": True,
        "stream_options": {"include_usage": True},
        "extra_body": beyond,
    }


class _Last:
    """Gathers what the closing chunk tells: foreign servers spread it over several, or tell less."""

    def __init__(self) -> None:
        self._reason: str | None = None
        self._usage = (0, 0)
        self._provenance: dict[str, Any] = {}

    def read(self, piece: ChatCompletionChunk) -> str:
        """Note what `piece` tells and return its text."""
        if piece.usage:
            self._usage = (piece.usage.prompt_tokens, piece.usage.completion_tokens)
        self._provenance = (piece.model_extra or {}).get("triptych") or self._provenance
        if not piece.choices:
            return ""
        self._reason = piece.choices[0].finish_reason or self._reason
        return piece.choices[0].delta.content or ""

    def chunk(self) -> Chunk:
        """Return the closing chunk; raise ModelUnavailable where the answer broke off before its end."""
        if self._reason is None:
            raise ModelUnavailable("The model server broke off in the middle of the answer.")
        prompt_tokens, completion_tokens = self._usage
        return Chunk("", self._reason, prompt_tokens, completion_tokens, self._provenance)
