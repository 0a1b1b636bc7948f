"""Calling tools in two masked steps: the model chooses a tool or none, then fills in its arguments; code runs the tool.

What decides: the mask admits only tools for which the question holds evidence (see `Tool.narrow`) and "none"; among
these the model chooses. Arguments are filled by the model under the narrowed schema, so values are copied, not invented.
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
    """`seed` goes to the model; `approve` is asked before a tool runs that needs a person's yes (without it: refused)."""

    seed: int
    approve: Callable[[ToolCall], bool]


def call_tools(
    door: Door, model: str, question: str, tools: Sequence[Tool], **options: Unpack[CallOptions]
) -> Iterator[Step]:
    """Yield what happens while `model` calls `tools` for `question`; the results are the calls of the `called` steps.

    Ends when the model chooses none, after three calls, or when it repeats a call. Raises what the door raises.
    """
    seed, made = options.get("seed", 0), list[ToolCall]()
    while len(made) < MOST_CALLS and (open_offers := offers(tools, question, made)):
        yield Step("choose")
        chosen = choose(door, model, question, open_offers, seed=seed)
        if chosen is None:
            return
        yield Step("fill")
        call = ToolCall(chosen.tool.name, fill(door, model, question, chosen, seed=seed))
        if any((done.tool, done.arguments) == (call.tool, call.arguments) for done in made):
            return
        ended = yield from _perform(chosen, call, options.get("approve"))
        made.append(ended)


def _perform(
    offer: Offer, call: ToolCall, approve: Callable[[ToolCall], bool] | None
) -> Generator[Step, None, ToolCall]:
    if offer.tool.permission is Permission.ASK:
        yield Step("asking", call)
        if approve is None or not approve(call):
            ended = refused(call)
            yield Step("called", ended)
            return ended
    yield Step("calling", call)
    ended = run_tool(offer.tool, call)
    yield Step("called", ended)
    return ended
