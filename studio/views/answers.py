"""The stored events of one column as what its page part shows: status, text, sources, calls, what was really used."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from jobs.answering.collect import ASK_AGAIN, left_open
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
    Started,
    Stopped,
    event_of,
)
from jobs.tools.approving import NOT_RUN, UNKNOWN
from jobs.tools.builtin.speech import NAME as READ_ALOUD
from jobs.tools.builtin.speech import sound_name
from storage.records import AnswerState, Column, Json, Passage, ToolCall
from studio.views import markdown
from studio.wording import answers as words
from studio.wording.failures import join
from studio.wording.numbers import count, duration, short_hash
from studio.wording.tools import title as tool_title

MOST_SOURCES = 3
MOST_CALLS = 3
_MARK = re.compile(r"\[(\d{1,2})\]")


class Kept(Protocol):
    """A stored event: its JSON and when it was written."""

    @property
    def body(self) -> Json:
        """The event's JSON, its type included."""
        ...

    @property
    def at(self) -> float:
        """When it was written, in seconds since the epoch."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a column's events add up to so far. `left_open`: what a person was asked and that never came back.

    `begun` is what had been written of an answer that then failed; `why` is what ended one that nobody stopped.
    """

    state: AnswerState = AnswerState.WAITING
    phase: str = ""
    text: str = ""
    next_step: str = ""
    where: str = ""
    started_at: float = 0.0
    seconds: float = 0.0
    tokens: int = 0
    provenance: Json = field(default_factory=dict[str, object])
    passages: tuple[Passage, ...] = ()
    nearest: tuple[Passage, ...] = ()
    threshold: float = 0.0
    index_version: int | None = None
    calls: tuple[ToolCall, ...] = ()
    calling: ToolCall | None = None
    asking: ToolCall | None = None
    left_open: ToolCall | None = None
    begun: str = ""
    why: str = ""


def standing(events: Iterable[Kept]) -> Standing:
    """Return what the events of one attempt add up to."""
    now = Standing()
    seen: list[Event] = []
    for kept in events:
        seen.append(event_of.validate_python(kept.body))
        now = _after(now, seen[-1], kept.at)
    left = left_open(seen)
    return now if left is None else replace(now, calls=(*now.calls, left), left_open=left)


def _after(now: Standing, event: Event, at: float) -> Standing:
    now = replace(now, state=AnswerState.WRITING, started_at=now.started_at or at)
    match event:
        case Started():
            return replace(now, phase=event.phase)
        case Retrieved():
            found = {"passages": event.passages, "nearest": event.nearest, "threshold": event.threshold}
            return replace(now, **found, index_version=event.index_version)
        case Asking():
            return replace(now, asking=event.call)
        case Calling():
            return replace(now, calling=event.call, asking=None)
        case Called():
            return replace(now, calls=(*now.calls, event.call), calling=None, asking=None)
        case Delta():
            return replace(now, text=now.text + event.text, phase="write")
        case _:
            return _ended(now, event)


def _ended(now: Standing, event: Event) -> Standing:
    match event:
        case Finished():
            return replace(
                now,
                state=AnswerState.FINISHED,
                text=event.text,
                seconds=event.seconds,
                tokens=event.tokens,
                provenance=event.provenance,
            )
        case Failed():
            broke = {"begun": now.text, "text": event.text, "next_step": event.next_step}
            return replace(now, state=AnswerState.FAILED, **broke)
        case MissingPart():
            return lacking(event, now)
        case Stopped():
            return replace(now, state=AnswerState.STOPPED, text=event.text or now.text, why=event.why)
        case _:
            return now


def lacking(part: MissingPart, now: Standing | None = None) -> Standing:
    """Return how a column stands that lacks a part."""
    next_step = words.coming(part.seconds_left) if part.coming else ""
    missing = {"text": part.what, "where": part.where, "next_step": next_step}
    return replace(now or Standing(), state=AnswerState.MISSING, **missing)


def status(now: Standing, at: float) -> str:
    """Return the line under a column's name."""
    if now.state is AnswerState.WAITING:
        return words.WAITING
    if now.state is AnswerState.FINISHED:
        return words.finished(now.seconds, now.tokens)
    if now.state.final:
        return words.no_answer(now.state, broke_off=bool(now.begun or now.why))
    if now.asking is not None:
        return words.waits_for_yes(tool_title(now.asking.tool))
    if now.calling is not None:
        return words.asking(tool_title(now.calling.tool))
    return words.writing(now.phase, max(0.0, at - now.started_at))


