"""Which passages a search may find, where it is to look in some of the documents only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from storage.database import Database
from storage.tables import collections, documents, passages


@dataclass(frozen=True, slots=True)
class Only:
    """Where to look: documents of one of these names, and of these endings (".pdf"), below a heading with these words.

    What is empty leaves everything in.
    """

    names: Sequence[str] = ()
    endings: Sequence[str] = ()
    heading: str = ""

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.names or self.endings or self.heading)


def passages_within(database: Database, collection: str, only: Only) -> frozenset[str]:
    """Return the ids of the passages of a collection that `only` leaves in; none where the collection is not there."""
    wanted = (
        select(passages.c.id)
        .join(documents, documents.c.id == passages.c.document_id)
        .join(collections, collections.c.id == passages.c.collection_id)
        .where(collections.c.name == collection)
    )
    if only.names:
        wanted = wanted.where(documents.c.name.in_(only.names))
    if only.endings:
        name = func.lower(documents.c.name)
        wanted = wanted.where(or_(*(name.endswith(ending.lower(), autoescape=True) for ending in only.endings)))
    if only.heading:
        # SQLite knows the small letters of ASCII alone: others are found as they are written.
        small = func.lower(passages.c.title).contains(only.heading.lower(), autoescape=True)
        wanted = wanted.where(or_(small, passages.c.title.contains(only.heading, autoescape=True)))
    with database.reading() as connection:
        return frozenset(connection.execute(wanted).scalars())
