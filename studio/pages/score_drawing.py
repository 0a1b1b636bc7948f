"""What the Scores page shows now, read from the database, and only where something has changed."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from jobs.evaluation.marking import marked
from jobs.evaluation.verdict import verdict
from storage.errors import Damaged, NotFound
from storage.records import Job, JobState, Json, Scorecard
from studio.bench import Bench
from studio.health import worker_runs
from studio.views import exam, markdown
from studio.views import scores as view
from studio.views import verdict as verdicts
from studio.views.asked import how_asked
from studio.wording import scores as words

Seen = tuple[str, str]

NOTHING_SEEN: Seen = ("", "")
_GOING_ON, _CARD = 3, 5  # how many parts follow the scoring in hand, and how many the scorecard
COUNT = 1 + _GOING_ON + _CARD


def draw(bench: Bench, chosen: str, seen: Seen) -> list[Any]:
    """Return the revisions of what is shown, then the parts; what has not changed since `seen` is not touched.

    The parts are standing, stop, go on; and of the scorecard its id, text, facts with their box, and the earlier ones.
    """
    job, cards = newest(bench), bench.workspace.scorecards.list()
    card = card_of(bench, chosen) or (cards[0] if cards else None)
    standing = _standing(bench, job)
    said = f"{bench.workspace.marks.revision(card.id)} {bench.workspace.judges.of(card.id)}" if card else ""
    going_on = f"{standing} {job.finish_requested_at if job else ''}"
    now = (going_on, f"{card.id if card else 'none'} {len(cards)} {said}")
    if now == seen:
        return [gr.skip()] * COUNT
    parts = [gr.skip()] * _GOING_ON if now[0] == seen[0] else _going_on(bench, job, standing)
    return [now, *parts, *([gr.skip()] * _CARD if now[1] == seen[1] else _card(bench, card, cards))]


def _going_on(bench: Bench, job: Job | None, standing: str) -> list[Any]:
    stops = job is not None and not job.state.final and job.finish_requested_at is None
    goes_on = job is not None and can_go_on(bench, job)
    return [standing, gr.update(visible=stops), gr.update(visible=goes_on)]


def _card(bench: Bench, card: Scorecard | None, cards: Sequence[Scorecard]) -> list[Any]:
    if card is None:
        return ["", words.NONE, "", gr.update(visible=False), ""]
    datasets, now = bench.workspace.datasets.list(), bench.workspace.clock()
    counted, told = _judged(bench, card)
    shown = view.scorecard(counted, view.source_name(card, datasets), told, _missing(bench, card), now)
    if card.id != cards[0].id:
        shown = f"{words.NEWER}. [{words.SHOW_NEWEST}]({words.address(cards[0].id)})\n\n{shown}"
    return [card.id, shown, view.facts(card), gr.update(visible=True), view.earlier(cards, datasets, now)]


def _judged(bench: Bench, card: Scorecard) -> tuple[Scorecard, str]:
    """Return the score as people's marks make it, and the verdict over it."""
    try:
        counted, lines = marked(bench.workspace, card)
    except Damaged as error:
        return card, markdown.plain(str(error))
    names = view.plain_names(card)
    told = verdicts.verdict(counted, verdict(lines, list(names)), names, lines)
    beside = [exam.unseen(counted, lines, names), how_asked(lines, names, bench.workspace.clock())]
    return counted, "\n\n".join(filter(None, [told, *beside]))


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
