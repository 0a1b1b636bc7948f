"""Vectors that are kept already, so that a passage which did not change is not embedded again."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import or_, select

from storage.database import Database
from storage.tables import collections, documents, passages

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
_AT_ONCE = 200


def kept_vectors(
    database: Database, collection: str, embedder: str, names: Sequence[str], hashes: Sequence[str]
) -> dict[tuple[str, str], Vector]:
    """Return this embedder's vectors of the documents with these names or hashes, by title and text of the passage."""
    found: dict[tuple[str, str], Vector] = {}
    with database.reading() as connection:
        for start in range(0, max(len(names), len(hashes)), _AT_ONCE):
            end = start + _AT_ONCE
            of_these = or_(documents.c.name.in_(names[start:end]), documents.c.sha256.in_(hashes[start:end]))
            chosen = (
                select(passages.c.title, passages.c.text, passages.c.vector)
                .join(documents, documents.c.id == passages.c.document_id)
                .join(collections, collections.c.id == passages.c.collection_id)
                .where(collections.c.name == collection, passages.c.embedder == embedder, of_these)
            )
            for row in connection.execute(chosen):
                found[row.title, row.text] = np.frombuffer(row.vector, dtype="<f4")
    return found
