"""Let a model write an answer: as it comes, or sentence by sentence where each must rest on what was found."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field

from jobs.answering.events import Delta
from jobs.answering.grounding import rests_on
from jobs.models.door import Chat, Chunk, Door
from jobs.retrieval.words import sentence_spans


@dataclass(slots=True)
class Draft:
    """What a model wrote so far, with the closing chunk's figures; `stopped` where a person ended it.

    `opening` stands before it and is not the model's: the results of tools, word for word.
    """

    opening: str = ""
    text: str = ""
    stopped: bool = False
    closing: Chunk = field(default_factory=Chunk)

    @property
    def whole(self) -> str:
        """The answer as a person reads it."""
        return f"{self.opening}\n\n{self.text}".strip()

    @property
    def cut_off(self) -> bool:
        """Whether the model was still speaking when its tokens were used up."""
        return self.closing.finish_reason == "length"


def write(door: Door, chat: Chat, draft: Draft, stopped: Callable[[], bool]) -> Iterator[Delta]:
    """Add the model's words to the draft as they come, and yield them."""
    for piece in _pieces(door, chat, draft, stopped):
        draft.text += piece
        yield Delta(text=piece)


def write_checked(
    door: Door, chat: Chat, draft: Draft, stopped: Callable[[], bool], sources: Sequence[str]
) -> Iterator[Delta]:
    """Add and yield the model's sentences that rest on `sources`; none is said twice.

    A greeting before the first of them is left out. After it, the first that rests on nothing is the end: what follows
    may speak of it. The model is heard to its end, for only its last chunk tells what it was: keep `max_tokens` small.
    """
    begun = over = False
    for sentence in _sentences(_pieces(door, chat, draft, stopped)):
        rests = rests_on(sentence, sources)
        over = over or (begun and not rests)
        begun = begun or rests
        if rests and not over and sentence.strip().rstrip(".!") not in draft.whole:
            piece = sentence if draft.text else sentence.lstrip()
            draft.text += piece
            yield Delta(text=piece)


def _sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Yield whole sentences, each with the white space before it; the last one as it is."""
    waiting = ""
    for piece in pieces:
        waiting += piece
        # Only when the next sentence has begun is the one before it sure to be whole.
        done = 0
        for _, end in sentence_spans(waiting)[:-1]:
            yield waiting[done:end]
            done = end
        waiting = waiting[done:]
    if waiting.strip():
        yield waiting


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
