"""Documents, their passages and the search index over them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import numpy as np
from sqlalchemy import Connection, Row, Select, delete, desc, func, insert, select, update

from storage import matching
from storage.database import Database
from storage.errors import NotFound, UserFault
from storage.records import Collection, Document, Passage
from storage.tables import collections, documents, passages
from storage.vectors import Vector

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A run of a document's text with the vector by which it is found again."""

    start: int
    end: int
    vector: Sequence[float] | Vector
    title: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document that was read and embedded. `pages` says where each page starts in the text, empty without pages.

    `cutting` names how its passages were cut, which means nothing where each is a row of a table (`by_rows`).
    """

    name: str
    sha256: str
    text: str
    passages: tuple[NewPassage, ...]
    embedder: str
    pages: tuple[int, ...] = ()
    cutting: str = "usual"
    by_rows: bool = False


class CutOtherwise(UserFault):
    """The passages of a document are cut otherwise than those of its collection, which was switched meanwhile."""

    next_step = "Do it once more."


@dataclass(frozen=True, slots=True)
class Index:
    """All vectors of a collection, one row a passage, as they were at `version`; `row_of` has the row of each id."""

    version: int
    embedder: str
    passage_ids: tuple[str, ...]
    vectors: Matrix
    row_of: Mapping[str, int]
    threshold: float | None = None


class Collections:
    """Keeps documents as text with passages and vectors; every change raises the collection's `index_version`."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._indexes: dict[str, Index] = {}

    def ensure(self, name: str) -> Collection:
        """Return the collection of that name, made where it lacks."""
        with self._database.writing() as connection:
            row = connection.execute(_named(name)).one_or_none()
            if row is not None:
                return _collection(row)
            made = Collection(str(uuid4()), name, 0, "", self._clock())
            connection.execute(insert(collections).values(id=made.id, name=name, created_at=made.created_at))
        return made

    def get(self, name: str) -> Collection:
        """Return one collection; raise NotFound."""
        with self._database.reading() as connection:
            row = connection.execute(_named(name)).one_or_none()
        if row is None:
            raise NotFound(f"There are no documents called {name!r}.", "Add documents on the Documents page first.")
        return _collection(row)

    def put_document(self, collection_id: str, new: NewDocument, replaces: str | None = None) -> Document:
        """Keep a document with its passages, in place of the one with the same name, all in one transaction.

        Raises UserFault where the collection's vectors come from another embedder: two never mix; CutOtherwise where
        its passages are cut otherwise. Raises NotFound where it is to replace the document with the id `replaces`, and
        another one has that name now.
        """
        made = Document(
            id=str(uuid4()),
            collection_id=collection_id,
            name=new.name,
            sha256=new.sha256,
            characters=len(new.text),
            pages=len(new.pages),
            passages=len(new.passages),
            created_at=self._clock(),
        )
        with self._database.writing() as connection:
            self._raise_version(connection, collection_id, new)
            older = connection.execute(
                select(documents.c.id).where(documents.c.collection_id == collection_id, documents.c.name == new.name)
            ).scalar_one_or_none()
            if replaces not in {None, older}:
                raise NotFound("This document was changed in the meantime.", "Open it again and repeat your change.")
            if older is not None:
                _delete_document(connection, older)
            connection.execute(
                insert(documents).values(
                    id=made.id,
                    collection_id=collection_id,
                    name=new.name,
                    sha256=new.sha256,
                    text=new.text,
                    pages=list(new.pages),
                    created_at=made.created_at,
                    by_rows=int(new.by_rows),
                )
            )
            add_passages(connection, collection_id, made.id, new)
        return made

    def remove_document(self, document_id: str) -> None:
        """Forget a document with its passages; raise NotFound."""
        with self._database.writing() as connection:
            collection_id = connection.execute(
                select(documents.c.collection_id).where(documents.c.id == document_id)
            ).scalar_one_or_none()
            if collection_id is None:
                raise NotFound("This document is not here any more.")
            self._raise_version(connection, collection_id)
            _delete_document(connection, document_id)

    def documents(self, name: str) -> Sequence[Document]:
        """Return the documents of a collection by name; raise NotFound."""
        collection = self.get(name)
        counted = (
            select(
                documents.c.id,
                documents.c.collection_id,
                documents.c.name,
                documents.c.sha256,
                func.length(documents.c.text).label("characters"),
                documents.c.pages,
                func.count(passages.c.id).label("passages"),
                documents.c.created_at,
            )
            .outerjoin(passages, passages.c.document_id == documents.c.id)
            .where(documents.c.collection_id == collection.id)
            .group_by(documents.c.id)
            .order_by(documents.c.name)
        )
        with self._database.reading() as connection:
            rows = connection.execute(counted).all()
        return [Document(**{**row._mapping, "pages": len(row.pages)}) for row in rows]

    def document_text(self, document_id: str) -> str:
        """Return a document's whole text, in which passages are spans; raise NotFound."""
        with self._database.reading() as connection:
            found = connection.execute(
                select(documents.c.text).where(documents.c.id == document_id)
            ).scalar_one_or_none()
        if found is None:
            raise NotFound("This document is not here any more.", "Ask again, so that the newest documents are read.")
        return found

    def passages(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages that are still there, by id."""
        chosen = _with_document().where(passages.c.id.in_(passage_ids))
        with self._database.reading() as connection:
            return {row.id: Passage(**row._mapping) for row in connection.execute(chosen)}

    def passages_of(self, name: str) -> Sequence[Passage]:
        """Return every passage of a collection, document by document."""
        chosen = _with_document().where(passages.c.collection_id == self.get(name).id)
        with self._database.reading() as connection:
            rows = connection.execute(chosen.order_by(documents.c.name, passages.c.start)).all()
        return [Passage(**row._mapping) for row in rows]

    def index(self, name: str) -> Index:
        """Return all vectors of a collection; kept in memory until its index_version rises. Raises NotFound."""
        collection = self.get(name)
        held = self._indexes.get(collection.id)
        if held is not None and held.version == collection.index_version:
            return held
        with self._database.reading() as connection:
            current = connection.execute(_named(name)).one()
            rows = connection.execute(
                select(passages.c.id, passages.c.vector).where(passages.c.collection_id == current.id)
            ).all()
        matrix = np.frombuffer(b"".join(row.vector for row in rows), dtype="<f4")
        index = Index(
            current.index_version,
            current.embedder,
            tuple(row.id for row in rows),
            matrix.reshape(len(rows), -1) if rows else np.zeros((0, 0), np.float32),
            {row.id: number for number, row in enumerate(rows)},
            current.threshold,
        )
        self._indexes[collection.id] = index
        return index

    def match(self, name: str, words: Sequence[str], limit: int = 30, title_weight: float = 1.0) -> Sequence[str]:
        """Return the ids of the passages that hold any of the words, in text or title, best first; raise NotFound."""
        return self.rankings(name, words, limit, (title_weight,))[0]

    def rankings(self, name: str, words: Sequence[str], limit: int, title_weights: Sequence[float]) -> list[list[str]]:
        """Return what `match` does, for each weight of the title; raise NotFound."""
        collection = self.get(name)
        with self._database.reading() as connection:
            return matching.rankings(connection, collection.id, words, limit, title_weights)

    def list(self) -> list[Collection]:
        """Return all collections, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(collections).order_by(desc(collections.c.created_at))).all()
        return [_collection(row) for row in rows]

    def _raise_version(self, connection: Connection, collection_id: str, new: NewDocument | None = None) -> None:
        chosen = select(collections).where(collections.c.id == collection_id).with_for_update()
        row = connection.execute(chosen).one()
        if new is not None and row.embedder not in {"", new.embedder}:
            raise UserFault(
                f"The documents in {row.name!r} were read by another embedding model.",
                "Read them all again, so that one model knows all of them.",
            )
        if new is not None and not new.by_rows and row.cutting != new.cutting:
            raise CutOtherwise(f"The documents in {row.name!r} were cut otherwise in the meantime.")
        connection.execute(
            update(collections)
            .where(collections.c.id == collection_id)
            .values(index_version=row.index_version + 1, embedder=new.embedder if new else row.embedder)
        )


