"""Cut a written sum into terms: numbers, operators, names of functions; words such as "times" are operators, too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

FUNCTIONS = frozenset({"sqrt", "round", "abs", "min", "max", "sum", "mean", "floor", "ceil"})

_OPERATORS = {
    "plus": "+",
    "minus": "-",
    "−": "-",
    "–": "-",
    "times": "*",
    "multiplied by": "*",
    "×": "*",
    "·": "*",
    "x": "*",
    "divided by": "/",
    "÷": "/",
    "modulo": "mod",
    "mod": "mod",
    "to the power of": "**",
    "^": "**",
    "percent": "%",
    "per cent": "%",
    "of": "of",
    "off": "off",
    **{sign: sign for sign in ("**", "//", "+", "-", "*", "/", "%", "(", ")", ",")},
}
_SPACE = r"[\s$€£¥]*+"
_WORD = "|".join(
    rf"\b{re.escape(word)}\b".replace(r"\ ", r"\s+") for word in sorted(_OPERATORS, reverse=True) if word[0].isalpha()
)
_SIGN = "|".join(re.escape(sign) for sign in sorted(_OPERATORS, key=len, reverse=True) if not sign[0].isalpha())
# A letter may not follow a number, except the x of 3x4.
_DECIMALS = r"(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,2}(?![0-9]))?(?!(?!x[0-9])[a-z_])|(?<![0-9])\.[0-9]+"
_THOUSANDS = rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9]){_DECIMALS}"
_PLAIN = rf"[0-9]+{_DECIMALS}"


def _pattern(number: str) -> re.Pattern[str]:
    names = "|".join(sorted(FUNCTIONS))
    # "3x4": a letter between two digits has no word boundary of its own.
    tight = r"(?<=[0-9])x(?=[0-9])"
    return re.compile(
        rf"{_SPACE}(?:(?P<number>(?:{number}))|(?P<name>\b(?:{names})\b)|(?P<operator>{tight}|{_WORD}|{_SIGN}))", re.A
    )


_OUTSIDE, _INSIDE = _pattern(rf"{_THOUSANDS}|{_PLAIN}"), _pattern(_PLAIN)


@dataclass(frozen=True, slots=True)
class Term:
    """One term where it stands in the text; `text` is its usual sign: 1200, *, sqrt, %."""

    kind: Literal["number", "name", "operator"]
    text: str
    start: int
    end: int

    @property
    def amount(self) -> Fraction:
        """The number it says."""
        return Fraction(self.text)


def terms(text: str, start: int = 0) -> Iterator[Term]:
    """Yield the terms of `text` (in small letters) from `start` up to the first thing that is none.

    A comma groups the digits of a number, except between the arguments of a function.
    """
    depth = 0
    while match := (_INSIDE if depth else _OUTSIDE).match(text, start):
        kind = match.lastgroup
        said = match[kind] if kind else ""
        start = match.end()
        if kind == "number":
            yield Term("number", said.replace(",", ""), match.start(kind), start)
        elif kind == "name":
            depth = 1 if text[start:].lstrip().startswith("(") and not depth else depth
            yield Term("name", said, match.start(kind), start)
        elif kind == "operator":
            sign = _OPERATORS[" ".join(said.split())]
            depth += (sign == "(") - (sign == ")") if depth else 0
            yield Term("operator", sign, match.start(kind), start)
