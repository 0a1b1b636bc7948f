"""More measures beside right and wrong: of each answer, and of a column's answers together."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import fmean

from jobs.answering.citing import cited
from jobs.answering.grounding import without_marks
from jobs.metrics.labels import confusion, label_names
from jobs.metrics.likeness import cosine
from jobs.metrics.numeric import number_within
from jobs.metrics.scores import same_text
from jobs.models.door import Door
from storage.errors import TriptychError
from storage.records import AnswerState, Json, Passage

Vectors = Mapping[str, Sequence[float]]

_CITED = ("sentences", "marked", "supported")


def said(line: Json) -> str:
    """Return what is scored of an answer: its text without marks, nothing where it failed."""
    return without_marks(line["answer"]).strip() if line["state"] == AnswerState.FINISHED else ""


def measured(lines: Sequence[Json], door: Door) -> list[Json]:
    """Return the lines of the answers file with the measures of each answer.

    `similarity` is the highest cosine to one of the expected answers, from -1 to 1, by the embedder named in
    `embedder`, which may read the beginning of a long text only; every text is embedded once. None where the door has
    no embedder or nothing is expected. Of a question that was asked several times these are means, and `cited` sums.
    """
    identity, vectors = _embedded(lines, door)
    return [{**line, **_measures(line), **_similarity(line, identity, vectors)} for line in lines]


def summed(lines: Sequence[Json]) -> Json:
    """Return the measures of one column's lines together; what was not measured is None, counts are 0.

    `labels` are {names, matrix, accuracy, macro_f1, n}, as `jobs.metrics.labels.Confusion` tells them.
    """
    texts = [line for line in lines if _expected(line)]
    numbers = [line["number_within"] for line in lines if line.get("number_within") is not None]
    near = [line["similarity"] for line in texts if line.get("similarity") is not None]
    marks = [line["cited"] for line in lines if line.get("cited")]
    plain = [line["same_text"] for line in texts if line.get("same_text") is not None]
    return {
        "same_text": fmean(plain) if plain else None,
        "numbers_expected": len(numbers),
        "number_within": fmean(numbers) if numbers else None,
        "similarity": fmean(near) if near else None,
        "embedder": next((line["embedder"] for line in lines if line.get("embedder")), None),
        "cited": _counted(marks) or dict.fromkeys(_CITED, 0),
        "labels": _labels(texts),
    }


def _runs(line: Json) -> list[Json]:
    """Return the line once for each answer that its question got."""
    return [{**line, **run} for run in line.get("runs") or [line]]


def _measures(line: Json) -> Json:
    runs = _runs(line)
    within = [number_within(said(run), run["question"], run["expected"]) for run in runs]
    return {
        "same_text": fmean(same_text(said(run), _expected(run)) for run in runs),
        "number_within": None if None in within else fmean(bool(one) for one in within),
        "cited": _counted([counted for run in runs if (counted := _cited(run))]),
    }


def _cited(run: Json) -> Json | None:
    given, passages = said(run), [Passage(**passage) for passage in run["passages"]]
    return asdict(cited(run["answer"], passages)) if passages and given else None


def _counted(told: Sequence[Json]) -> Json | None:
    return {key: sum(one[key] for one in told) for key in _CITED} if told else None


def _expected(line: Json) -> list[str]:
    return [text for text in (line["expected"], *line["accepted"]) if text]


def _texts(line: Json) -> list[str]:
    return [*(said(run) for run in _runs(line)), *_expected(line)]


def _embedded(lines: Sequence[Json], door: Door) -> tuple[str | None, Vectors]:
    texts = list(dict.fromkeys(text for line in lines for text in _texts(line) if text))
    try:
        identity, vectors = door.embed(texts)
    except TriptychError:
        return None, {}
    return identity, dict(zip(texts, vectors, strict=True))


def _similarity(line: Json, identity: str | None, vectors: Vectors) -> Json:
    expected = _expected(line)
    if identity is None or not expected:
        return {"similarity": None, "embedder": None}
    given = [said(run) for run in _runs(line)]
    nearest = [max(cosine(vectors[text], vectors[other]) for other in expected) if text else 0.0 for text in given]
    return {"similarity": fmean(nearest), "embedder": identity}


def _labels(lines: Sequence[Json]) -> Json | None:
    names = () if any(line["accepted"] for line in lines) else label_names([line["expected"] for line in lines])
    if not names:
        return None
    told = confusion([said(line) for line in lines], [line["expected"] for line in lines], names)
    return {
        "names": list(told.names),
        "matrix": [list(row) for row in told.matrix],
        "accuracy": told.accuracy,
        "macro_f1": told.macro_f1,
        "n": len(lines),
    }
