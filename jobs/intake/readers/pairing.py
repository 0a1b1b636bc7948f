"""Pair what a person said with the answer to it; calls of tools become what the answer rests on."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.intake.readers.messages import Message


@dataclass(slots=True)
class Pair:
    """A question and its answer; `context` is what tools were asked and gave before the answer was written."""

    question: str
    answer: str
    instruction: str
    context: str


@dataclass(slots=True)
class Counts:
    """What a row has no place for, and how many calls were read as context."""

    calls: int = 0
    greetings: int = 0
    unanswered: int = 0
    unknown: int = 0
    no_conversation: int = 0

    def notes(self) -> list[str]:
        """Say in sentences what was counted."""
        said = (
            (self.calls, "calls of tools were read as what the answer rests on."),
            (self.greetings, "messages of the model came before any question and were left out."),
            (self.unanswered, "messages got no answer and were left out."),
            (self.unknown, "messages were left out, as it is not known who speaks in them."),
            (self.no_conversation, "entries are no conversations and were left out."),
        )
        return [f"{count:,} {what}" for count, what in said if count]


def pairs_of(messages: Sequence[Message], counts: Counts) -> list[Pair]:
    """Return the pairs of one conversation in its order, and add to `counts` what is in none of them.

    Several messages of one speaker in a row are one text.
    """
    reading = _Reading(counts)
    for message in messages:
        reading.add(message)
    counts.unanswered += bool(reading.asked)
    return reading.pairs


class _Reading:
    """What was said since the last answer."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._instruction: list[str] = []
        self._context: list[str] = []
        self.asked: list[str] = []
        self.pairs: list[Pair] = []

    def add(self, message: Message) -> None:
        match message.speaker:
            case "system":
                self._instruction.append(message.text)
            case "person":
                self.asked.append(message.text)
            case "model":
                self._answer(message.text)
            case "call":
                self._counts.calls += 1
                self._context.append(message.text)
            case "result":
                self._context.append(message.text)
            case _:
                self._counts.unknown += 1
        self._counts.calls += len(message.calls)
        self._context += message.calls

    def _answer(self, text: str) -> None:
        if not text:
            return
        if self.asked:
            context = "\n".join(self._context)
            self.pairs.append(Pair("\n".join(self.asked), text, "\n".join(self._instruction), context))
        elif self.pairs:
            last = self.pairs[-1]
            last.answer += f"\n{text}"
            last.context = "\n".join(filter(None, [last.context, *self._context]))
        else:
            self._counts.greetings += 1
        self.asked, self._context = [], []
