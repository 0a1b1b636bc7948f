"""From the events of an attempt to the answer they make."""

from collections.abc import Iterable
from dataclasses import replace

from jobs.answering.events import (
    Asking,
    Called,
    Calling,
    Delta,
    Event,
    Failed,
    Finished,
    MissingPart,
    Retrieved,
    Stopped,
    is_final,
)
from jobs.tools.approving import cut_off
from storage.records import Answer, AnswerState, Column, ToolCall

# What an answer says whose process was gone before its end, and what to do then.
CUT_OFF = "The studio was ended in the middle of this answer."
ASK_AGAIN = "Press Again."


def collect(column: Column, events: Iterable[Event], attempt: int = 1) -> Answer:
    """Return the answer that the events add up to; WAITING without any, WRITING without a last one."""
    made, seen = Answer(column.id, column.way, attempt, AnswerState.WAITING), list(events)
    for event in seen:
        made = _after(made, event)
    left = left_open(seen)
    return made if left is None else replace(made, calls=(*made.calls, left))


def left_open(events: Iterable[Event]) -> ToolCall | None:
    """Return the call that a person was asked about and that never came back, because its answer ended before."""
    asked: ToolCall | None = None
    begun = ended = False
    for event in events:
        match event:
            case Asking():
                asked, begun = event.call, False
            case Calling():
                begun = True
            case Called():
                asked = None
            case _:
                ended = is_final(event)
    return cut_off(asked, begun=begun) if asked is not None and ended else None


def _after(made: Answer, event: Event) -> Answer:
    match event:
        case Retrieved():
            made = replace(made, state=AnswerState.WRITING, passages=event.passages)
        case Called():
            made = replace(made, state=AnswerState.WRITING, calls=(*made.calls, event.call))
        case Delta():
            made = replace(made, state=AnswerState.WRITING, text=made.text + event.text)
        case Finished() | Failed() | Stopped() | MissingPart():
            made = _ended(made, event)
        case _:
            made = replace(made, state=AnswerState.WRITING)
    return made


def _ended(made: Answer, event: Finished | Failed | Stopped | MissingPart) -> Answer:
    match event:
        case Finished():
            return replace(
                made,
                state=AnswerState.FINISHED,
                text=event.text,
                seconds=event.seconds,
                tokens=event.tokens,
                provenance=event.provenance,
            )
        case Failed():
            return replace(made, state=AnswerState.FAILED, error=event.text, next_step=event.next_step)
        case Stopped():
            text, step = event.text or made.text, ASK_AGAIN if event.why else ""
            return replace(made, state=AnswerState.STOPPED, text=text, error=event.why, next_step=step)
        case MissingPart():
            return replace(made, state=AnswerState.MISSING, error=event.what, where=event.where)
