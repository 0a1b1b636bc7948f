"""Which questions a scoring asks: their set and version, whether it is sealed, how often they were asked before."""

from contextlib import suppress
from dataclasses import dataclass, replace

from jobs.queue import Queue
from jobs.requests import Evaluate
from storage.errors import NotFound, UserFault
from storage.question_sets import QuestionSet
from storage.records import JobState, Json
from storage.workspace import Workspace

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Before:
    """How often the very questions of a set were scored before, and how often other versions of it."""

    same: int = 0
    others: int = 0


def asked_of(workspace: Workspace, request: Evaluate) -> Json:
    """Return what a scorecard keeps of its questions; nothing for a file that belongs to no set."""
    try:
        kept = workspace.question_sets.get(request.source)
    except NotFound:
        return _rows_of(workspace, request.source)
    before = scored_before(Queue(workspace.database, workspace.clock), kept)
    return {
        "kind": "set",
        "id": kept.id,
        "name": kept.name,
        "version": kept.version,
        "sha256": kept.sha256,
        "sealed": kept.sealed,
        "scored_before": before.same,
        "others_scored_before": before.others,
    }


def _rows_of(workspace: Workspace, source: str) -> Json:
    try:
        dataset = workspace.datasets.get(source)
    except NotFound:
        return {}
    return {"kind": "rows", "id": dataset.id, "name": dataset.name, "version": dataset.version}


def scored_before(queue: Queue, kept: QuestionSet) -> Before:
    """Return how often a set was scored to an end; a score that was deleted since counts, too."""
    told = [job.result.get("questions") for job in queue.list("evaluate", _ALL) if job.state is JobState.SUCCEEDED]
    asked = [one for one in told if one and one["kind"] == "set"]
    same = sum(one["sha256"] == kept.sha256 for one in asked)
    return Before(same, sum(one["name"] == kept.name and one["sha256"] != kept.sha256 for one in asked))


def asked_for(queue: Queue, kept: QuestionSet) -> Before:
    """Return how often a set was scored or is being scored."""
    going_on = sum(job.kind == "evaluate" and job.spec["source"] == kept.id for job in queue.unfinished())
    before = scored_before(queue, kept)
    return replace(before, same=before.same + going_on)


def source_of(workspace: Workspace, id_or_name: str) -> str:
    """Return the id of the set or of the examples that a person named, each in its latest version.

    Raises NotFound, or UserFault where a set and examples are both called so.
    """
    found: list[str] = []
    for kept in (workspace.question_sets, workspace.datasets):
        with suppress(NotFound):
            found.append(kept.get(id_or_name).id)
    if not found:
        raise NotFound(f"There are no test questions and no examples called {id_or_name!r}.")
    if len(found) > 1:
        raise UserFault(f"Test questions and examples are both called {id_or_name!r}.", "Give the id instead.")
    return found[0]
