"""Decide whether an answer is right, by the facts of the expected one; each decision names its yardstick and reason."""

import re
from dataclasses import dataclass
from typing import Literal

from jobs.metrics.abstaining import abstained
from jobs.metrics.scores import exact_match, normalise
from jobs.metrics.style import Check
from jobs.metrics.wordings import Token, holds, tokens

Yardstick = Literal["declines", "facts", "exact", "words", "style"]

SHORT_WORDS = 5
SHARED_WORDS = 0.6

_YES_NO = {"yes": "no", "no": "yes", "ja": "nein", "nein": "ja", "sí": "no", "oui": "non", "non": "oui"}
_CONTENT = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a test question expects. `needed` facts replace those found in `answer`; `wrong` phrases spoil an answer."""

    question: str
    answer: str
    accepted: tuple[str, ...] = ()
    kind: str = ""
    needed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    style: tuple[Check, ...] = ()

    @property
    def answers(self) -> tuple[str, ...]:
        """The expected answer and every other one that counts as well."""
        return (self.answer, *self.accepted) if self.answer else self.accepted


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether an answer is right, by which yardstick, and why not."""

    right: bool
    yardstick: Yardstick
    reason: str = ""


def judge(given: str, expected: Expected) -> Judged:
    """Return whether `given` is right.

    Unanswerable questions (kind `unknown`): right is saying so. Else no wrong phrase, the style where a checklist is
    given, and the facts: those marked as needed, or the numbers, dates and names of the expected answer that the
    question does not hold already. An answer without facts: a short one must match exactly, of a long one three fifths
    of the words must be there.
    """
    if expected.kind == "unknown":
        return Judged(abstained(given), "declines", "" if abstained(given) else "it does not say that nobody knows")
    spoiled = next((phrase for phrase in expected.wrong if holds(given, phrase)), None)
    if spoiled is not None:
        return Judged(False, "facts", f"it says “{spoiled}”, which is wrong")
    failed = next((check for check in expected.style if not check.passes(given)), None)
    if failed is not None:
        return Judged(False, "style", f"style: {failed.demand} {failed.value}")
    if expected.style and expected.kind == "style":
        return Judged(True, "style")
    return _by_facts(given, expected)


def facts_of(expected: Expected) -> list[str]:
    """Return the facts that a right answer holds: those marked, else those found in the expected answer."""
    return list(expected.needed) or [token.text for token in _found(expected)]


def _by_facts(given: str, expected: Expected) -> Judged:
    if exact_match(given, expected.answers):
        return Judged(True, "exact")
    if expected.needed:
        missing = [phrase for phrase in expected.needed if not holds(given, phrase)]
        return Judged(not missing, "facts", _lacks(missing))
    if _opposite(given, expected.answer):
        return Judged(False, "facts", "it says the opposite")
    facts = _found(expected)
    if facts:
        said = tokens(given)
        missing = [fact.text for fact in facts if not any(fact.same(token) for token in said)]
        return Judged(not missing, "facts", _lacks(missing))
    return _by_words(given, expected)


def _by_words(given: str, expected: Expected) -> Judged:
    if len(normalise(expected.answer).split()) <= SHORT_WORDS:
        return Judged(False, "exact", "it is not the expected answer")
    share = max(_shared(given, answer) for answer in expected.answers)
    right = share >= SHARED_WORDS and not abstained(given)
    return Judged(right, "words", "" if right else f"it holds {share:.0%} of the expected words")


def _found(expected: Expected) -> list[Token]:
    asked = tokens(expected.question)
    facts: list[Token] = []
    for token in tokens(expected.answer):
        known = any(token.same(other) for other in (*asked, *facts))
        if token.fact and not known:
            facts.append(token)
    return facts


def _opposite(given: str, expected: str) -> bool:
    said = _first_word(given)
    return said != "" and _YES_NO.get(_first_word(expected)) == said


def _first_word(text: str) -> str:
    found = re.match(r"\W*(\w+)", text.casefold())
    return found[1] if found else ""


def _shared(given: str, expected: str) -> float:
    wanted = set(_CONTENT.findall(expected.casefold()))
    return len(wanted & set(_CONTENT.findall(given.casefold()))) / len(wanted) if wanted else 0.0


def _lacks(missing: list[str]) -> str:
    return f"it lacks {', '.join(f'“{fact}”' for fact in missing)}" if missing else ""
