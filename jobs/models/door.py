"""The door to every model: what can be said to one and what comes back. Transport lives in `client`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypedDict

# What the name of an adapter begins with where a model is named.
ADAPTER = "adapter:"


class Message(TypedDict):
    """One message of a conversation, in the form of the OpenAI API."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Chat:
    """One request for an answer.

    `model` is a base id or `adapter:<id>`. `response_format` masks the answer: {"type": "choice", "choices": [...]},
    {"type": "json_schema", "json_schema": {"name": …, "schema": …}} or {"type": "grammar", "lark": …}.
    `prefix` is the beginning of the answer that is already decided; the model goes on after it and the chunks hold only
    what comes after. Other chats begin with the first `shared` messages, too: what our server keeps read.
    """

    messages: Sequence[Message]
    model: str = "starter"
    max_tokens: int = 160
    temperature: float = 0.0
    seed: int = 0
    response_format: dict[str, Any] | None = None
    prefix: str = ""
    stop: tuple[str, ...] = ()
    shared: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of an answer. The last one carries `finish_reason`, token counts and the server's provenance.

    `provenance` has the keys base_id, base_sha256, adapter_id, adapter_sha256, tensors_sha256, prompt_sha256, seed,
    queued_s, prefill_s, decode_s; a foreign server reports none of them, then it is empty.
    """

    text: str = ""
    finish_reason: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    provenance: dict[str, Any] = field(default_factory=dict)


class Door(Protocol):
    """Anything that answers chats and embeds texts: our model server, another compatible one, or a script in tests."""

    def chat(self, chat: Chat) -> Iterator[Chunk]:
        """Yield the answer's chunks; closing the iterator stops the model.

        Raises ModelUnavailable, ModelBusy or NotFound.
        """
        ...

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        """Return the embedder's identity and one unit vector a text. Raises ModelUnavailable."""
        ...

    def render(self, messages: Sequence[Message], max_length: int = 1024) -> list[tuple[str, str]]:
        """Return the conversation as the model reads it, in runs of text with "read", "learned" or "cut".

        Raises ModelUnavailable.
        """
        ...
