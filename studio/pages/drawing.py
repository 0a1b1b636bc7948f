"""What the runs on the Train page show now, read from the database, and only where something has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from storage.errors import NotFound
from storage.records import Job, JobState
from studio.bench import Bench
from studio.health import worker_runs
from studio.views import runs as view
from studio.wording import train

TEXTS = ("heading", "standing", "outcome", "steps", "picture", "samples", "settings", "link", "nothing")
BUTTONS = {
    "keep": train.STOP_KEEP,
    "throw": train.STOP_THROW,
    "up": train.MOVE_UP,
    "out": train.TAKE_OUT,
    "retry": train.RETRY,
}
_BESIDE = 4  # the list, the revision, the detail, the settings' box
COUNT = _BESIDE + len(TEXTS) + len(BUTTONS)
_MOST_RUNS = 30


def draw(bench: Bench, chosen: str | None, seen: str) -> list[Any]:
    """Return the values of the parts; where nothing has changed since the revision `seen`, nothing is touched."""
    jobs = bench.queue.list("train", _MOST_RUNS)
    job = _chosen(bench, jobs, chosen)
    called = view.names(bench.workspace.datasets.list())
    positions = {one.id: bench.queue.position(one.id) for one in jobs if one.state is JobState.QUEUED}
    choices = view.run_choices(jobs, positions, called, bench.workspace.clock())
    revision = f"{choices} {_detail_revision(bench, job, positions.get(job.id)) if job else ''}"
    # Only what waits needs to know.
    working = not positions or worker_runs(bench.workspace.settings)
    revision += f" {working}"
    if revision == seen:
        return [gr.skip()] * COUNT
    shown = gr.Radio(choices, value=job.id if job else None, visible=bool(choices))
    detail = _detail(bench, job, called, _Line(positions.get(job.id), working)) if job else _nothing()
    return [shown, revision, *detail]


def _detail_revision(bench: Bench, job: Job, position: int | None) -> str:
    return f"{view.revision(job, bench.workspace.runs.records(job.id), position)} {_has_adapter(bench, job)}"


def _has_adapter(bench: Bench, job: Job) -> bool:
    return job.adapter_id in {adapter.id for adapter in bench.workspace.adapters.list()}


def _chosen(bench: Bench, jobs: Sequence[Job], chosen: str | None) -> Job | None:
    """Return the run asked for, also one that is not among the newest; else the newest."""
    newest = jobs[0] if jobs else None
    if not chosen:
        return newest
    try:
        return bench.queue.get(chosen)
    except NotFound:
        return newest


def _nothing() -> list[Any]:
    texts = [gr.skip()] * (len(TEXTS) - 1) + [train.NO_RUNS]
    return [gr.update(visible=False), gr.update(visible=False), *texts, *[gr.skip()] * len(BUTTONS)]


@dataclass(frozen=True)
class _Line:
    """A run's place in the line, and whether anybody works on it."""

    position: int | None
    working: bool


def _detail(bench: Bench, job: Job, called: dict[str, str], line: _Line) -> list[Any]:
    records, now = bench.workspace.runs.records(job.id), bench.workspace.clock()
    settings = view.settings(job.result)
    standing = view.standing(job, line.position, now, line.working)
    texts = {
        "heading": view.heading(job, called),
        "standing": "\n\n".join(filter(None, (standing, view.went_on(records)))),
        "outcome": view.outcome(job, _has_adapter(bench, job)),
        "steps": view.steps(job),
        "picture": view.picture(job, records),
        "samples": view.samples(records),
        "settings": settings,
        "link": train.link(job.id),
        "nothing": "",
    }
    shown = gr.update(visible=True)
    return [shown, gr.update(visible=bool(settings)), *(texts[name] for name in TEXTS), *_buttons(job)]


def _buttons(job: Job) -> list[Any]:
    running = job.state is JobState.RUNNING and job.finish_requested_at is None
    queued = job.state is JobState.QUEUED
    shown = {"keep": running, "throw": running, "up": queued, "out": queued, "retry": job.state.final}
    again = train.AGAIN if job.state is JobState.SUCCEEDED else train.RETRY
    return [gr.Button(again if name == "retry" else label, visible=shown[name]) for name, label in BUTTONS.items()]
