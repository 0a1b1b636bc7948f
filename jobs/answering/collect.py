"""From the events of an attempt to the answer they make."""

from collections.abc import Iterable
from dataclasses import replace

from jobs.answering.events import Called, Delta, Event, Failed, Finished, MissingPart, Retrieved, Stopped
from storage.records import Answer, AnswerState, Column


def collect(column: Column, events: Iterable[Event], attempt: int = 1) -> Answer:
    """Return the answer that the events add up to; WAITING without any, WRITING without a last one."""
    made = Answer(column.id, column.way, attempt, AnswerState.WAITING)
    for event in events:
        made = _after(made, event)
    return made


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
            return replace(made, state=AnswerState.STOPPED, text=event.text or made.text)
        case MissingPart():
            return replace(made, state=AnswerState.MISSING, error=event.what, where=event.where)
