"""From which score on a passage answers: found out on the questions that were drafted from the documents themselves.

Each question is searched for twice: as it is, and with the passage that it was drafted from taken out. The first should
find something, the second nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jobs.models.door import Door
from jobs.retrieval.search import rank, scored
from storage.drafts import DraftPair
from storage.errors import Missing
from storage.records import Passage
from storage.thresholds import keep_threshold
from storage.workspace import Workspace

LEAST_QUESTIONS = 20
MOST_QUESTIONS = 200
# At least this share of the questions must still find something.
LEAST_ANSWERED = 0.9

_READ = 3
_LOOKED_AT = 12
_LOWEST, _HIGHEST = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class Calibration:
    """The threshold, and of how many questions which share finds something, and nothing without its own passage."""

    threshold: float
    questions: int
    answered: float
    withheld: float


def calibrate(workspace: Workspace, door: Door, collection: str) -> Calibration:
    """Find the threshold of a collection and keep it.

    Raises NotFound without the collection, Missing where too few questions were drafted from it.
    """
    drafts = [one for one in workspace.drafts.list(collection=collection) if one.state != "dropped"][:MOST_QUESTIONS]
    if len(drafts) < LEAST_QUESTIONS:
        raise Missing(
            f"{len(drafts)} drafted questions are too few to set it by; {LEAST_QUESTIONS} are needed.",
            "Draft more examples from these documents first.",
        )
    index = workspace.collections.index(collection)
    whole: list[float] = []
    without: list[float] = []
    for draft in drafts:
        ranking = rank(workspace.collections, index, door, collection, draft.question)
        found = [passage for passage, _ in scored(workspace.collections, ranking, draft.question, _LOOKED_AT)]
        whole.append(_best(found))
        without.append(_best([passage for passage in found if not _is_source(passage, draft)]))
    made = best_threshold(whole, without)
    keep_threshold(workspace.database, collection, made.threshold)
    return made


def best_threshold(whole: Sequence[float], without: Sequence[float]) -> Calibration:
    """Return the threshold that parts best the scores that should reach it from those that should not."""
    found, bare = np.asarray(whole), np.asarray(without)
    tried = [round(step / 100, 2) for step in range(round(_LOWEST * 100), round(_HIGHEST * 100) + 1)]
    made = [Calibration(one, len(found), float(np.mean(found >= one)), float(np.mean(bare < one))) for one in tried]
    allowed = [one for one in made if one.answered >= LEAST_ANSWERED] or made[:1]
    return max(allowed, key=lambda one: (one.answered + one.withheld, -one.threshold))


def _best(found: Sequence[Passage]) -> float:
    return max((passage.score for passage in found[:_READ]), default=0.0)


def _is_source(passage: Passage, draft: DraftPair) -> bool:
    """Whether the question was drafted from this passage, or from one that lay where it lies now."""
    there = passage.document == draft.document and passage.start < draft.end and draft.start < passage.end
    return there or passage.text == draft.passage
