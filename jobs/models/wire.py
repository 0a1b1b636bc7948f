"""The JSON of the OpenAI API, as the model server and the studio's own endpoint read and write it."""

import base64
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field

from jobs.models.door import Message
from storage.errors import TriptychError


class Said(BaseModel):
    """One message."""

    role: Literal["system", "user", "assistant"]
    content: str


class ChatBody(BaseModel):
    """A request for an answer; `prefix` is the beginning of the answer that is already decided.

    Other requests begin with the first `shared` messages, too: what a server may keep read.
    """

    messages: list[Said] = Field(min_length=1)
    model: str
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    temperature: float = Field(0.0, ge=0, le=2)
    seed: int | None = None
    stop: str | list[str] | None = None
    stream: bool = False
    response_format: dict[str, Any] | None = None
    prefix: str = ""
    shared: int = Field(0, ge=0)

    def longest(self) -> int:
        """Return the most tokens that the answer may have."""
        return self.max_completion_tokens or self.max_tokens or 160

    def stops(self) -> tuple[str, ...]:
        """Return the texts at which the answer ends."""
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ())


class EmbedBody(BaseModel):
    """A request for vectors."""

    input: str | list[str]
    encoding_format: Literal["float", "base64"] = "float"


def conversation(messages: Sequence[Said]) -> list[Message]:
    """Return the messages in the form that the encoder reads."""
    return [{"role": said.role, "content": said.content} for said in messages]


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands on every part of one answer."""

    id: str
    model: str
    created: int

    def chunk(self, delta: dict[str, str], finish_reason: str | None = None) -> dict[str, Any]:
        """Return one chunk of a stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return {**asdict(self), "object": "chat.completion.chunk", "choices": [choice]}

    def completion(self, text: str, finish_reason: str) -> dict[str, Any]:
        """Return a whole answer."""
        message = {"role": "assistant", "content": text, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": finish_reason, "logprobs": None}
        return {**asdict(self), "object": "chat.completion", "choices": [choice]}


def embeddings(identity: str, vectors: Sequence[Sequence[float]], encoding: str) -> dict[str, Any]:
    """Return vectors in the API's form."""
    data = [
        {"object": "embedding", "index": number, "embedding": _packed(vector) if encoding == "base64" else list(vector)}
        for number, vector in enumerate(vectors)
    ]
    return {"object": "list", "model": identity, "data": data, "usage": {"prompt_tokens": 0, "total_tokens": 0}}


def refusal(error: TriptychError) -> dict[str, Any]:
    """Return an error in the API's form, with its next step."""
    return {"error": {"message": str(error), "type": type(error).__name__, "next_step": error.next_step}}


def _packed(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
