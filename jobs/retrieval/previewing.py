"""How documents would be cut into passages, before anything is changed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from jobs.retrieval.cutting import CutDocument
from jobs.retrieval.rereading import cut_held
from jobs.retrieval.words import estimate_tokens
from storage.errors import NotFound
from storage.records import Passage
from storage.switching import held
from storage.workspace import Workspace

# What is cut for a look: the beginning of a document, so that nobody waits.
MOST_CHARACTERS = 40_000
MOST_COUNTED = 400_000
_MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage to be: its title, how many tokens it has at most, what it repeats of the one before, and the rest."""

    title: str
    tokens: int
    repeated: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """How a document would be cut: into `count` passages, of which the first are `pieces`.

    `whole` is false where only its first MOST_CHARACTERS were cut; `by_rows` where a row stays a passage in any case.
    """

    document: str
    count: int
    pieces: tuple[Piece, ...]
    whole: bool
    by_rows: bool


def preview(workspace: Workspace, collection: str, document: str, cutting: str) -> Preview:
    """Cut the document of this name for a look; raise NotFound where it is gone."""
    found = held(workspace.database, collection, [document]).documents
    if not found:
        raise NotFound(f"{document!r} is not here any more.", "Choose another document.")
    (cut,) = cut_held(workspace, collection, found, cutting, MOST_CHARACTERS)
    whole = cut.by_rows or len(found[0].text) <= MOST_CHARACTERS
    return Preview(document, len(cut.spans), tuple(islice(_pieces(cut), _MOST_SHOWN)), whole, cut.by_rows)


def passages_if_cut(
    workspace: Workspace, collection: str, cutting: str, names: Collection[str]
) -> list[Passage] | None:
    """Return the passages of the documents of these names as they would be, without ids.

    None where the documents have more than MOST_COUNTED characters, so that a page would have to wait.
    """
    chosen = held(workspace.database, collection, names).documents
    if sum(len(one.text) for one in chosen) > MOST_COUNTED:
        return None
    cut = cut_held(workspace, collection, chosen, cutting)
    return [
        Passage("", one.id, one.name, span.start, span.end, one.text[span.start : span.end], title)
        for one, made in zip(chosen, cut, strict=True)
        for span, title in zip(made.spans, made.titles(), strict=True)
    ]


def _pieces(cut: CutDocument) -> Iterator[Piece]:
    end = 0
    for span, title in zip(cut.spans, cut.titles(), strict=True):
        text = cut.text.text
        repeated = text[span.start : max(span.start, min(end, span.end))]
        rest = text[span.start + len(repeated) : span.end]
        yield Piece(title, estimate_tokens(text[span.start : span.end]), repeated.strip(), rest.strip())
        end = span.end
