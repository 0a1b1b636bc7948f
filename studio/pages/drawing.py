"""What the runs on the Train page show now, read from the database, and only where something has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.training.presets import PRESETS
from storage.errors import NotFound
from storage.records import Job, JobState
from studio.bench import Bench
from studio.health import worker_runs
from studio.views import learning
from studio.views import runs as view
from studio.wording import runs as words
from studio.wording import train

TEXTS = ("heading", "standing", "outcome", "steps", "picture", "samples", "settings", "link", "nothing")
BUTTONS = {
    "keep": train.STOP_KEEP,
    "throw": train.STOP_THROW,
    "up": train.MOVE_UP,
    "out": train.TAKE_OUT,
    "retry": train.RETRY,
    "less": train.LESS,
    "change": train.CHANGE,
    "all": train.EVERY_ROW,
}
_OUT_OF_MEMORY = {"cuda_oom", "host_oom"}
_BESIDE = 6  # the list, the revision, the line and its button, the detail, the settings' box
COUNT = _BESIDE + len(TEXTS) + len(BUTTONS)
_MOST_RUNS = 30
_STARTS_STEP_S = 10.0
# Where no run of it was seen yet: a run that ends by the clock takes that long, with loading, saving and proving.
USUAL_S = {name: preset.seconds + 20.0 for name, preset in PRESETS.items() if preset.seconds is not None}
USUAL_S["measure"] = 20.0


@dataclass(frozen=True)
class _Line:
    """A run's place in the line, whether anybody works on it, when it may start, and why no run starts."""

    position: int | None
    working: bool
    starts_in: float | None
    paused: str | None


def draw(bench: Bench, chosen: str | None, seen: str) -> list[Any]:
    """Return the values of the parts; where nothing has changed since the revision `seen`, nothing is touched.

    A revision begins with the run that it shows, see `shown`.
    """
    jobs = bench.queue.list("train", _MOST_RUNS)
    job = _chosen(bench, jobs, chosen)
    called = view.names(bench.workspace.datasets.list())
    positions = {one.id: bench.queue.position(one.id) for one in jobs if one.state is JobState.QUEUED}
    choices = view.run_choices(jobs, positions, called, bench.workspace.clock())
    line = _line(bench, positions, job)
    of_job = f"{job.id} {_detail_revision(bench, job, positions.get(job.id))}" if job else ""
    revision = f"{of_job} {choices} {line}"
    if revision == seen:
        return [gr.skip()] * COUNT
    radio = gr.Radio(choices, value=job.id if job else None, visible=bool(choices))
    detail = _detail(bench, job, called, line) if job else _nothing()
    return [radio, revision, words.paused(line.paused), _hold(line, jobs), *detail]


def shown(seen: str) -> str:
    """Return the id of the run that a revision shows, empty for none."""
    return seen.partition(" ")[0]


def _line(bench: Bench, positions: Mapping[str, int | None], job: Job | None) -> _Line:
    """Look at the line; only what waits needs to know whether a worker runs and when it may start."""
    paused = bench.queue.paused()
    if not positions:
        return _Line(None, True, None, paused)
    starts = bench.queue.starts_in(USUAL_S).get(job.id) if job else None
    # In steps, so that a page is not drawn anew for every second that passes.
    told = None if starts is None else round(starts / _STARTS_STEP_S) * _STARTS_STEP_S
    return _Line(positions.get(job.id) if job else None, worker_runs(bench.workspace.settings), told, paused)


def _hold(line: _Line, jobs: Sequence[Job]) -> gr.Button:
    going_on = any(not job.state.final for job in jobs)
    return gr.Button(train.PAUSE if line.paused is None else train.GO_ON, visible=going_on or line.paused is not None)


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


def _detail(bench: Bench, job: Job, called: dict[str, str], line: _Line) -> list[Any]:
    records, now = bench.workspace.runs.records(job.id), bench.workspace.clock()
    settings = view.settings(job.result)
    waits = words.place(line.position or 1, line.working, line.starts_in, line.paused is not None)
    standing = view.standing(job, line.position, now, waits)
    said = (standing, view.went_on(records), learning.lent(job, records), learning.forecast(job, records))
    texts = {
        "heading": view.heading(job, called),
        "standing": "\n\n".join(filter(None, said)),
        "outcome": view.outcome(job, _has_adapter(bench, job)),
        "steps": view.steps(job),
        "picture": "\n\n".join(filter(None, (view.picture(job, records), learning.trend(job, records)))),
        "samples": learning.samples(records),
        "settings": settings,
        "link": train.link(job.id),
        "nothing": "",
    }
    shown = gr.update(visible=True)
    return [shown, gr.update(visible=bool(settings)), *(texts[name] for name in TEXTS), *_buttons(job)]


def _buttons(job: Job) -> list[Any]:
    running = job.state is JobState.RUNNING and job.finish_requested_at is None
    queued = job.state is JobState.QUEUED
    done, ended = job.state is JobState.SUCCEEDED, job.state.final
    shown = {
        **{"keep": running, "throw": running, "up": queued, "out": queued, "retry": ended, "change": ended},
        "less": ended and job.failure_kind in _OUT_OF_MEMORY,
        "all": done and bool(job.result.get("watched_rows")),
    }
    again = train.AGAIN if done else train.RETRY
    return [gr.Button(again if name == "retry" else label, visible=shown[name]) for name, label in BUTTONS.items()]
