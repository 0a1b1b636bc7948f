"""In which order passages are asked: one of each document in turn, and within a document far from each other."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, zip_longest

from storage.records import Passage

Place = tuple[str, int, int]  # document, start and end


def place_of(passage: Passage) -> Place:
    """Return where a passage stands, which stays the same when its document is read again."""
    return passage.document, passage.start, passage.end


def spread(passages: Iterable[Passage], drafted: Mapping[Place, int]) -> list[Passage]:
    """Return the passages in the order in which they are asked; those with the fewest drafts already come first."""
    by_document: dict[str, list[Passage]] = {}
    for passage in passages:
        by_document.setdefault(passage.document, []).append(passage)
    turns = zip_longest(*(_apart(found) for found in by_document.values()))
    in_turn = (passage for passage in chain.from_iterable(turns) if passage is not None)
    return sorted(in_turn, key=lambda passage: drafted.get(place_of(passage), 0))


def _apart(passages: Sequence[Passage]) -> list[Passage]:
    """Halve, and halve the halves: whenever it stops, what was taken lies evenly over the document."""
    digits = len(passages).bit_length()
    order = sorted(range(len(passages)), key=lambda number: f"{number:0{digits}b}"[::-1])
    return [passages[number] for number in order]
