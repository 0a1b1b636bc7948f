"""What happens while a tool is chosen, filled in and run, as typed events; `answering.events` has the others."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from storage.records import ToolCall


class TypedEvent(BaseModel):
    """A frozen event that names its type."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Started(TypedEvent):
    """A phase began: `search`, `choose`, `fill` or `write`."""

    type: Literal["started"] = "started"
    phase: Literal["search", "choose", "fill", "write"]


class Asking(TypedEvent):
    """A tool wants a person's yes before it runs; it is refused when `expires` (epoch seconds) has passed."""

    type: Literal["asking"] = "asking"
    call: ToolCall
    expires: float


class Calling(TypedEvent):
    """A tool is about to run with these arguments."""

    type: Literal["calling"] = "calling"
    call: ToolCall


class Called(TypedEvent):
    """A tool came back, with a result or an error."""

    type: Literal["called"] = "called"
    call: ToolCall
