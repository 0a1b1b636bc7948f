"""Calling tools in two masked steps: the model chooses a tool or none, then fills in its arguments; code runs the tool.

Of a written answer `call_after` calls what the question wants done with it, such as to read it aloud.

What decides: the mask admits only "none" and the tools for which the question holds evidence (see `Tool.narrow`); among
these the model chooses. The model fills in arguments under the narrowed schema, so values are copied, not invented.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypedDict, Unpack

from jobs.models.door import Door
from jobs.tools.approving import NOT_RUN, Approving, Decision, not_run
from jobs.tools.choosing import Offer, choose, fill, offers
from jobs.tools.narrowing import admits
from jobs.tools.running import run_tool
from jobs.tools.tool import Tool
from storage.records import Permission, ToolCall

MOST_CALLS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: a phase began (`choose`, `fill`), or a call is asked for, begins or came back.

    What is asked for is refused by itself at `expires`.
    """

    kind: Literal["choose", "fill", "asking", "calling", "called"]
    call: ToolCall | None = None
    expires: float = 0.0


class CallOptions(TypedDict, total=False):
    """`seed` goes to the model; `approve` leads to a person who may say yes (without it such calls are not run)."""

    seed: int
    approve: Approving | None


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


def call_after(tools: Sequence[Tool], question: str, answer: str, **options: Unpack[CallOptions]) -> Iterator[Step]:
    """Yield what happens while the tools are called that the question wants used on its written answer.

    No model is asked: the arguments are the answer's own words. A tool that acts is never called so.
    """
    for tool in tools:
        arguments = tool.after(question, answer) if tool.effect == "reads" else None
        if arguments is not None:
            yield from _performed(Offer(tool, tool.schema), ToolCall(tool.name, arguments), options)


def _performed(offer: Offer, call: ToolCall, options: CallOptions) -> Generator[Step, None, ToolCall]:
    tool = offer.tool
    if tool.effect == "acts" and not admits(offer.schema, call.arguments):
        # A server that is not ours may not keep to the schema that it was given.
        ended = replace(call, error=f"{NOT_RUN}: its arguments do not stand in the question.")
        yield Step("called", ended)
        return ended
    by_itself = tool.effect == "reads" and tool.permission is Permission.AUTO
    decision = "allowed" if by_itself else (yield from _decided(call, options.get("approve")))
    if decision == "allowed":
        yield Step("calling", call)
    ended = run_tool(tool, call) if decision == "allowed" else not_run(call, decision)
    yield Step("called", ended)
    return ended


def _decided(call: ToolCall, approve: Approving | None) -> Generator[Step, None, Decision]:
    if approve is None:
        return "nobody"
    yield Step("asking", call, approve.ask(call))
    return approve.decided()
