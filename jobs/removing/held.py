"""What jobs that have not ended still need, and the refusal to delete it."""

from collections.abc import Collection
from typing import Literal

from jobs.queue import Queue
from jobs.requests import AnyRequest, Draft, Evaluate, Export, Fetch, Index, Judge, Learning, MeasureWays, parse_request
from storage.errors import NotAllowed

Thing = Literal["dataset", "questions", "collection", "tool", "adapter", "scorecard"]

_WORK = {
    "train": "A training",
    "measure": "A trial of a training",
    "fetch": "A fetching of a web page",
    "index": "A reading",
    "draft": "A drafting",
    "evaluate": "A scoring",
    "judge": "A judging",
    "measure_ways": "A measuring",
    "export": "An export",
}
_NEXT_STEPS = {
    "train": "Wait until it has ended, or stop it on the Train page first.",
    "measure": "Wait a moment until it is done.",
    "fetch": "Wait a moment until it is fetched and read.",
    "index": "Wait a moment until everything is read.",
    "draft": "Wait until it has ended, or stop it first.",
    "evaluate": "Wait until it has ended, or stop it on the Scores page first.",
    "judge": "Wait until it has ended, or stop it on the Scores page first.",
    "measure_ways": "Wait until it has ended, or stop it on the Scores page first.",
    "export": "Wait until it has ended.",
}


def refuse_held(queue: Queue, thing: Thing, names: Collection[str]) -> None:
    """Raise NotAllowed where a job that has not ended needs one of these."""
    for job in queue.unfinished():
        if _needs(parse_request(job.spec), thing, names):
            raise NotAllowed(f"{_WORK[job.kind]} that has not ended needs this.", _NEXT_STEPS[job.kind])


def _needs(request: AnyRequest, thing: Thing, names: Collection[str]) -> bool:
    match request:
        case Learning():
            return thing == "dataset" and request.dataset_id in names
        case Index():
            needed = {"collection": request.collection, "dataset": request.dataset_id}.get(thing)
            return needed in names
        case Draft() | Fetch():
            return thing == "collection" and request.collection in names
        case Export():
            return thing == "adapter" and request.adapter_id in names
        case Judge() | MeasureWays():
            return thing == "scorecard" and request.card_id in names
        case Evaluate() if thing != "scorecard":
            return _scoring_needs(request, thing, names)
        case _:
            return False


def _scoring_needs(request: Evaluate, thing: Thing, names: Collection[str]) -> bool:
    if thing in {"dataset", "questions"}:
        return request.source in names
    # What was left open is chosen when the scoring starts: it may be this one.
    parts = request.columns or (request.choices,)
    used = {
        "adapter": [part.adapter_id for part in parts],
        "collection": [part.collection for part in parts],
        "tool": [name for part in parts for name in part.tools],
    }[thing]
    left_open = not request.columns and not any(used)
    return left_open or any(name in names for name in used)