def text(now: Standing, column: Column, place: str = "") -> str:
    """Return the answer as Markdown, each verified [n] linked to its source; or why there is none, and what to do.

    `place` is where the column stands on the page, its own id unless told.
    """
    if now.state is AnswerState.MISSING:
        made_there = words.SEE_HOW if now.next_step else words.link_words(now.where)
        return f"{markdown.plain(join(now.text, now.next_step))} [{made_there}]({now.where})"
    if now.state is AnswerState.FAILED:
        failed = markdown.plain(join(join(now.text, words.NOT_AFFECTED), now.next_step))
        return "\n\n".join(filter(None, [markdown.answer(now.begun), failed]))
    if now.left_open is not None:
        return markdown.plain(f"{tool_title(now.left_open.tool)}: {now.left_open.error}")
    known = min(len(now.passages), MOST_SOURCES)

    def link(match: re.Match[str]) -> str:
        number = int(match[1])
        return f"[[{number}]](#{source_id(place or column.id, number)})" if 1 <= number <= known else match[0]

    said = [_MARK.sub(link, markdown.answer(now.text)), *map(player, spoken(now.calls))]
    return "\n\n".join([*said, markdown.plain(join(now.why, ASK_AGAIN))] if now.why else said)


def spoken(calls: Sequence[ToolCall]) -> list[ToolCall]:
    """Return the calls that made a sound."""
    return [call for call in calls if call.tool == READ_ALOUD and call.error is None]


def player(call: ToolCall) -> str:
    """Return what plays the sound of a call; nothing of what was said stands in it."""
    source = f"/downloads/audio/{sound_name(call.arguments)}.wav"
    return f'<audio controls preload="none" title="{tool_title(call.tool)}" src="{source}"></audio>'


def source_id(place: str, number: int) -> str:
    """Return the id of the button that opens source `number` of the column at a place."""
    return f"cite-{place}-{number}"


def source_label(number: int, passage: Passage) -> str:
    """Return what stands on that button: number, document and page."""
    page = f", p. {passage.page}" if passage.page else ""
    return f"{number} {markdown.shortened(passage.document, 40)}{page}"


def call_label(call: ToolCall) -> str:
    """Return the head of a call's card."""
    if call.error is None:
        return f"✓ {tool_title(call.tool)}"
    kinds = ((NOT_RUN, "not run"), (UNKNOWN, "not known"))
    kind = next((short for said, short in kinds if said in call.error), "failed")
    return f"✕ {tool_title(call.tool)} ({kind})"


def call_body(call: ToolCall) -> str:
    """Return what was asked and what came back, word for word."""
    asked = json.dumps(call.arguments, ensure_ascii=False) if call.arguments else "nothing"
    back = call.error if call.error is not None else call.result or ""
    took = f" after {duration(call.seconds)}"
    return f"Asked\n\n{markdown.fence(asked)}\n\nCame back{took}\n\n{markdown.fence(back)}"


def more_calls(calls: Sequence[ToolCall]) -> str:
    """Return how many calls have no card of their own."""
    more = len(calls) - MOST_CALLS
    return f"and {count(more, 'more call')}, listed under Evidence" if more > 0 else ""


def badge(now: Standing, adapter_name: str = "") -> str:
    """Return what was really used, as the server reported it; empty until the answer is finished."""
    if now.state is not AnswerState.FINISHED:
        return ""
    used = [_model(now.provenance, adapter_name)]
    if now.index_version is not None:
        used.append(f"{count(len(now.passages), 'passage')} · index {now.index_version}")
    if now.provenance.get("wording") == "quote":
        used.append(words.QUOTE)
    if now.calls:
        used.append(count(len(now.calls), "call"))
    return markdown.code(" · ".join(used))


def _model(told: Json, adapter_name: str) -> str:
    if told.get("prompt") == "none":
        return words.NO_MODEL
    if told.get("adapter_sha256"):
        name = f"{markdown.shortened(adapter_name, 24)} · " if adapter_name else ""
        return name + short_hash(str(told["adapter_sha256"]))
    return short_hash(str(told["base_sha256"])) if told.get("base_sha256") else words.NOT_REPORTED
