"""What a question holds for a service: words that speak for it, and values that stand there for its parameters."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from jobs.tools.keys import MOST_FOUND, spans
from storage.records import Json

Kind = Literal["text", "number", "whole number"]
LONGEST_VALUE = 200
_LONGEST_QUESTION = 2_000
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]{1,200})[\"”“»]")
_NUMBER = re.compile(r"(?<![\w.,])-?[0-9]+(?:\.[0-9]+)?(?![\w]|[.,][0-9])")
_CODE = re.compile(r"(?<![\w-])(?=[\w-]*[0-9])[\w-]+(?![\w-])")
_AFTER = re.compile(r"\b(?:in|for|of|from|to|at|about|named|called|on)\s+(?:(?:the|a|an|my|our|your)\s+)?(?=\w)", re.I)
_NAMES = re.compile(r"(?<=[\w,;:]\s)[A-ZÀ-ÞА-Я][\w'’-]*(?:\s+[A-ZÀ-ÞА-Я][\w'’-]*)*")
_WORD = re.compile(r"[^\W\d_]{4,}")
_SPOKEN = re.compile(r"[^\W_]+")
_MOST_WORDS = 3
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """about after also and any are can could does did for from give have how into its many much please show tell
        than that the their them there these they this those was were what when where which who will with would you your
        look find right now today currently""",
    )
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a service needs: how it is called there, of which kind it is, and what it means.

    `choices`: the only texts that the service knows for it; any text where there are none.
    """

    name: str
    kind: Kind
    description: str
    choices: Sequence[str] = ()

    @property
    def schema(self) -> Json:
        """What may be filled in, before anything is known of a question."""
        if self.choices:
            return {"type": "string", "enum": [*self.choices], "description": self.description}
        if self.kind == "text":
            return {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE, "description": self.description}
        return {"type": "integer" if self.kind == "whole number" else "number", "description": self.description}

    def standing(self, question: str) -> Sequence[str | int | float]:
        """Return the values of this kind that stand in the question, the likeliest first."""
        question = question[:_LONGEST_QUESTION]
        if self.choices:
            words = f" {_spoken(question)} "
            found = [one for one in self.choices if f" {_spoken(one)} " in words]
            return sorted(found, key=len, reverse=True)
        if self.kind == "text":
            return list(dict.fromkeys(_texts(question)))[:MOST_FOUND]
        numbers = dict.fromkeys(_NUMBER.findall(question))
        if self.kind == "whole number":
            return [int(one) for one in numbers if "." not in one][:MOST_FOUND]
        return [float(one) if "." in one else int(one) for one in numbers][:MOST_FOUND]


def telling(texts: Iterable[str]) -> set[str]:
    """Return the words of texts that say what a service is about, in the form in which they are compared."""
    words = (word.casefold() for text in texts for word in _WORD.findall(text))
    return {word.removesuffix("s") for word in words if word not in _COMMON}


def _spoken(text: str) -> str:
    """Return the words as they are said: IN_TRANSIT stands in a question as in transit."""
    return " ".join(_SPOKEN.findall(text.casefold()))


def _texts(question: str) -> list[str]:
    quoted = [one.strip() for one in _QUOTED.findall(question) if one.strip()]
    if quoted:
        return quoted
    found = [*_NAMES.findall(question), *_CODE.findall(question)]
    begins = {match.end() for match in _AFTER.finditer(question)}
    found += [span.text for span in spans(question, _MOST_WORDS) if span.start in begins]
    return [one for one in (text.strip(" .,;:!?'’") for text in found) if one and len(one) <= LONGEST_VALUE]
