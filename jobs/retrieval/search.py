"""Find the passages for a question: by words and by meaning, fused by rank, and only what is near enough."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np

from jobs.models.door import Door
from jobs.retrieval.words import content_words, sentence_spans, stems
from storage.collections import Collections, Index
from storage.errors import UserFault
from storage.records import Passage

# A score is the mean of two: the nearness in meaning (cosine), and how many of the question's subject words the passage
# holds, once in all and once in its best sentence. What it has to reach was chosen on four collections (decision 24).
THRESHOLD = 0.42
# Once the text decides among the documents that a title names, once the title does.
_TITLE_WEIGHTS = (0.5, 3.0)
_RANK_CONSTANT = 60
_CANDIDATES = 30
# So many times as many passages are looked at as are wanted, in case some say the same.
_SPARE = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a passage was found. `meaning` is its nearness to the question, from 0 (none) to 1 (the same).

    `held` are the question's subject words that passage or title hold, `lacking` those that they do not; `sentence` is
    the share of them that its best sentence holds; `also` are the documents that say the same.
    """

    meaning: float
    held: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    sentence: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """The passages whose score reaches the threshold, best first; `nearest` came closest where none does.

    `reasons` say by the passage's id why it was found.
    """

    passages: tuple[Passage, ...]
    nearest: tuple[Passage, ...]
    threshold: float
    index_version: int
    reasons: Mapping[str, Reason] = field(default_factory=dict[str, Reason])


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ids of passages in order, best first: by words, by meaning (with the cosine of each), and by both."""

    words: Sequence[str]
    meaning: Sequence[str]
    both: Sequence[str]
    cosines: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: in a collection, or only among its passages with the ids `allowed`."""

    collections: Collections
    name: str
    allowed: Collection[str] | None = None


def search(collections: Collections, door: Door, collection_name: str, question: str, k: int = 3) -> Found:
    """Return the `k` best passages of a collection for a question, each with its score; those that say the same once.

    Raises NotFound where there is no such collection, UserFault where another embedding model read it.
    """
    return search_within(Place(collections, collection_name), door, question, k)


def search_within(place: Place, door: Door, question: str, k: int) -> Found:
    """Do what `search` does, in a place."""
    collections = place.collections
    index = collections.index(place.name)
    threshold = THRESHOLD if index.threshold is None else index.threshold
    if not index.passage_ids:
        return Found((), (), threshold, index.version)
    ranking = rank_within(place, index, door, question)
    found = scored(collections, ranking, question, k * _SPARE)
    reasons = {passage.id: reason for passage, reason in found}
    passages = tuple(passage for passage, _ in found[:k])
    near = tuple(passage for passage in passages if passage.score >= threshold)
    return Found(near, () if near else passages, threshold, index.version, reasons)


def scored(collections: Collections, ranking: Ranking, question: str, most: int) -> list[tuple[Passage, Reason]]:
    """Return those of the first `most` passages that say something new, each with its score and why it was found."""
    best = ranking.both[:most]
    kept = collections.passages(best)
    there = [kept[found] for found in best if found in kept]
    alike = _collapsed(there)
    pairs: list[tuple[Passage, Reason]] = []
    for passage in there:
        if passage.id in alike:
            reason = _reason(question, passage, ranking.cosines.get(passage.id, 0.0), alike[passage.id])
            pairs.append((replace(passage, score=_score(reason)), reason))
    return pairs


def rank(collections: Collections, index: Index, door: Door, collection_name: str, question: str) -> Ranking:
    """Return the order of the passages by words, by meaning and by both.

    Raises UserFault where another embedding model read the collection.
    """
    return rank_within(Place(collections, collection_name), index, door, question)


def rank_within(place: Place, index: Index, door: Door, question: str) -> Ranking:
    """Do what `rank` does, in a place."""
    with ThreadPoolExecutor(1) as beside:  # words are looked up here while the model server takes in the meaning
        embedded = beside.submit(_cosines, index, door, question, place.name)
        by_words = _by_words(place, index, question)
        cosines = embedded.result()
    if place.allowed is None:
        rows = _highest(cosines, _CANDIDATES)
    else:
        within = [index.row_of[one] for one in place.allowed if one in index.row_of]
        rows = [within[nr] for nr in _highest(cosines[within], _CANDIDATES)] if within else []
    by_meaning = [index.passage_ids[row] for row in rows]
    both = _fused(*by_words, by_meaning)
    # What was added since the vectors were taken is found by its words alone.
    nearness = {found: float(cosines[index.row_of[found]]) for found in both if found in index.row_of}
    return Ranking(_fused(*by_words), by_meaning, both, nearness)


def _by_words(place: Place, index: Index, question: str) -> list[list[str]]:
    """Return a ranking for each weight of the title."""
    asked, allowed = list(dict.fromkeys(content_words(question))), place.allowed
    most = _CANDIDATES if allowed is None else len(index.passage_ids)
    found = place.collections.rankings(place.name, asked, most, _TITLE_WEIGHTS)
    return found if allowed is None else [[one for one in ids if one in allowed][:_CANDIDATES] for ids in found]


def _cosines(index: Index, door: Door, question: str, name: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    embedder, (vector,) = door.embed([question])
    if embedder != index.embedder:
        raise UserFault(
            f"The documents in {name!r} were read by another embedding model than the one that runs now.",
            "Open the Documents page: from there they are read again in the background.",
        )
    return index.vectors @ np.asarray(vector, np.float32)


def _highest(values: np.ndarray[tuple[int], np.dtype[np.float32]], most: int) -> list[int]:
    """Return the places of the highest values, the highest first, without sorting all of them."""
    some = np.argpartition(-values, most)[:most] if len(values) > most else np.arange(len(values))
    return [int(row) for row in some[np.argsort(-values[some], kind="stable")]]


def _fused(*rankings: Sequence[str]) -> list[str]:
    """Reciprocal rank fusion: what stands high in several rankings stands highest."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, found in enumerate(ranking, start=1):
            scores[found] = scores.get(found, 0.0) + 1 / (_RANK_CONSTANT + rank)
    return sorted(scores, key=lambda found: -scores[found])


def _collapsed(passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the passages that say something new, each with the documents that say the same word for word.

    Capitals, punctuation and words without a subject make no difference; a number or a name always does.
    """
    first: dict[tuple[str, ...], str] = {}
    alike: dict[str, dict[str, None]] = {}
    for passage in passages:
        said = tuple(content_words(passage.text))
        if said not in first:
            first[said] = passage.id
            alike[passage.id] = {}
        else:
            alike[first[said]][passage.document] = None
    return {found: tuple(documents) for found, documents in alike.items()}


def _reason(question: str, passage: Passage, cosine: float, also: tuple[str, ...]) -> Reason:
    sentences = [stems(passage.text[start:end]) for start, end in sentence_spans(passage.text)]
    here = stems(passage.title).union(*sentences)
    asked = {next(iter(stems(word))): word for word in reversed(content_words(question))}
    held = tuple(word for stem, word in reversed(asked.items()) if stem in here)
    lacking = tuple(word for stem, word in reversed(asked.items()) if stem not in here)
    best = max((len(asked.keys() & sentence) for sentence in sentences), default=0)
    return Reason(max(cosine, 0.0), held, lacking, also, best / len(asked) if asked else 0.0)


def _score(reason: Reason) -> float:
    wanted = len(reason.held) + len(reason.lacking)
    share = (len(reason.held) / wanted + reason.sentence) / 2 if wanted else 0.0
    return round((reason.meaning + share) / 2, 3)
