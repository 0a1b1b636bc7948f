"""A person's yes: the door through which a call asks for it, and what a call that did not get it says."""

from dataclasses import replace
from typing import Literal, Protocol

from storage.records import ToolCall

Decision = Literal["allowed", "refused", "expired", "stopped", "nobody"]

NOT_RUN = "Not run"
_WHY: dict[Decision, str] = {
    "refused": f"{NOT_RUN}: you refused it.",
    "expired": f"{NOT_RUN}: nobody allowed it in time. Press Again to be asked once more.",
    "stopped": f"{NOT_RUN}: the answer was stopped first.",
    "nobody": f"{NOT_RUN}: this tool runs only after a person's yes, on the page Compare.",
}
UNKNOWN = "It is not known whether this was done"
_CUT_OFF = f"{UNKNOWN}: the answer was cut off while it ran. Look at what it changes before you ask again."


class Approving(Protocol):
    """Puts one call after another before a person."""

    def ask(self, call: ToolCall) -> float:
        """Put a call before the person; return when it is refused by itself (epoch seconds)."""
        ...

    def decided(self) -> Decision:
        """Wait for the decision on the call that was asked for last."""
        ...


def not_run(call: ToolCall, decision: Decision) -> ToolCall:
    """Return a call that was not allowed, with the reason as its error."""
    return replace(call, error=_WHY[decision])


def cut_off(call: ToolCall, *, begun: bool) -> ToolCall:
    """Return a call that never came back because its answer ended; once it has begun, nobody knows what was done."""
    return replace(call, error=_CUT_OFF) if begun else not_run(call, "stopped")
