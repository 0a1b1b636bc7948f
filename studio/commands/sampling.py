"""Commands for the sample company."""

from jobs.opening import FIRST_QUESTION, close_sample, open_sample
from storage.records import Job
from studio.commands.options import grouped
from studio.commands.output import Output, show
from studio.commands.telling import job_shape
from studio.commands.working import desk
from studio.wording import sample as words


@grouped
def open_(output: Output) -> None:
    """Open the sample company; what is there already stays. Its training and reading wait for `triptych up`."""
    with desk() as at:
        _ = at.base_model
        open_sample(at.workspace, at.queue)
        jobs: list[Job] = list(at.queue.unfinished())
    document = {"open": True, "question": FIRST_QUESTION, "jobs": [job_shape(job) for job in jobs]}
    show(output, document, f"{words.IS_OPEN} {words.begin(FIRST_QUESTION)}")


@grouped
def remove(output: Output) -> None:
    """Delete the sample company with its examples, documents, tools and test questions; its jobs are stopped."""
    with desk() as at:
        close_sample(at.workspace, at.queue)
    show(output, {"open": False}, words.IS_GONE)
