"""Which column of a comparison stands at which place of Compare, and how it is called there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from jobs.answering.picking import of_model
from storage.records import Column, Comparison
from studio.views import markdown
from studio.wording import blind as words
from studio.wording.ways import WAYS, WORDINGS, way_words

# The usual columns have a place of their own; the further ones are there for sets of more than five.
FURTHER = ("sixth", "seventh", "eighth")
PLACES = (*WAYS, *FURTHER)
SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Named:
    """How a column is called: in a list, at its head, and in the one line below; `look` decides its colour."""

    title: str
    heading: str
    meaning: str
    look: str

    @property
    def head(self) -> str:
        """The head of the column, as Markdown."""
        return f"## {markdown.plain(self.heading)}\n\n{markdown.plain(self.meaning)}"


def placed(columns: Sequence[Column], *, blind: bool = False) -> list[Column | None]:
    """Return what stands at each place: the usual columns at their own, any others one after the other."""
    ids = [column.id for column in columns]
    if not blind and ids == [place for place in PLACES if place in ids]:
        by_id = {column.id: column for column in columns}
        return [by_id.get(place) for place in PLACES]
    return [*columns, *[None] * (len(PLACES) - len(columns))][: len(PLACES)]


def named(column: Column, names: Mapping[str, str]) -> Named:
    """Return how a column is called; `names` are those of models and of what they learned, by id."""
    words_of = way_words(column.way)
    if column.id == column.way:
        return Named(words_of.title, words_of.heading, words_of.meaning, column.way)
    own = own_name(column, names)
    return Named(f"{words_of.title}: {own}", f"{words_of.heading}: {own}", words_of.meaning, column.way)


def own_name(column: Column, names: Mapping[str, str]) -> str:
    """Return what sets a column apart from others of its way."""
    if column.id == of_model(column.way, column.model):
        return names.get(column.model, column.model)
    trained = names.get(column.adapter_id or "")
    return WORDINGS.get(column.id) or trained or column.collection or column.id


def called(comparison: Comparison, names: Mapping[str, str], *, sealed: bool) -> dict[str, Named]:
    """Return how each column of a comparison is called, by id; by its letter alone where it is `sealed`."""
    by_id: dict[str, Named] = {}
    for letter, column in zip(ascii_uppercase, comparison.columns, strict=False):
        known = named(column, names)
        if sealed:
            title = words.answer(letter)
            known = Named(title, title, words.MEANING, SEALED)
        elif comparison.blind:
            title, heading = words.revealed(letter, known.title), words.revealed(letter, known.heading)
            known = Named(title, heading, known.meaning, known.look)
        by_id[column.id] = known
    return by_id
