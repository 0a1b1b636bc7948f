"""What happens while a column answers, as typed events: rendered by pages, counted by evaluation, kept by storage."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from storage.records import Passage, ToolCall


class _TypedEvent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Started(_TypedEvent):
    """A phase began: `read` (a job still reads the documents), `search`, `choose`, `fill` or `write`."""

    type: Literal["started"] = "started"
    phase: Literal["read", "search", "choose", "fill", "write"]


class Retrieved(_TypedEvent):
    """Passages above the threshold (none: the documents do not answer); `nearest` shows what came closest."""

    type: Literal["retrieved"] = "retrieved"
    passages: tuple[Passage, ...]
    nearest: tuple[Passage, ...] = ()
    threshold: float
    index_version: int


class Asking(_TypedEvent):
    """A tool wants a person's yes before it runs; it is refused when `expires` (epoch seconds) has passed."""

    type: Literal["asking"] = "asking"
    call: ToolCall
    expires: float


class Calling(_TypedEvent):
    """A tool is about to run with these arguments."""

    type: Literal["calling"] = "calling"
    call: ToolCall


class Called(_TypedEvent):
    """A tool came back, with a result or an error."""

    type: Literal["called"] = "called"
    call: ToolCall


class Delta(_TypedEvent):
    """More of the answer's text."""

    type: Literal["delta"] = "delta"
    text: str


class Finished(_TypedEvent):
    """The answer is complete. `text` is the whole of it; `seconds` counts from the question to here."""

    type: Literal["finished"] = "finished"
    text: str
    seconds: float
    tokens: int
    provenance: dict[str, Any] = Field(default_factory=dict)


class Failed(_TypedEvent):
    """No answer: what went wrong, and what to press."""

    type: Literal["failed"] = "failed"
    text: str
    next_step: str


class Stopped(_TypedEvent):
    """Stopped by a person; `why` says what else ended it, such as the end of the process that wrote it."""

    type: Literal["stopped"] = "stopped"
    text: str = ""
    why: str = ""


class MissingPart(_TypedEvent):
    """The column can't answer yet: what it lacks and the page that makes it (`/train`, `/documents`, `/tools`).

    `coming`: jobs are making all of it; `seconds_left` is how long they still take, None where nobody knows yet.
    """

    type: Literal["missing"] = "missing"
    what: str
    where: str
    coming: bool = False
    seconds_left: float | None = None


Event = Annotated[
    Started | Retrieved | Asking | Calling | Called | Delta | Finished | Failed | Stopped | MissingPart,
    Field(discriminator="type"),
]
event_of: TypeAdapter[Event] = TypeAdapter(Event)


def is_final(event: Event) -> bool:
    """Whether no other event follows this one in its attempt."""
    return isinstance(event, Finished | Failed | Stopped | MissingPart)
