"""Sift the rows: which can be learned from, which are left out, and which are kept but worth a look."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from jobs.intake.splits import question_key
from storage.records import Dropped, Example

LONGEST_CELL = 65_536

EMPTY = "empty row"
NO_QUESTION = "no question"
NO_ANSWER = "no answer"
TOO_LONG = f"too long: a text has more than {LONGEST_CELL:,} characters"
REPEATED = "repeated: the same question and answer stand above"
CONTRADICTING = "contradicting: the same question has another answer above"
ODD = "odd characters: a letter could not be read (�)"

_SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True)
class Sifted:
    """What the checks found; the rows counted in `remarked` are used all the same."""

    examples: list[Example]
    dropped: tuple[Dropped, ...]
    remarked: tuple[Dropped, ...]


def tidied(text: str) -> str:
    """Return the text as it is learned: composed letters, one kind of line end, no space around it."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()


def sift(rows: Iterable[Example]) -> Sifted:
    """Keep the rows (of tidied texts) that can be learned from; count the others by reason, in the file's order."""
    examples: list[Example] = []
    dropped = _Counted()
    remarked = _Counted()
    answers: dict[int, set[int]] = {}
    for example in rows:
        reason = _unusable(example)
        if not reason:
            # Hashes instead of texts: 200,000 long rows would otherwise be held twice.
            asked = hash((question_key(example.question), example.instruction, example.context))
            answer = hash(" ".join(example.answer.split()))
            before = answers.setdefault(asked, set())
            reason = REPEATED if answer in before else ""
            remarked.add(CONTRADICTING if before and not reason else "", example.row)
            before.add(answer)
        if reason:
            dropped.add(reason, example.row)
        else:
            remarked.add(ODD if "\ufffd" in example.question + example.answer else "", example.row)
            examples.append(example)
    return Sifted(examples, dropped.result(), remarked.result())


class _Counted:
    """Rows by reason, with the first few row numbers of each."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._rows: dict[str, list[int]] = {}

    def add(self, reason: str, row: int) -> None:
        if not reason:
            return
        self._counts[reason] = self._counts.get(reason, 0) + 1
        rows = self._rows.setdefault(reason, [])
        if len(rows) < _SHOWN_ROWS:
            rows.append(row)

    def result(self) -> tuple[Dropped, ...]:
        return tuple(Dropped(reason, count, tuple(self._rows[reason])) for reason, count in self._counts.items())


def _unusable(example: Example) -> str:
    texts = (example.question, example.answer, example.instruction, example.context)
    if not any(texts):
        return EMPTY
    if not example.question:
        return NO_QUESTION
    if not example.answer:
        return NO_ANSWER
    return TOO_LONG if max(map(len, texts)) > LONGEST_CELL else ""
