"""All documents of a collection read anew, beside what is searched meanwhile, and then exchanged at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from storage import matching
from storage.collections import NewDocument, add_passages
from storage.database import Database
from storage.errors import NotFound
from storage.tables import collections, documents, passages


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document as it is kept, with its text; `by_rows`: each of its passages is a row of a table."""

    id: str
    name: str
    sha256: str
    text: str
    pages: tuple[int, ...]
    by_rows: bool


@dataclass(frozen=True, slots=True)
class Held:
    """The documents of a collection as they were at `version`, when `embedder` had read them, cut as `cutting` says."""

    collection_id: str
    version: int
    embedder: str
    cutting: str
    threshold: float | None
    documents: Sequence[HeldDocument]


def held(database: Database, name: str, only: Collection[str] | None = None) -> Held:
    """Return all documents of a collection, or those of some names, as they are at one moment; raise NotFound."""
    with database.reading() as connection:
        row = connection.execute(select(collections).where(collections.c.name == name)).one_or_none()
        if row is None:
            raise NotFound(f"There are no documents called {name!r} any more.")
        kept = select(documents).where(documents.c.collection_id == row.id).order_by(documents.c.name)
        if only is not None:
            kept = kept.where(documents.c.name.in_(only))
        found = [
            HeldDocument(one.id, one.name, one.sha256, one.text, tuple(one.pages), bool(one.by_rows))
            for one in connection.execute(kept)
        ]
    return Held(row.id, row.index_version, row.embedder, row.cutting, row.threshold, found)


def switch(database: Database, before: Held, cutting: str, read: Mapping[str, NewDocument]) -> bool:
    """Exchange the passages of all documents, by id, in one transaction; False where the collection changed since.

    `read` holds every document of `before`, all read by one embedder. The threshold that was set for the passages
    before does not fit these: the usual one counts again.
    """
    embedder = next((one.embedder for one in read.values()), "")
    switched = (
        update(collections)
        .where(collections.c.id == before.collection_id, collections.c.index_version == before.version)
        .values(index_version=before.version + 1, embedder=embedder, cutting=cutting, threshold=None)
    )
    with database.writing() as connection:
        if not connection.execute(switched).rowcount:
            return False
        matching.remove_all(connection, before.collection_id)
        connection.execute(delete(passages).where(passages.c.collection_id == before.collection_id))
        for document in before.documents:
            add_passages(connection, before.collection_id, document.id, read[document.id])
    return True
