"""The JSON that only our model server reads and writes: what it adds to the OpenAI API."""

from typing import Any

from pydantic import BaseModel, Field

from jobs.models.wire import Said
from jobs.serving.tickets import End


class RenderBody(BaseModel):
    """A conversation to be shown as the model reads it."""

    messages: list[Said] = Field(min_length=1)
    max_length: int = Field(1024, ge=1)


class LeaseBody(BaseModel):
    """A training that asks for memory; `lock` is the name of a lock of this home that it holds."""

    device: str
    bytes: int = Field(ge=0)
    lock: str = Field(pattern=r"^[A-Za-z0-9_.:-]+$")


def closing(provenance: dict[str, Any], prompt_tokens: int, end: End) -> dict[str, Any]:
    """Return what the last chunk, or the whole answer, carries beyond its text: usage and provenance."""
    usage = {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": end.completion_tokens,
        "total_tokens": prompt_tokens + end.completion_tokens,
    }
    times = {name: round(getattr(end, name), 4) for name in ("queued_s", "prefill_s", "decode_s")}
    return {"usage": usage, "triptych": {**provenance, **times}}
