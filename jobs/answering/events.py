"""What happens while a column answers, as typed events: rendered by pages, counted by evaluation, kept by storage."""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from jobs.tools.events import Asking, Called, Calling, Started, TypedEvent
from storage.records import Passage

__all__ = [
    "Asking",
    "Called",
    "Calling",
    "Delta",
    "Event",
    "Failed",
    "Finished",
    "MissingPart",
    "Retrieved",
    "Started",
    "Stopped",
    "event_of",
    "is_final",
]


class Retrieved(TypedEvent):
    """Passages above the threshold (none: the documents do not answer); `nearest` shows what came closest."""

    type: Literal["retrieved"] = "retrieved"
    passages: tuple[Passage, ...]
    nearest: tuple[Passage, ...] = ()
    threshold: float
    index_version: int


class Delta(TypedEvent):
    """More of the answer's text."""

    type: Literal["delta"] = "delta"
    text: str


class Finished(TypedEvent):
    """The answer is complete. `text` is the whole of it; `seconds` counts from the question to here."""

    type: Literal["finished"] = "finished"
    text: str
    seconds: float
    tokens: int
    provenance: dict[str, Any] = Field(default_factory=dict)


class Failed(TypedEvent):
    """No answer: what went wrong, and what to press."""

    type: Literal["failed"] = "failed"
    text: str
    next_step: str


class Stopped(TypedEvent):
    """Stopped by a person, or cut off when the web process ended."""

    type: Literal["stopped"] = "stopped"
    text: str = ""


class MissingPart(TypedEvent):
    """The column can't answer yet: what it lacks and the page that makes it (`/train`, `/documents`, `/tools`)."""

    type: Literal["missing"] = "missing"
    what: str
    where: str


Event = Annotated[
    Started | Retrieved | Asking | Calling | Called | Delta | Finished | Failed | Stopped | MissingPart,
    Field(discriminator="type"),
]
event_of: TypeAdapter[Event] = TypeAdapter(Event)


def is_final(event: Event) -> bool:
    """Whether no other event follows this one in its attempt."""
    return isinstance(event, Finished | Failed | Stopped | MissingPart)
