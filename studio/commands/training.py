"""Commands for trainings and for the jobs of the queue."""

import uuid
from typing import Annotated, Any

import typer

from jobs.intake.prepare import MINIMUM_ROWS
from jobs.requests import Preset, Train
from storage.errors import UnusableRows
from storage.records import Job
from studio.asked import checked
from studio.commands.options import grouped
from studio.commands.output import Output, say, show
from studio.commands.telling import job_shape, progress, settle, wait_for
from studio.commands.working import desk
from studio.needing import needing
from studio.wording import failures, runs
from studio.wording.train import too_few

_LONGEST_NAME = 120


def _knob(field: str) -> Any:
    return typer.Option(help=Train.model_fields[field].description)


@grouped
def train(  # noqa: PLR0913 - one option for each knob of the Train page
    dataset: Annotated[str, typer.Argument(help="A dataset's name (its latest version) or the id of one version.")],
    output: Output,
    preset: Annotated[Preset, typer.Option(help="How thorough.")] = "quick",
    wait: Annotated[bool, typer.Option("--wait", help="Return when the training has ended.")] = False,
    name: Annotated[str, _knob("name")] = "",
    epochs: Annotated[float | None, _knob("epochs")] = None,
    learning_rate: Annotated[float | None, _knob("learning_rate")] = None,
    rank: Annotated[int | None, _knob("rank")] = None,
    batch_size: Annotated[int | None, _knob("batch_size")] = None,
    max_length: Annotated[int | None, _knob("max_length")] = None,
    seed: Annotated[int, _knob("seed")] = 0,
) -> None:
    """Teach the model the examples of a dataset. What is not given is chosen by the preset."""
    with desk() as at:
        chosen = at.workspace.datasets.get(dataset)
        if chosen.used < MINIMUM_ROWS:
            raise UnusableRows(too_few(chosen.used, MINIMUM_ROWS))
        knobs = {
            "epochs": epochs,
            "learning_rate": learning_rate,
            "rank": rank,
            "batch_size": batch_size,
            "max_length": max_length,
            "seed": seed,
        }
        called = name or f"{chosen.name}, version {chosen.version}"[:_LONGEST_NAME]
        written = {"dataset_id": chosen.id, "model": at.base_model, "name": called, "preset": preset, **knobs}
        request = checked(Train, written, "Change that option and try again.")
        if not wait:
            job = at.queue.enqueue(request, str(uuid.uuid4()))
            show(output, job_shape(job), f"{progress(at.queue, job)}\nJob {job.id}. Watch it with: triptych jobs")
            return
        with needing(at.settings, say, worker=True) as needed:
            job = wait_for(at.queue, at.queue.enqueue(request, str(uuid.uuid4())), needed)
    settle(output, job)
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
