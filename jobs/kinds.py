"""The kinds of jobs: from the request's type to the function that does the work."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jobs.context import JobContext, Made
from jobs.requests import (
    Draft,
    Evaluate,
    Export,
    Fetch,
    Index,
    Judge,
    Lane,
    Measure,
    MeasureWays,
    Prepare,
    Request,
    Train,
)
from storage.records import Job


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job. `own_process`: it runs in a child process, which can be killed and gives all memory back."""

    request: type[Request]
    entry: str
    own_process: bool = False

    @property
    def lane(self) -> Lane:
        """The line in which its jobs wait."""
        return self.request.lane

    def run(self, job: Job, context: JobContext) -> Made:
        """Do the job's work. The function is looked up only now, so nothing heavy is imported before it is needed."""
        function: Callable[[Any, JobContext], Made] = pkgutil.resolve_name(self.entry)
        return function(self.request.model_validate(job.spec), context)


KINDS: dict[str, Kind] = {
    "prepare": Kind(Prepare, "jobs.models.fetch:prepare", own_process=True),
    "train": Kind(Train, "jobs.training.sft:train", own_process=True),
    "measure": Kind(Measure, "jobs.training.rehearsing:measure", own_process=True),
    "fetch": Kind(Fetch, "jobs.retrieval.web_fetching:fetch"),
    "index": Kind(Index, "jobs.retrieval.indexing:index"),
    "draft": Kind(Draft, "jobs.drafting.draft:draft"),
    "evaluate": Kind(Evaluate, "jobs.evaluation.evaluate:evaluate"),
    "judge": Kind(Judge, "jobs.evaluation.judge:judge"),
    "measure_ways": Kind(MeasureWays, "jobs.evaluation.measuring.measure:measure"),
    "export": Kind(Export, "jobs.exporting.adapter:export", own_process=True),
}
