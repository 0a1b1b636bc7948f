"""What a judge said of a score, gathered for pages, reports and the command line."""

from typing import Literal

from jobs.evaluation.marking import marked
from jobs.evaluation.trusting import judges_itself, of_answers, trust
from jobs.queue import Queue
from storage.records import Job, JobState, Scorecard
from storage.workspace import Workspace
from studio.views.judging import Judged

_MOST_JOBS = 1000


def newest(queue: Queue, card_id: str, state: JobState | None = None) -> Job | None:
    """Return the judging of this score that was asked for last, or last among those in that state."""
    jobs = (job for job in queue.list("judge", _MOST_JOBS) if job.spec["card_id"] == card_id)
    return next((job for job in jobs if state in {None, job.state}), None)


def judged(workspace: Workspace, queue: Queue, card: Scorecard) -> Judged | None:
    """Return what the newest whole judging of a score said; None without one.

    Raises Damaged where the answers of the score can't be read.
    """
    job = newest(queue, card.id, JobState.SUCCEEDED)
    if job is None:
        return None
    verdicts, counts = workspace.cells.of(job.id), workspace.judges.of(card.id)
    told = trust(verdicts, workspace.marks.of(card.id))
    _, lines = marked(workspace, card)
    let: Literal["this", "another", "none"] = "none" if counts is None else "this" if counts == job.id else "another"
    return Judged(told, lines, of_answers(verdicts), judges_itself(verdicts, card), let)
