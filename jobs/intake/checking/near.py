"""Almost the same questions, and rows that are almost the same altogether."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence, Set
from functools import lru_cache

from jobs.intake.checking.alike import Change, are_alike, changes, is_mistyped
from jobs.intake.checking.findings import Tally
from jobs.intake.checking.sketches import candidates
from jobs.intake.checking.texts import digest, text_key
from storage.records import Example

MOST_COMPARED = 30_000  # some seconds; more would keep a person waiting at each choice
_TEXTS_KEPT = 20_000
# Where so many words take turns in one place ("Do you deliver to …?"), the texts share a form and no more.
_WORDS_IN_A_FORM = 6
_SHORTEST_NAME = 5
# A word is common that stands so often, and in every hundredth text.
_COMMON = 6
_TEXTS_A_COMMON_WORD = 100

_NUMBER = re.compile(r"\S*\d\S*")

Pair = tuple[int, int]


def check_near(examples: list[Example], tally: Tally) -> list[Example]:
    """Find rows whose question and answer almost stand above; return those that are used."""
    above: dict[int, int] = {}
    question = _remembered(lambda place: examples[place].question)
    answer = _remembered(lambda place: examples[place].answer)
    for first, second in near_questions(examples):
        if first in above or second in above or not are_alike(answer(first), answer(second)):
            continue
        if question(first) != question(second) or answer(first) != answer(second):  # else it counted as repeated
            above[second] = first
    return [
        example
        for place, example in enumerate(examples)
        if place not in above or tally.add("near", example, examples[above[place]].row)
    ]


def near_questions(examples: Sequence[Example]) -> list[Pair]:
    """Return the places of examples that ask almost the same, the earlier first, in order.

    All that a question depends on must be equal. Turns of conversations are passed over, for they depend on what was
    said. Among more than MOST_COMPARED rows none are looked for.
    """
    places = [place for place, example in enumerate(examples) if not example.conversation]
    if not 1 < len(places) <= MOST_COMPARED:
        return []
    keys = [text_key(examples[place].question) for place in places]
    # Rows with other numbers are never alike, so they need not meet.
    marks = [
        digest(examples[place].instruction, examples[place].context, *_NUMBER.findall(key))
        for place, key in zip(places, keys, strict=True)
    ]
    words = _remembered(keys.__getitem__)
    alike = [pair for pair in candidates(keys, marks) if are_alike(*map(words, pair))]
    return [(places[first], places[second]) for first, second in _without_forms(alike, keys)]


def _remembered(text: Callable[[int], str]) -> Callable[[int], list[str]]:
    """Return what gives the words of the text at a place, and remembers those that were asked for lately."""

    @lru_cache(_TEXTS_KEPT)
    def words(place: int) -> list[str]:
        return text_key(text(place)).split()

    return words


def _without_forms(pairs: list[Pair], keys: Sequence[str]) -> list[Pair]:
    """Return the pairs without those that ask about another thing in the same form."""
    if not pairs:
        return []
    seldom = _seldom(keys)
    turns: dict[int, set[str]] = defaultdict(set)
    kept: list[tuple[Pair, int]] = []
    for first, second in pairs:
        words: list[str] = keys[first].split()
        found = changes(words, keys[second].split())
        form = digest(*_blanked(words, found))
        turns[form].update(word for _, *both in found for word in both)
        if not any(_changes_subject(*change[1:], seldom) for change in found):
            kept.append(((first, second), form))
    return [pair for pair, form in kept if len(turns[form]) < _WORDS_IN_A_FORM]


def _blanked(words: Sequence[str], found: Sequence[Change]) -> list[str]:
    places = {place for place, *_ in found}
    return ["" if place in places else word for place, word in enumerate(words)]


def _changes_subject(word: str, instead: str, seldom: Set[str]) -> bool:
    """Tell whether two words name different things: both are seldom, not as short as "can" or "do", none mistyped."""
    longer = max(len(word), len(instead))
    return word in seldom and instead in seldom and longer >= _SHORTEST_NAME and not is_mistyped(word, instead)


def _seldom(keys: Sequence[str]) -> Set[str]:
    """Return the words that stand in few texts."""
    counts = Counter(word for key in keys for word in set(key.split()))
    enough = max(_COMMON, len(keys) // _TEXTS_A_COMMON_WORD)
    return {word for word, count in counts.items() if count < enough}
