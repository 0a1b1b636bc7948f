"""The words that mean something in a question to a database: its tables and columns, and what is done with them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from storage.outside.shape import Shape

Phrase = tuple[str, ...]
MeaningKind = Literal["table", "columns", "measure", "year", "does", "sign", "nothing"]


class Meaning(NamedTuple):
    """What some words mean: names of tables, columns or a measure, or what is done, as in `_DOES`."""

    kind: MeaningKind
    names: tuple[str, ...]


_DOES: dict[str, str] = {
    "count": "how many|number of|the number|count",
    "different": "different|distinct|unique",
    "sum": "total|sum|overall|altogether|sum of",
    "average": "average|mean|on average",
    "most": "most|highest|largest|biggest|greatest|top|maximum",
    "least": "least|fewest|lowest|smallest|minimum",
    "highest first": "highest first|largest first|most first|descending|descending order",
    "lowest first": "lowest first|smallest first|ascending order|alphabetical order|alphabetically|alphabetical",
    "no": "no|without|never|not|lack|lacking",
    "per": "per|for each|for every|each|by|every",
}
_SIGNS: dict[str, str] = {
    "above": "above|over|more than|greater than|higher than|larger than",
    "below": "below|under|less than|fewer than|lower than|smaller than",
    "at least": "at least",
    "at most": "at most|up to",
}
_NOTHING = re.findall(
    r"\S+",
    """a all an and any are at be been being bring brought came can catalog catalogue contain contained contains
    could currently database did do does dollar earn earned euro exist field find for from get gets give given
    had has have having how i in is it its kept list listed listing make many me much my of on or our out please
    record recorded see shop show store stored system table tell than that the their them there these they this
    those to was we were what when where which who whose with would you your""",
)


def singular(word: str) -> str:
    """Return a word in small letters as if it named one thing: countries and country are the same."""
    plain = word.casefold().removesuffix("'s").removesuffix("’s")
    if len(plain) > 4 and plain.endswith("ies"):
        return f"{plain[:-3]}y"
    if len(plain) > 4 and plain.endswith(("sses", "xes", "ches", "shes")):
        return plain[:-2]
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is")) else plain


def phrase(name: str) -> Phrase:
    """Return the words of a name: BillingCountry, billing_country and "Billing country" are the same two."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(singular(word) for word in re.findall(r"[^\W_]+", spaced))


@dataclass(frozen=True)
class Vocabulary:
    """All phrases of one database. `own` are the person's words: what they stand for, by words."""

    shape: Shape
    own: Mapping[str, str]

    @cached_property
    def meanings(self) -> dict[Phrase, list[Meaning]]:
        """Every phrase with its meanings, the ones to prefer first."""
        found: dict[Phrase, list[Meaning]] = {}
        for words, meaning in (*self._owned(), *self._columns(), *self._tables(), *_general()):
            if words:
                found.setdefault(words, []).append(meaning)
        return found

    @cached_property
    def longest(self) -> int:
        """How many words the longest phrase has."""
        return max(map(len, self.meanings))

    def _owned(self) -> Iterator[tuple[Phrase, Meaning]]:
        for words, meant in self.own.items():
            if self.shape.measure(meant) is not None:
                yield phrase(words), Meaning("measure", (meant,))
            elif meant in self.shape.tables:
                yield phrase(words), Meaning("table", (meant,))
            else:
                yield phrase(words), Meaning("columns", (meant,))

    def _tables(self) -> Iterator[tuple[Phrase, Meaning]]:
        for name in self.shape.tables:
            yield phrase(name), Meaning("table", (name,))

    def _columns(self) -> Iterator[tuple[Phrase, Meaning]]:
        """A column is called by all words of its name, after its table's, or by the last word where it is no key."""
        called: dict[Phrase, dict[str, None]] = {}
        linked = {(link.table, link.column) for link in self.shape.links}
        for column in self.shape.columns:
            if (column.table, column.name) in linked:
                continue  # a person speaks of what it leads to
            words, key = phrase(column.name), column.name in self.shape.keys.get(column.table, ())
            for way in (words, (*phrase(column.table), *words), *([] if key else [words[-1:]])):
                called.setdefault(way, {})[column.label] = None
        for words, labels in called.items():
            yield words, Meaning("columns", tuple(labels))


def _general() -> Iterator[tuple[Phrase, Meaning]]:
    for does, said in _DOES.items():
        yield from ((phrase(words), Meaning("does", (does,))) for words in said.split("|"))
    for sign, said in _SIGNS.items():
        yield from ((phrase(words), Meaning("sign", (sign,))) for words in said.split("|"))
    yield ("year",), Meaning("year", ())
    yield from (((singular(word),), Meaning("nothing", ())) for word in _NOTHING)
