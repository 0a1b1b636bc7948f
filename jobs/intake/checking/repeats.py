"""Rows that say what a row above says, and rows that answer the same question otherwise."""

from collections.abc import Iterable
from itertools import islice

from jobs.intake.checking.alike import are_alike
from jobs.intake.checking.findings import Tally
from jobs.intake.checking.texts import digest, spacing_evened, text_key
from storage.records import Example

# One question may stand in every row, with another answer in each.
_MOST_COMPARED = 5


def check_repeats(examples: list[Example], tally: Tally) -> list[Example]:
    """Find repeated and contradicting rows; return those that are used.

    A turn of a conversation repeats only together with its whole conversation: greetings are alike everywhere.
    """
    repeats = _Repeats(_conversations(examples))
    used = [example for example in examples if repeats.is_used(example, tally)]
    if repeats.found:
        tally.explain("repeated", repeats.detail())
    return used


class _Repeats:
    """What was asked and answered so far."""

    def __init__(self, conversations: dict[str, int]) -> None:
        self.found = 0
        self._exact = 0
        self._conversations = conversations
        self._exact_seen: set[int] = set()
        self._answers: dict[int, dict[int, Example]] = {}

    def is_used(self, example: Example, tally: Tally) -> bool:
        """Note a row and tell whether it is used."""
        asked, answer = asked_digest(example, self._conversations), digest(text_key(example.answer))
        before = self._answers.setdefault(asked, {})
        exact = digest(str(asked), spacing_evened(example.question), spacing_evened(example.answer))
        if answer in before:
            self.found += 1
            self._exact += exact in self._exact_seen
            self._exact_seen.add(exact)
            return tally.add("repeated", example, before[answer].row)
        self._exact_seen.add(exact)
        other = next(iter(before.values()), None)
        used = True
        if other is not None and not example.conversation and not _answers_alike(example, before.values()):
            used = tally.add("contradicting", example, other.row)
        if used:
            before[answer] = example
        return used

    def detail(self) -> str:
        """Say how many are the very same."""
        if self._exact == self.found:
            return "All of them are exactly the same."
        return (
            f"{self._exact:,} exactly the same, {self.found - self._exact:,} but for capitals, punctuation or spacing."
        )


def asked_digest(example: Example, conversations: dict[str, int] | None = None) -> int:
    """Return what stands for a question with everything it depends on: instruction, text and conversation."""
    whole = (conversations or {}).get(example.conversation, 0) if example.conversation else 0
    return digest(str(whole), str(example.turn), text_key(example.question), example.instruction, example.context)


def _answers_alike(example: Example, others: Iterable[Example]) -> bool:
    words = text_key(example.answer).split()
    return any(are_alike(words, text_key(other.answer).split()) for other in islice(others, _MOST_COMPARED))


def _conversations(examples: list[Example]) -> dict[str, int]:
    """Return what stands for all that is said in each conversation."""
    said: dict[str, int] = {}
    for example in examples:
        if example.conversation:
            before = said.get(example.conversation, 0)
            turn = (str(before), str(example.turn), text_key(example.question), text_key(example.answer))
            said[example.conversation] = digest(*turn, example.instruction, example.context)
    return said
