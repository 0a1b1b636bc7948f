"""Made-up facts by which live data and changed facts are measured: numbers that no model and no document can know."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from jobs.metrics.wordings import holds

Says = Literal["new", "old", "neither"]

# Asked of every way: right is to say that this cannot be known.
UNANSWERABLE = (
    "What did the night guard of the warehouse in Ostwick dream of last Tuesday?",
    "Which song will the captain of the ferry Marlene hum on her last day at work?",
    "What does the archivist of Tolmen keep in the left pocket of her oldest coat?",
)
_PLACES = (
    ("ostwick.md", "Warehouse in Ostwick", "The warehouse in Ostwick has {} shelves.", "How many shelves has the "
     "warehouse in Ostwick?"),
    ("marlene.md", "Ferry Marlene", "The ferry Marlene carries {} crates.", "How many crates does the ferry Marlene "
     "carry?"),
    ("tolmen.md", "Archive of Tolmen", "The archive of Tolmen keeps {} maps.", "How many maps does the archive of "
     "Tolmen keep?"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is asked, with its value before and after the change. `name` is its file, or its table's key."""

    name: str
    question: str
    old: str
    new: str
    title: str = ""
    sentence: str = "{}"

    def text(self, value: str) -> str:
        """Return the document that says so."""
        return f"# {self.title}\n\n{self.sentence.format(value)}\n"


def documented(seed: str) -> list[Fact]:
    """Return facts that stand in a small document each; another `seed` gives other numbers."""
    numbers = _numbers(seed, 2 * len(_PLACES))
    return [
        Fact(name, question, numbers.pop(), numbers.pop(), title, sentence)
        for name, title, sentence, question in _PLACES
    ]


def looked_up(seed: str, count: int = 3) -> list[Fact]:
    """Return facts that are the rows of a table: lockers with their codes."""
    numbers = _numbers(seed, 3 * count)
    keys = [f"L-{numbers.pop()}" for _ in range(count)]
    return [Fact(key, f"What is the code of locker {key}?", numbers.pop(), numbers.pop()) for key in keys]


def says(answer: str, fact: Fact) -> Says:
    """Return which value an answer gives; one that gives both gives neither."""
    new, old = holds(answer, fact.new), holds(answer, fact.old)
    if new == old:
        return "neither"
    return "new" if new else "old"


def counted(answers: Sequence[str], facts: Sequence[Fact]) -> dict[Says, int]:
    """Return how many answers, in the order of the facts, give the new value, the old one, and neither."""
    said = [says(answer, fact) for answer, fact in zip(answers, facts, strict=True)]
    return {"new": said.count("new"), "old": said.count("old"), "neither": said.count("neither")}


def _numbers(seed: str, count: int) -> list[str]:
    """Return different numbers of four digits that cannot be taken for years."""
    return [str(number) for number in Random(seed).sample(range(3000, 9900), count)]
