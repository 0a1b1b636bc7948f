"""What the words of a question mention, one after the other; a question with a word that says nothing here has none."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from jobs.tools.database.vocabulary import Meaning, MeaningKind, Phrase, Vocabulary, singular
from jobs.tools.keys import Span, spans

MOST_WORDS = 40
_VALUE_WORDS = 6
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# "first and last names" are first names and last names.
_IN = frozenset({"in", "during", "year"})
# How exactly a number is written changes nothing of what is asked.
_DECIMALS = re.compile(r",?\s*\b(?:to|with) \w+ decimals?(?: places)?\b", re.I)
_SHARED = re.compile(r"\b(\w+) and (\w+) (names?|titles?)\b", re.I)

MentionKind = Literal[MeaningKind, "value", "number"]


class Mention(NamedTuple):
    """One thing that is mentioned. `names`: of tables, columns or a measure, what is done, or the columns of a value.

    `said` is a value or number as it stands in the question; a number after a word such as "in" has the name `in`.
    """

    kind: MentionKind
    names: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True)
class Value:
    """Words of the question that stand in columns of the database, as they are kept there."""

    span: Span
    kept: str
    labels: tuple[str, ...]


Known = Callable[[Sequence[str]], dict[str, list[tuple[str, str]]]]


def mentions(question: str, vocabulary: Vocabulary, known: Known) -> list[Mention] | None:
    """Return everything that is mentioned, None where a word is not explained or there are too many.

    `known` looks up which of some texts, in small letters, are values: their labels, and how they are kept.
    """
    asked = _DECIMALS.sub("", _SHARED.sub(r"\1 \3 and \2 \3", question))
    words = list(_WORD.finditer(asked))
    if not words or len(words) > MOST_WORDS or not _speaks_of_it(words, vocabulary):
        return None
    values = {value.span.start: value for value in _values(asked, vocabulary, known)}
    found, at = list[Mention](), 0
    while at < len(words):
        value = values.get(words[at].start())
        if value is not None:
            found.append(Mention("value", value.labels, value.kept))
            at += sum(value.span.start <= word.start() < value.span.end for word in words)
            continue
        read = _read(words, at, vocabulary)
        if read is None:
            return None
        found += read[0]
        at += read[1]
    return found


def _speaks_of_it(words: Sequence[re.Match[str]], vocabulary: Vocabulary) -> bool:
    """Whether any words name something of the database: without them nothing is looked up in it."""
    reach = range(1, vocabulary.longest + 1)
    read = (_phrase(words[at : at + length]) for at in range(len(words)) for length in reach)
    meant = (one.kind for phrase in read for one in vocabulary.meanings.get(phrase, ()))
    named = any(kind in {"table", "columns", "measure"} for kind in meant)
    return named or any(_superlative(word.group().casefold(), vocabulary) for word in words)


def _read(words: Sequence[re.Match[str]], at: int, vocabulary: Vocabulary) -> tuple[list[Mention], int] | None:
    """Return what the longest phrase that begins here mentions, and how many words it has."""
    for length in range(min(vocabulary.longest, len(words) - at), 0, -1):
        meant = vocabulary.meanings.get(_phrase(words[at : at + length]))
        if meant:
            chosen = _chosen(meant, words[at + length :], vocabulary)
            return ([] if chosen.kind == "nothing" else [Mention(chosen.kind, chosen.names)]), length
    text = words[at].group()
    if _NUMBER.fullmatch(text):
        before = words[at - 1].group().casefold() if at else ""
        return [Mention("number", ("in",) if before in _IN else (), text.replace(",", ""))], 1
    if text.casefold() in _COUNTS:
        return [Mention("number", said=str(_COUNTS.index(text.casefold()) + 1))], 1
    superlative = _superlative(text.casefold(), vocabulary)
    return None if superlative is None else (superlative, 1)


def _phrase(words: Sequence[re.Match[str]]) -> Phrase:
    return tuple(singular(word.group()) for word in words)


def _chosen(meant: Sequence[Meaning], rest: Sequence[re.Match[str]], vocabulary: Vocabulary) -> Meaning:
    """A column called Total is meant by "a total above 20"; before an amount, as in "total revenue", it is a sum."""
    does = next((one for one in meant if one.kind == "does"), None)
    if does is None or meant[0] is does:
        return meant[0]
    after = vocabulary.meanings.get(_phrase(rest[:1]), []) if rest else []
    return does if any(one.kind in {"measure", "columns"} for one in after) else meant[0]


def _superlative(word: str, vocabulary: Vocabulary) -> list[Mention] | None:
    """Longest is the most of what a person calls long."""
    if not word.endswith("est"):
        return None
    for stem in (word[:-3], word[:-2], f"{word[:-4]}y"):
        for meaning in vocabulary.meanings.get((stem,), ()):
            if meaning.kind in {"columns", "measure"}:
                return [Mention("does", ("most",)), Mention(meaning.kind, meaning.names)]
    return None


def _values(question: str, vocabulary: Vocabulary, known: Known) -> list[Value]:
    """Return the words that are values, the longest first, none inside another; single words of ours are none."""
    read = [span for span in spans(question, _VALUE_WORDS) if _may_be_value(span, vocabulary)]
    looked_up = known(list({span.text.lower() for span in read})) if read else {}
    taken = list[Value]()
    for span in sorted(read, key=lambda span: span.start - span.end):
        where = looked_up.get(span.text.lower())
        if where and not any(span.start < one.span.end and one.span.start < span.end for one in taken):
            taken.append(Value(span, where[0][1], tuple(label for label, _ in where)))
    return taken


def _may_be_value(span: Span, vocabulary: Vocabulary) -> bool:
    words = list(_WORD.finditer(span.text))
    meant = [vocabulary.meanings.get((singular(word.group()),)) for word in words]
    return bool(words) and not all(meant) and not _NUMBER.fullmatch(span.text)
