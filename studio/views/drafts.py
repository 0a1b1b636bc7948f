"""Drafts of examples: how the drafting stands, one draft with its passage, what came of them."""

from storage.drafts import DraftPair
from storage.records import Job, JobState
from studio.views import markdown
from studio.wording import drafts as words
from studio.wording import runs
from studio.wording.failures import join
from studio.wording.numbers import percent

_LONGEST_PASSAGE = 1500


def standing(job: Job | None, working: bool) -> str:
    """Return how the newest drafting stands; `working` is whether a worker runs."""
    if job is None or job.state is JobState.CANCELLED:
        return ""
    if job.state is JobState.SUCCEEDED:
        return _came_to(job)
    if job.state is JobState.FAILED:
        return f"**✕** {markdown.plain(join(job.failure_text, job.failure_next_step))}"
    if job.state is JobState.QUEUED and not working:
        return f"◌ {runs.NO_WORKER}"
    if not job.total_steps:
        return runs.standing(job)
    return markdown.progress(percent(job.step, job.total_steps), words.left(job.step, 0).split(" to read")[0])


def _came_to(job: Job) -> str:
    made, asked = int(job.result.get("drafted", 0)), int(job.result.get("asked", 0))
    faults = sorted(job.result.get("unusable", {}).items(), key=lambda one: -one[1])
    left_out = "; ".join(words.unusable(markdown.plain(reason), number) for reason, number in faults)
    return f"**✓** {words.drafted(made, asked)}" + (f" Left out: {left_out}." if left_out else "")


def passage(pair: DraftPair) -> str:
    """Return the passage that a draft rests on, with its document."""
    text = markdown.quoted(pair.passage[:_LONGEST_PASSAGE])
    return f"{words.PASSAGE} **{markdown.plain(pair.document)}**:\n\n{text}"
