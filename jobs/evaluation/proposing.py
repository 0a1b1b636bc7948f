"""What a test question checks in an answer: proposed from the wanted one for a person to tick, and their choice."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from jobs.metrics.facts import Expected, facts_of
from jobs.metrics.wordings import Token, holds, tokens
from storage.errors import UserFault

Sort = Literal["number", "amount", "date", "time", "name", "phrase"]

_SORTS: dict[str, Sort] = {"#": "number", "@": "date", ":": "time"}
# What follows a number without being what it counts or measures.
_NO_UNITS = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "und"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A phrase that an answer may be asked to hold; `ticked` is whether it is asked as things stand."""

    phrase: str
    sort: Sort
    ticked: bool


def proposals(expected: Expected) -> list[Proposal]:
    """Return what the answer is asked to hold, ticked, and what else its wanted text offers.

    Nothing where no facts decide: where nobody can know, or a checklist of style does. Else these are the facts that
    were marked, or else those found by `facts_of`; each number with the word or the sign that follows, for an answer
    may be right in the number and wrong in what it counts; and a yes or no at the beginning.
    """
    if not by_facts(expected):
        return []
    asked = facts_of(expected)
    found = facts_of(replace(expected, needed=()))
    beside = [*_with_units(expected.answer, [*asked, *found]), *_yes_or_no(expected.answer)]
    offered = list(dict.fromkeys([*asked, *found, *beside]))
    return [Proposal(phrase, _sort(phrase, phrase in found), phrase in asked) for phrase in offered]


def by_facts(expected: Expected) -> bool:
    """Whether facts decide at all: not where nobody can know, nor where a checklist of style does."""
    return expected.kind != "unknown" and not (expected.kind == "style" and expected.style)


def _sort(phrase: str, found: bool) -> Sort:
    told = tokens(phrase)
    sorts: list[Sort] = [sort for mark, sort in _SORTS.items() if any(_has(token, mark) for token in told)]
    if sorts == ["number"] and len(told) > 1:
        return "amount"
    if sorts and len(told) == 1:
        return sorts[0]
    return "name" if found else "phrase"


def _has(token: Token, mark: str) -> bool:
    return any(form.startswith(mark) for form in token.forms)


def _yes_or_no(answer: str) -> list[str]:
    first = re.match(r"\W*(yes|no)\b", answer, re.IGNORECASE)
    return [first[1]] if first else []


def _with_units(answer: str, facts: Sequence[str]) -> list[str]:
    told = tokens(answer)
    counted = [(number.text, unit.text) for number, unit in pairwise(told) if _counted(number, unit, facts)]
    written = [_written(answer, number, unit) for number, unit in counted]
    return [phrase for phrase in written if phrase]


def _counted(number: Token, unit: Token, facts: Sequence[str]) -> bool:
    """Whether the number is one of the facts, and the next word or sign may be what it counts."""
    return number.text in facts and _has(number, "#") and not unit.fact and unit.text.casefold() not in _NO_UNITS


def _written(answer: str, number: str, unit: str) -> str:
    ways = (f"{number} {unit}", f"{number}{unit}", f"{number}-{unit}", f"{unit}{number}", f"{unit} {number}")
    return next((way for way in ways if way in answer), "")


def check_choice(expected: Expected) -> None:
    """Raise UserFault where what is needed and what is wrong can't be meant so for this wanted answer.

    Without anything needed the facts found would be demanded after all; and what the wanted answer itself lacks, or
    says though it is wrong, would make it wrong.
    """
    if not by_facts(expected):
        if expected.needed:
            raise UserFault("Of this question no facts are checked.", "Leave the phrases out, or change its kind.")
        return
    if not expected.needed and facts_of(expected):
        raise UserFault("Nothing is ticked, so nothing would be checked.", "Tick at least one fact, or add a phrase.")
    lacking = next((phrase for phrase in expected.needed if expected.answer and not holds(expected.answer, phrase)), "")
    if lacking:
        raise UserFault(f"The wanted answer itself does not hold “{lacking}”.", "Change the answer or the phrase.")
    spoiling = next((phrase for phrase in expected.wrong if holds(expected.answer, phrase)), "")
    if spoiling:
        raise UserFault(f"The wanted answer itself says “{spoiling}”.", "Change the answer or the phrase.")
