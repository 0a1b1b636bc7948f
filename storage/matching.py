"""Lexical search over passages: SQLite's FTS5, or PostgreSQL's own full text search."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

_LETTERS = re.compile(r"\w+")
_MATCH_SQLITE = text(
    "SELECT passage_id FROM passages_fts WHERE passages_fts MATCH :words AND collection_id = :collection_id "
    "ORDER BY bm25(passages_fts, 1.0, :title_weight) LIMIT :most"
)
_VECTOR = "setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', text), 'D')"
_MATCH_POSTGRESQL = text(
    "SELECT id FROM passages, to_tsquery('english', :words) AS wanted "
    f"WHERE collection_id = :collection_id AND ({_VECTOR}) @@ wanted "
    f"ORDER BY ts_rank(array[0.1, 0, 0, 0.1 * :title_weight]::real[], {_VECTOR}, wanted, 1) DESC, id LIMIT :most"
)


def add(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Make new passages findable by their words."""
    if connection.dialect.name == "sqlite":
        connection.execute(
            text(
                "INSERT INTO passages_fts (text, title, passage_id, collection_id) "
                "VALUES (:text, :title, :id, :collection_id)"
            ),
            [{name: row[name] for name in ("text", "title", "id", "collection_id")} for row in rows],
        )


def remove(connection: Connection, document_id: str) -> None:
    """Forget the words of a document's passages; call it before the passages go."""
    if connection.dialect.name == "sqlite":
        connection.execute(
            text(
                "DELETE FROM passages_fts WHERE passage_id IN "
                "(SELECT id FROM passages WHERE document_id = :document_id)"
            ),
            {"document_id": document_id},
        )


def match(
    connection: Connection, collection_id: str, words: Sequence[str], most: int, title_weight: float
) -> list[str]:
    """Return the ids of the passages with any of the words, best first; every word is quoted, none is an operator.

    A word in the title counts `title_weight` times as much as one in the text.
    """
    # Nothing but letters and digits is left of a word, so quotes can hold it.
    plain = [kept for word in words if (kept := " ".join(_LETTERS.findall(word)))]
    if not plain:
        return []
    sqlite = connection.dialect.name == "sqlite"
    query = " OR ".join(f'"{word}"' for word in plain) if sqlite else " | ".join(f"'{word}'" for word in plain)
    found = connection.execute(
        _MATCH_SQLITE if sqlite else _MATCH_POSTGRESQL,
        {"words": query, "collection_id": collection_id, "most": most, "title_weight": title_weight},
    )
    return list(found.scalars())