def _named(name: str) -> Select[*tuple[Any, ...]]:
    return select(collections).where(collections.c.name == name)


def _with_document() -> Select[*tuple[Any, ...]]:
    return select(
        passages.c.id,
        passages.c.document_id,
        documents.c.name.label("document"),
        passages.c.start,
        passages.c.end,
        passages.c.text,
        passages.c.title,
        passages.c.page,
    ).join(documents, documents.c.id == passages.c.document_id)


def _delete_document(connection: Connection, document_id: str) -> None:
    matching.remove(connection, document_id)
    connection.execute(delete(passages).where(passages.c.document_id == document_id))
    connection.execute(delete(documents).where(documents.c.id == document_id))


def add_passages(connection: Connection, collection_id: str, document_id: str, new: NewDocument) -> None:
    """Keep the passages of a document and make their words findable."""
    rows = [
        {
            "id": str(uuid4()),
            "collection_id": collection_id,
            "document_id": document_id,
            "start": passage.start,
            "end": passage.end,
            "title": passage.title,
            "page": passage.page,
            "text": new.text[passage.start : passage.end],
            "embedder": new.embedder,
            "vector": np.asarray(passage.vector, dtype="<f4").tobytes(),
        }
        for passage in new.passages
    ]
    if rows:
        connection.execute(insert(passages), rows)
        matching.add(connection, rows)


def _collection(row: Row[tuple[object, ...]]) -> Collection:
    values = dict(row._mapping)
    values.pop("user_id")
    return Collection(**values)
