"""Scores: questions that training never saw decide which way answers best."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from storage.errors import NotFound
from storage.records import Job, JobState, Scorecard
from storage.uploads import keep_upload, shown_name
from studio.bench import Bench
from studio.forms import ScoreForm, Values
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.telling import telling
from studio.views import scores as view
from studio.wording import scores as words

LOOK_EVERY_S = 2.0


@dataclass(frozen=True)
class Sheet:
    """All parts of the page. `chosen` holds the scorecard asked for by its address, `seen` the revision shown."""

    form: ScoreForm
    score: gr.Button
    stop: gr.Button
    notice: gr.Markdown
    standing: gr.Markdown
    card: gr.Markdown
    earlier: gr.Markdown
    chosen: gr.State
    seen: gr.State

    @property
    def outputs(self) -> list[Any]:
        """What `_draw` fills, in its order."""
        return [self.seen, self.standing, self.stop, self.card, self.earlier]


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to the queue."""
    sheet = _lay_out()
    form = sheet.form

    @telling(2 + len(sheet.outputs))
    def score(values: Values) -> list[Any]:
        path = form.own_file(values)
        kept = (keep_upload(bench.workspace, path), shown_name(path)) if path else None
        bench.queue.enqueue(form.request(values, kept, bench.workspace.settings.base_model), form.idem_key(values))
        return [str(uuid4()), None, *_draw(bench, "", "")]

    def stop() -> list[Any]:
        job = _newest(bench)
        if job is not None and job.state is JobState.RUNNING:
            bench.queue.request_finish(job.id)
        elif job is not None:
            bench.queue.request_cancel(job.id)
        return _draw(bench, "", "")

    def look(chosen: str, seen: str) -> list[Any]:
        return _draw(bench, chosen, seen)

    def opened(request: gr.Request) -> list[Any]:
        chosen = request.query_params.get("s", "")
        choices = view.source_choices(bench.workspace.datasets.list())
        source = gr.Dropdown(choices, value=choices[0][1] if choices else None)
        return [source, str(uuid4()), chosen, *_draw(bench, chosen, "")]

    sheet.score.click(score, form.inputs, [sheet.notice, form.key, form.file, *sheet.outputs], **QUIET)
    sheet.stop.click(stop, None, sheet.outputs, **AT_ONCE)
    gr.Timer(LOOK_EVERY_S).tick(look, [sheet.chosen, sheet.seen], sheet.outputs, **QUIET)
    page.load(opened, None, [form.source, form.key, sheet.chosen, *sheet.outputs], **QUIET)


def _lay_out() -> Sheet:
    gr.Markdown(f"# Scores\n\n{words.INTRO}", elem_classes="page-head")
    with gr.Row(elem_classes="halves"):
        with gr.Column(min_width=300):
            source = gr.Dropdown(
                [], label=words.SOURCE, info=words.SOURCE_HELP, interactive=True, elem_id="score-source"
            )
            score = gr.Button(words.SCORE, variant="primary", elem_id="score", elem_classes="main-button")
        with gr.Column(min_width=300):
            file = gr.File(label=words.FILE, height=150, elem_id="score-file")
    notice = gr.Markdown(elem_id="notice", elem_classes="notice")
    standing = gr.Markdown(elem_id="score-standing", elem_classes="notice")
    stop = gr.Button(words.STOP, size="sm", visible=False, elem_id="score-stop", elem_classes="modest")
    card = gr.Markdown(elem_id="scorecard", elem_classes="scrolled", latex_delimiters=[])
    with gr.Accordion(words.EARLIER, open=False, elem_id="earlier-scores"):
        earlier = gr.Markdown(latex_delimiters=[])
    form = ScoreForm(source, file, gr.State(""))
    return Sheet(form, score, stop, notice, standing, card, earlier, gr.State(""), gr.State(""))


def _draw(bench: Bench, chosen: str, seen: str) -> list[Any]:
    job, cards, now = _newest(bench), bench.workspace.scorecards.list(), bench.workspace.clock()
    card = _card(bench, chosen) or (cards[0] if cards else None)
    standing = view.standing(job)
    revision = f"{card.id if card else ''} {len(cards)} {standing}"
    if revision == seen:
        return [gr.skip()] * 5
    datasets = bench.workspace.datasets.list()
    shown = view.scorecard(card, view.source_name(card, datasets), now) if card else words.NONE
    going_on = job is not None and not job.state.final and job.finish_requested_at is None
    return [revision, standing, gr.update(visible=going_on), shown, view.earlier(cards, datasets, now)]


def _newest(bench: Bench) -> Job | None:
    return next(iter(bench.queue.list("evaluate", 1)), None)


def _card(bench: Bench, card_id: str) -> Scorecard | None:
    try:
        return bench.workspace.scorecards.get(card_id) if card_id else None
    except NotFound:
        return None
