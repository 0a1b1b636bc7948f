"""Calling tools in two masked steps: the model chooses a tool or none, then fills in its arguments; code runs the tool.

What decides: the mask admits only "none" and the tools for which the question holds evidence (see `Tool.narrow`); among
these the model chooses. The model fills in arguments under the narrowed schema, so values are copied, not invented.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict, Unpack

from jobs.models.door import Door
from jobs.tools.choosing import Offer, choose, fill, offers
from jobs.tools.running import refused, run_tool
from jobs.tools.tool import Tool
from storage.records import Permission, ToolCall

MOST_CALLS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: a phase began (`choose`, `fill`), or a call is asked for, begins or came back."""

    kind: Literal["choose", "fill", "asking", "calling", "called"]
    call: ToolCall | None = None


class CallOptions(TypedDict, total=False):
    """`seed` goes to the model; `approve` decides on tools that need a person's yes (without it they are refused)."""

    seed: int
    approve: Callable[[ToolCall], bool]


def call_tools(
    door: Door, model: str, question: str, tools: Sequence[Tool], **options: Unpack[CallOptions]
) -> Iterator[Step]:
    """Yield what happens while `model` calls `tools` for `question`; the finished calls are in the `called` steps.

    Ends when the model chooses none, after three calls, or when it repeats a call. Raises what the door raises.
    """
    seed, made = options.get("seed", 0), list[ToolCall]()
    while len(made) < MOST_CALLS and (offered := offers(tools, question, made)):
        yield Step("choose")
        chosen = choose(door, model, question, offered, seed=seed)
        if chosen is None:
            return
        yield Step("fill")
        call = ToolCall(chosen.tool.name, fill(door, model, question, chosen, seed=seed))
        if any((done.tool, done.arguments) == (call.tool, call.arguments) for done in made):
            return
        made.append((yield from _performed(chosen, call, options)))


def _performed(offer: Offer, call: ToolCall, options: CallOptions) -> Generator[Step, None, ToolCall]:
    allowed = offer.tool.permission is Permission.AUTO
    if not allowed:
        yield Step("asking", call)
        approve = options.get("approve")
        allowed = approve is not None and approve(call)
    if allowed:
        yield Step("calling", call)
    ended = run_tool(offer.tool, call) if allowed else refused(call)
    yield Step("called", ended)
    return ended
