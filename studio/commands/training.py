"""Commands for trainings and for the jobs of the queue."""

import uuid
from dataclasses import asdict
from typing import Annotated

import typer

from jobs.intake.prepare import MINIMUM_ROWS
from jobs.requests import Measure, Train
from jobs.training.forecast import FORECAST, told
from jobs.training.presets import suggested
from storage.errors import UnusableRows
from storage.records import Job
from studio.asked import checked
from studio.commands.options import Knobs, grouped
from studio.commands.output import Output, say, show
from studio.commands.telling import job_shape, progress, settle, wait_for
from studio.commands.working import desk
from studio.needing import needing
from studio.wording import failures, runs
from studio.wording.learning import foretold
from studio.wording.train import too_few

_LONGEST_NAME = 120


@grouped
def train(
    dataset: Annotated[str, typer.Argument(help="A dataset's name (its latest version) or the id of one version.")],
    output: Output,
    knobs: Knobs,
    wait: Annotated[bool, typer.Option("--wait", help="Return when the training has ended.")] = False,
    forecast: Annotated[
        bool, typer.Option("--forecast", help="Only measure memory and time; nothing is kept.")
    ] = False,
) -> None:
    """Teach the model the examples of a dataset. What is not given is chosen by the preset."""
    with desk() as at:
        chosen = at.workspace.datasets.get(dataset)
        if chosen.used < MINIMUM_ROWS:
            raise UnusableRows(too_few(chosen.used, MINIMUM_ROWS))
        called = knobs.name or f"{chosen.name}, version {chosen.version}"[:_LONGEST_NAME]
        model = knobs.model or at.base_model
        preset = knobs.preset or suggested(chosen.used - chosen.held_out)
        written = {**asdict(knobs), "dataset_id": chosen.id, "model": model, "name": called, "preset": preset}
        request = checked(Measure if forecast else Train, written, "Change that option and try again.")
        if not wait and not forecast:
            job = at.queue.enqueue(request, str(uuid.uuid4()))
            show(output, job_shape(job), f"{progress(at.queue, job)}\nJob {job.id}. Watch it with: triptych jobs")
            return
        with needing(at.settings, say, worker=True) as needed:
            job = wait_for(at.queue, at.queue.enqueue(request, str(uuid.uuid4())), needed)
    settle(output, job)
    if forecast:
        show(output, {**job_shape(job), FORECAST: job.result[FORECAST]}, foretold(told(job.result[FORECAST])))
    else:
        show(output, job_shape(job), f"{runs.standing(job)}\nAdapter {job.adapter_id}")


@grouped
def jobs(output: Output) -> None:
    """List the jobs, the newest first."""
    with desk() as at:
        listed = at.queue.list()
        lines = [_line(job, progress(at.queue, job)) for job in listed]
    show(output, {"jobs": [job_shape(job) for job in listed]}, "\n".join(lines) or "No jobs yet.")


@grouped
def cancel(job: Annotated[str, typer.Argument(help="The job's id.")], output: Output) -> None:
    """Take a waiting job out of the line, or stop a running one and throw away what it has."""
    with desk() as at:
        stopped = at.queue.request_cancel(job)
        show(output, job_shape(stopped), progress(at.queue, stopped))


def _line(job: Job, standing: str) -> str:
    why = f"\n    {failures.join(job.failure_text, job.failure_next_step)}" if job.failure_text else ""
    return f"{job.id}  {runs.KINDS.get(job.kind, job.kind)}: {standing}{why}"
