"""Find the passages for a question: by words and by meaning, fused by rank, and only what is near enough."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jobs.models.door import Door
from jobs.retrieval.words import content_words, stems
from storage.collections import Collections, Index
from storage.errors import UserFault
from storage.records import Passage

# A score is the nearness in meaning (cosine), halved as far as the subject words of the question lack in the passage.
# Chosen on three collections: 98 % of the questions they answer reach it, and 1.3 % of the questions from elsewhere.
THRESHOLD = 0.3
# Once the text decides among the documents that a title names, once the title does.
_TITLE_WEIGHTS = (0.5, 3.0)
_RANK_CONSTANT = 60
_CANDIDATES = 30


@dataclass(frozen=True, slots=True)
class Found:
    """The passages whose score reaches the threshold, best first; `nearest` came closest where none does."""

    passages: tuple[Passage, ...]
    nearest: tuple[Passage, ...]
    threshold: float
    index_version: int


def search(collections: Collections, door: Door, collection_name: str, question: str, k: int = 3) -> Found:
    """Return the `k` best passages of a collection for a question, each with its score.

    Raises NotFound where there is no such collection, UserFault where another embedding model read it.
    """
    index = collections.index(collection_name)
    if not index.passage_ids:
        return Found((), (), THRESHOLD, index.version)
    cosines = _cosines(index, door, question, collection_name)
    asked = list(dict.fromkeys(content_words(question)))
    by_words = [collections.match(collection_name, asked, _CANDIDATES, weight) for weight in _TITLE_WEIGHTS]
    by_meaning = [index.passage_ids[row] for row in np.argsort(-cosines)[:_CANDIDATES]]
    meaning = dict(zip(index.passage_ids, cosines.tolist(), strict=True))
    best = _fused(*by_words, by_meaning)[:k]
    kept = collections.passages(best)
    scored = [
        replace(kept[found], score=round(_score(question, kept[found], meaning.get(found, 0.0)), 3))
        for found in best
        if found in kept
    ]
    near = tuple(passage for passage in scored if passage.score >= THRESHOLD)
    return Found(near, () if near else tuple(scored), THRESHOLD, index.version)


def _cosines(index: Index, door: Door, question: str, name: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    embedder, (vector,) = door.embed([question])
    if embedder != index.embedder:
        raise UserFault(
            f"The documents in {name!r} were read by another embedding model than the one that runs now.",
            "Read them again on the Documents page.",
        )
    return index.vectors @ np.asarray(vector, np.float32)


def _fused(*rankings: Sequence[str]) -> list[str]:
    """Reciprocal rank fusion: what stands high in several rankings stands highest."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, found in enumerate(ranking, start=1):
            scores[found] = scores.get(found, 0.0) + 1 / (_RANK_CONSTANT + rank)
    return sorted(scores, key=lambda found: -scores[found])


def _score(question: str, passage: Passage, cosine: float) -> float:
    wanted = stems(question)
    held = wanted & stems(f"{passage.title} {passage.text}")
    return max(cosine, 0.0) * (1 + len(held) / len(wanted)) / 2 if wanted else 0.0
