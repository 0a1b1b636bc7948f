"""What the Scores page shows now, read from the database, and only where something has changed."""

from typing import Any

import gradio as gr

from storage.errors import NotFound
from storage.records import Job, JobState, Json, Scorecard
from studio.bench import Bench
from studio.health import worker_runs
from studio.views import scores as view
from studio.wording import scores as words

COUNT = 9


def draw(bench: Bench, chosen: str, seen: str) -> list[Any]:
    """Return the values of the parts; where nothing has changed since the revision `seen`, nothing is touched.

    These are: the revision, the id of the scorecard shown, standing, stop, go on, scorecard, facts with their box, and
    the earlier ones.
    """
    job, cards, now = newest(bench), bench.workspace.scorecards.list(), bench.workspace.clock()
    card = card_of(bench, chosen) or (cards[0] if cards else None)
    standing = _standing(bench, job)
    datasets = bench.workspace.datasets.list()
    revision = f"{card.id if card else ''} {len(cards)} {standing} {job.finish_requested_at if job else ''}"
    if revision == seen:
        return [gr.skip()] * COUNT
    shown = view.scorecard(card, view.source_name(card, datasets), _missing(bench, card), now) if card else words.NONE
    return [
        revision,
        card.id if card else "",
        standing,
        gr.update(visible=job is not None and not job.state.final and job.finish_requested_at is None),
        gr.update(visible=job is not None and can_go_on(bench, job)),
        shown,
        view.facts(card) if card else "",
        gr.update(visible=card is not None),
        view.earlier(cards, datasets, now),
    ]


def newest(bench: Bench) -> Job | None:
    """Return the scoring that was asked for last."""
    return next(iter(bench.queue.list("evaluate", 1)), None)


def card_of(bench: Bench, card_id: str) -> Scorecard | None:
    """Return a scorecard, or None where there is none of that id."""
    try:
        return bench.workspace.scorecards.get(card_id) if card_id else None
    except NotFound:
        return None


def can_go_on(bench: Bench, job: Job) -> bool:
    """Whether the scoring failed after it had begun, so that what it answered is there to go on from."""
    return job.state is JobState.FAILED and bool(bench.workspace.runs.records(job.id, "plan"))


def _standing(bench: Bench, job: Job | None) -> str:
    waits = job is not None and job.state is JobState.QUEUED
    return view.standing(job, not waits or worker_runs(bench.workspace.settings))


def _missing(bench: Bench, card: Scorecard) -> list[Json]:
    try:
        return list(bench.queue.get(card.job_id).result.get("missing", ()))
    except NotFound:
        return []
