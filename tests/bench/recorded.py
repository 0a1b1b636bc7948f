"""Answers on the product's own path, with every call of a model that they made and when their first word came."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from jobs.answering.answer import Bench, answer
from jobs.answering.collect import collect
from jobs.answering.events import Delta, Event, is_final
from jobs.models.door import Chat, Chunk, Door, Message
from storage.records import Answer, Column
from storage.workspace import Workspace


@dataclass(frozen=True)
class Call:
    """One call of a model as the product made it, and how many tokens were written.

    `masked`: not an answer but a choice of a tool, or its arguments.
    """

    messages: Sequence[Message]
    model: str
    prefix: str
    tokens: int
    masked: bool


class Recorder:
    """A Door that notes the calls that go through it."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.calls: list[Call] = []

    def chat(self, chat: Chat) -> Iterator[Chunk]:
        """Yield the answer's chunks and note the call at their end."""
        last = Chunk()
        for last in self._door.chat(chat):
            yield last
        masked = chat.response_format is not None
        self.calls.append(Call(chat.messages, chat.model, chat.prefix, last.completion_tokens, masked))

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        """Pass texts on."""
        return self._door.embed(texts)

    def render(self, messages: Sequence[Message], max_length: int = 1024) -> list[tuple[str, str]]:
        """Pass a conversation on."""
        return self._door.render(messages, max_length)


@dataclass(frozen=True)
class Given:
    """A column's answer, the seconds until its first word and until its end, and the calls that it made."""

    answer: Answer
    first_s: float
    seconds: float
    calls: tuple[Call, ...]

    @property
    def written(self) -> tuple[Call, ...]:
        """The calls whose words are the answer; none where no model wrote it."""
        return tuple(call for call in self.calls if not call.masked)

    @property
    def tokens(self) -> int:
        """How many tokens of the answer a model wrote."""
        return sum(call.tokens for call in self.written)


def ask_one(question: str, column: Column, workspace: Workspace, door: Door) -> Given:
    """Put a question to one column and wait for its end."""
    recorder = Recorder(door)
    events: list[Event] = []
    begun, first_s = time.monotonic(), 0.0
    for event in answer(question, column, Bench(workspace, recorder)):
        events.append(event)
        if not first_s and (isinstance(event, Delta) or is_final(event)):
            first_s = time.monotonic() - begun
    return Given(collect(column, events), first_s, time.monotonic() - begun, tuple(recorder.calls))


def ask_together(asked: Sequence[tuple[str, Column]], workspace: Workspace, door: Door) -> tuple[float, list[Given]]:
    """Put questions to columns, all at the same moment; return the seconds until the last end, and the answers."""
    begun = time.monotonic()
    with ThreadPoolExecutor(len(asked)) as pool:
        given = list(pool.map(lambda one: ask_one(*one, workspace, door), asked))
    return time.monotonic() - begun, given
