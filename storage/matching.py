"""Lexical search over passages: SQLite's FTS5, or PostgreSQL's own full text search."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate

from sqlalchemy import Connection, TextClause, text

_LETTERS = re.compile(r"\w+")
_MATCH_SQLITE = text(
    "SELECT passage_id FROM passages_fts WHERE passages_fts MATCH :words AND collection_id = :collection_id "
    "ORDER BY bm25(passages_fts, 1.0, :title_weight), rowid LIMIT :most"
)
_COUNT_SQLITE = text("SELECT count(*) FROM passages_fts WHERE passages_fts MATCH :word")
# Where more passages than this hold a word, only the promising ones are weighed, which takes most of the time.
_MOST_WEIGHED = 10_000
# A word that so few passages hold makes them promising alone; of the others a passage has to hold one of the rarer half
# and a second one.
_MOST_ALONE = 2_000
# So many times as many are taken from all collections together, before those of other collections are left out.
_SPARE = 8
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


def remove_all(connection: Connection, collection_id: str) -> None:
    """Forget the words of all passages of a collection: one look through the words, however many documents it has."""
    if connection.dialect.name == "sqlite":
        connection.execute(
            text("DELETE FROM passages_fts WHERE collection_id = :collection_id"), {"collection_id": collection_id}
        )


def rankings(
    connection: Connection, collection_id: str, words: Sequence[str], most: int, title_weights: Sequence[float]
) -> list[list[str]]:
    """Return, for each weight of the title, the ids of the passages with any of the words, best first.

    Every word is quoted, none is an operator. A word in the title counts that many times as much as one in the text.
    """
    # Nothing but letters and digits is left of a word, so quotes can hold it.
    plain = [kept for word in words if (kept := " ".join(_LETTERS.findall(word)))]
    if not plain:
        return [[] for _ in title_weights]
    if connection.dialect.name != "sqlite":
        query = " | ".join(f"'{word}'" for word in plain)
        asked = {"words": query, "collection_id": collection_id, "most": most}
        return [_ids(connection, _MATCH_POSTGRESQL, {**asked, "title_weight": weight}) for weight in title_weights]
    quoted = [f'"{word}"' for word in plain]
    asked = {"words": " OR ".join(quoted), "collection_id": collection_id, "most": most}
    promising = _promising(connection, quoted) if most * _SPARE < _MOST_ALONE else ""
    if promising:
        found, _ = _in_one_pass(connection, {**asked, "promising": promising}, title_weights)
        if all(len(ids) >= most for ids in found):
            return [ids[:most] for ids in found]
    found, whole = _in_one_pass(connection, asked, title_weights)
    return [
        ids[:most] if whole or len(ids) >= most else _ids(connection, _MATCH_SQLITE, {**asked, "title_weight": weight})
        for ids, weight in zip(found, title_weights, strict=True)
    ]


def _ids(connection: Connection, query: TextClause, asked: Mapping[str, object]) -> list[str]:
    return list(connection.execute(query, asked).scalars())


def _promising(connection: Connection, quoted: Sequence[str]) -> str:
    """Return what the best passages match where many hold any of the words: a rare word, or two. Empty for few.

    Not proven to leave no passage out that would be among the best, for one that holds a common word often may be. Of
    60 questions among 100,000 passages the first 30 were the same for each, in two thirds of the time.
    """
    held = {word: int(connection.execute(_COUNT_SQLITE, {"word": word}).scalar_one()) for word in quoted}
    if sum(held.values()) <= _MOST_WEIGHED:
        return ""
    rising = sorted(held, key=lambda word: held[word])
    alone = [word for word, up_to in zip(rising, accumulate(held[word] for word in rising), strict=True)
             if up_to <= _MOST_ALONE]  # fmt: skip
    others = rising[len(alone) :]
    rarer = others[: max(1, len(others) // 2)] if len(others) > 1 else []
    pairs = [f"({word} AND ({' OR '.join(others[after:])}))" for after, word in enumerate(rarer, 1)]
    return " OR ".join([*alone, *pairs])


def _in_one_pass(
    connection: Connection, asked: Mapping[str, object], title_weights: Sequence[float]
) -> tuple[list[list[str]], bool]:
    """Return the best of each ranking, and whether these are all that there are: the words are looked up only once.

    What a passage belongs to is read of the best alone; to read it of each that holds a word takes most of the time.
    """
    room = int(str(asked["most"])) * _SPARE
    query = _one_pass(len(title_weights), promising="promising" in asked)
    weights = {f"weight{leg}": weight for leg, weight in enumerate(title_weights)}
    rows = connection.execute(query, {**asked, **weights, "room": room}).all()
    found: list[list[str]] = [[] for _ in title_weights]
    for row in rows:
        if row.collection_id == asked["collection_id"]:
            found[row.leg].append(row.passage_id)
    return found, len(rows) < room * len(title_weights)


@cache
def _one_pass(legs: int, promising: bool) -> TextClause:
    # The plus keeps SQLite from looking up every promising passage by itself, which takes longer.
    among = "AND +rowid IN (SELECT rowid FROM passages_fts WHERE passages_fts MATCH :promising)" if promising else ""
    scores = ", ".join(f"bm25(passages_fts, 1.0, :weight{leg}) AS score{leg}" for leg in range(legs))
    best = " UNION ALL ".join(
        f"SELECT * FROM (SELECT {leg} AS leg, id, score{leg} AS score FROM scored ORDER BY score{leg}, id LIMIT :room)"
        for leg in range(legs)
    )
    return text(
        f"WITH scored AS MATERIALIZED (SELECT rowid AS id, {scores} FROM passages_fts "
        f"WHERE passages_fts MATCH :words {among}), best AS ({best}) "
        "SELECT best.leg, p.passage_id, p.collection_id FROM best JOIN passages_fts AS p ON p.rowid = best.id "
        "ORDER BY best.leg, best.score, best.id"
    )
