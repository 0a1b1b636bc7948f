"""Let a model write an answer: as it comes, or sentence by sentence where no number may be new."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field

from jobs.answering.events import Delta
from jobs.answering.grounding import adds_numbers
from jobs.models.door import Chat, Chunk, Door
from jobs.retrieval.words import sentence_spans


@dataclass(slots=True)
class Draft:
    """What a model wrote so far, with the closing chunk's figures; `stopped` where a person ended it."""

    text: str = ""
    stopped: bool = False
    closing: Chunk = field(default_factory=Chunk)


def write(door: Door, chat: Chat, draft: Draft, stopped: Callable[[], bool]) -> Iterator[Delta]:
    """Add the model's words to the draft as they come, and yield them."""
    for piece in _pieces(door, chat, draft, stopped):
        draft.text += piece
        yield Delta(text=piece)


def write_checked(
    door: Door, chat: Chat, draft: Draft, stopped: Callable[[], bool], sources: Sequence[str]
) -> Iterator[Delta]:
    """Add and yield whole sentences, and end before the first one with a number that none of `sources` holds."""
    waiting = ""
    for piece in _pieces(door, chat, draft, stopped):
        waiting += piece
        # Only when the next sentence has begun is the one before it sure to be whole.
        *_, last = sentence_spans(waiting) or [(0, 0)]
        if last[0] == 0:
            continue
        whole, waiting = waiting[: last[0]], waiting[last[0] :]
        if adds_numbers(whole, sources):
            return
        draft.text += whole
        yield Delta(text=whole)
    if waiting.strip() and draft.closing.finish_reason != "length" and not adds_numbers(waiting, sources):
        draft.text += waiting
        yield Delta(text=waiting)


def _pieces(door: Door, chat: Chat, draft: Draft, stopped: Callable[[], bool]) -> Iterator[str]:
    chunks = door.chat(chat)
    try:
        for chunk in chunks:
            if stopped():
                draft.stopped = True
                return
            if chunk.finish_reason:
                draft.closing = chunk
            if chunk.text:
                yield chunk.text
    finally:
        # Closing is what stops the model when nobody reads on.
        if isinstance(chunks, Generator):
            chunks.close()
