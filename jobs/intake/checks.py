"""Check the examples of a file before and after they are split: what is found, and the rows once it is remedied."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from jobs.intake.checking.findings import CHECKS, LONGEST_CELL, MOST_ROWS_NAMED, Action, Finding, Tally
from jobs.intake.checking.labels import check_labels
from jobs.intake.checking.languages import check_languages
from jobs.intake.checking.leaks import check_leaks
from jobs.intake.checking.lengths import Bin, Lengths, Measure, check_lengths
from jobs.intake.checking.masking import check_private
from jobs.intake.checking.near import MOST_COMPARED, check_near
from jobs.intake.checking.repeats import check_repeats
from jobs.intake.checking.steering import holds_signs
from jobs.intake.checking.usable import why_unusable
from storage.records import Dropped, Example

__all__ = [
    "CHECKS",
    "LONGEST_CELL",
    "MOST_COMPARED",
    "MOST_ROWS_NAMED",
    "Action",
    "Bin",
    "Examined",
    "Finding",
    "Lengths",
    "Measure",
    "after_split",
    "examine",
    "sift",
    "tidied",
]

EMPTY = CHECKS["empty"].title
NO_QUESTION = CHECKS["no-question"].title
NO_ANSWER = CHECKS["no-answer"].title
TOO_LONG = CHECKS["cell-too-long"].title
REPEATED = CHECKS["repeated"].title
CONTRADICTING = CHECKS["contradicting"].title
ODD = CHECKS["odd"].title

_UNREADABLE = "\ufffd"
_NO_REMEDIES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Examined:
    """The examples once remedied, what was found in them, and their lengths where they were measured."""

    examples: list[Example]
    findings: tuple[Finding, ...] = ()
    lengths: Lengths | None = None

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What was left out."""
        return tuple(found.dropped() for found in self.findings if found.chosen == "leave out")

    @property
    def remarked(self) -> tuple[Dropped, ...]:
        """What was found in rows that are used all the same."""
        return tuple(found.dropped() for found in self.findings if found.chosen != "leave out")


def tidied(text: str) -> str:
    """Return the text as it is learned: composed letters, one kind of line end, no space around it."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()


def examine(
    examples: Iterable[Example],
    remedies: Mapping[str, str] = _NO_REMEDIES,
    measure: Measure | None = None,
    languages: Collection[str] | None = None,
) -> Examined:
    """Check examples that are split already, as `sift` and `after_split` do."""
    sifted = sift(examples, remedies, measure, languages)
    split = after_split(sifted.examples, remedies)
    return Examined(split.examples, (*sifted.findings, *split.findings), sifted.lengths)


def sift(
    rows: Iterable[Example],
    remedies: Mapping[str, str] = _NO_REMEDIES,
    measure: Measure | None = None,
    languages: Collection[str] | None = None,
) -> Examined:
    """Check rows (of tidied texts) that are to be split, and remedy what is found, in a fixed order.

    `remedies` says for checks what is done, where it is not the usual; "use" undoes a remedy. `measure` counts tokens;
    `languages` are those that the base model knows. Raises UserFault where there is no such remedy.
    """
    tally = Tally(remedies)
    # Masked first: rows that differ by nothing but a masked number are repeated.
    examples = list(_row_by_row(rows, tally))
    examples = check_near(check_repeats(examples, tally), tally)
    if languages is not None:
        examples = check_languages(examples, tally, languages)
    # What was said before is a part of what is measured.
    examples, lengths = tally.unbroken(examples), None
    if measure is not None:
        examples, lengths = check_lengths(examples, tally, measure)
        examples = tally.unbroken(examples)
    check_labels(examples, tally)
    return Examined(examples, tally.findings(), lengths)


def after_split(examples: Iterable[Example], remedies: Mapping[str, str] = _NO_REMEDIES) -> Examined:
    """Check examples that are split: whether the exam asks what is learned. Raises UserFault as `sift` does."""
    tally = Tally(remedies)
    kept = check_leaks(list(examples), tally)
    return Examined(kept, tally.findings())


def _row_by_row(rows: Iterable[Example], tally: Tally) -> Iterator[Example]:
    """Yield the rows that are used as far as each tells by itself."""
    for row in rows:
        unusable = why_unusable(row)
        if unusable:
            tally.add(unusable, row)
            continue
        example = check_private(row, tally)
        used = example is not None
        if _UNREADABLE in row.question or _UNREADABLE in row.answer:
            used = tally.add("odd", row) and used
        if holds_signs(row):
            used = tally.add("control", row) and used
        if example is not None and used:
            yield example
