"""Let a model judge the answers of a score that a command has just made, and tell what it said."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from jobs.requests import Judge
from storage.records import JobState, Json
from studio.commands.telling import wait_for
from studio.commands.working import Desk
from studio.judged import judged
from studio.needing import Needed
from studio.views import judging as view
from studio.wording import runs
from studio.wording.judging import REPORT


@dataclass(frozen=True, slots=True)
class Said:
    """What a judge said as a document and as lines; where it failed there are none, and `failure` says why."""

    document: Json | None = None
    lines: Sequence[str] = ()
    failure: str = ""


def judged_by(at: Desk, job_id: str, needed: Needed) -> Said:
    """Let the model judge the score that this job made, wait, and return what it said."""
    card = next(card for card in at.workspace.scorecards.list() if card.job_id == job_id)
    job = wait_for(at.queue, at.queue.enqueue(Judge(card_id=card.id), str(uuid.uuid4())), needed)
    told = judged(at.workspace, at.queue, card)
    if job.state is not JobState.SUCCEEDED or told is None:
        return Said(failure=runs.failure(job) if job.state is JobState.FAILED else runs.standing(job))
    return Said(view.as_document(told), ["", f"{REPORT}:", *view.in_lines(card, told)])
