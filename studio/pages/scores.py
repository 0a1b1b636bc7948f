"""Scores: questions that training never saw decide which way answers best."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.answering.labels import labels_of
from jobs.answering.ways import WAYS, columns_for, with_another
from jobs.evaluation.asked import source_of
from jobs.evaluation.tables import keep_test_table
from jobs.models.choosing import base_model
from jobs.requests import TIMES_WHEN_SAMPLING, Choices, Evaluate
from storage.errors import NotFound, UserFault
from storage.records import Column, JobState
from studio.bench import Bench
from studio.forms import Values
from studio.pages import (
    changing,
    doing,
    exam,
    judging,
    looking,
    marking,
    measured,
    measures,
    score_drawing,
    score_questions,
    sealing,
    votes,
)
from studio.pages.events import QUIET, enable_after
from studio.pages.telling import telling
from studio.score_form import ScoreForm
from studio.uses_form import label_switch, wording_choice
from studio.views import compare
from studio.views import scores as view
from studio.wording import scores as words
from studio.wording import test_questions as test_words
from studio.wording.ways import way_words

LOOK_EVERY_S = 2.0


@dataclass(frozen=True)
class Sheet:
    """All parts of the page. `chosen` holds the scorecard asked for by its address, `wanted` which of its questions."""

    form: ScoreForm
    score: gr.Button
    stop: gr.Button
    go_on: gr.Button
    notice: gr.Markdown
    standing: gr.Markdown
    card: gr.Markdown
    facts: gr.Markdown
    facts_box: gr.Accordion
    earlier: gr.Markdown
    questions: score_questions.Questions
    marking: marking.Marking
    changing: changing.Changing
    measures: measures.Measures
    exam: exam.Exam
    judging: judging.Judging
    measured: measured.Measured
    doing: doing.Doing
    looking: looking.Looking
    chosen: gr.State
    wanted: gr.State
    seen: gr.State
    shown: gr.State

    @property
    def outputs(self) -> list[Any]:
        """What `score_drawing.draw` fills, in its order."""
        going_on = [self.standing, self.stop, self.go_on]
        return [self.seen, *going_on, self.shown, self.card, self.facts, self.facts_box, self.earlier]


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to the queue."""
    sheet = _lay_out()
    votes.build(bench, page)
    score_questions.connect(bench, sheet.questions, sheet.shown, sheet.wanted)
    marking.connect(bench, sheet.marking, sheet.shown)
    changing.connect(bench, sheet.changing, sheet.shown)
    measures.connect(bench, sheet.measures, sheet.shown)
    exam.connect(bench, sheet.exam, sheet.shown)
    judging.connect(bench, sheet.judging, sheet.shown)
    measured.connect(bench, sheet.measured, sheet.shown)
    doing.connect(bench, sheet.doing, sheet.shown)
    looking.connect(bench, sheet.looking, sheet.form.source, lambda: _sources(bench))
    _score(bench, sheet)
    _act(bench, sheet)
    _open(bench, page, sheet)


def _lay_out() -> Sheet:
    gr.Markdown(f"# Scores\n\n{words.INTRO}", elem_classes="page-head")
    form, score = _form()
    notice = gr.Markdown(elem_id="notice", elem_classes="notice")
    standing = gr.Markdown(elem_id="score-standing", elem_classes="notice")
    with gr.Row(elem_classes="buttons"):
        stop = gr.Button(words.STOP, size="sm", visible=False, elem_id="score-stop", elem_classes="modest")
        go_on = gr.Button(words.GO_ON, size="sm", visible=False, elem_id="score-go-on", elem_classes="modest")
    look = looking.lay_out()
    card = gr.Markdown(elem_id="scorecard", elem_classes="scrolled", latex_delimiters=[])
    to_do, table = doing.lay_out(), measured.lay_out()
    unseen, more, questions = exam.lay_out(), measures.lay_out(), score_questions.lay_out()
    to_mark, judge, against = marking.lay_out(), judging.lay_out(), changing.lay_out()
    with gr.Accordion(words.FACTS, open=False, visible=False, elem_id="score-facts") as facts_box:
        facts = gr.Markdown(elem_classes="scrolled", latex_delimiters=[])
    with gr.Accordion(words.EARLIER, open=False, elem_id="earlier-scores"):
        earlier = gr.Markdown(latex_delimiters=[])
    states = (gr.State(""), gr.State({}), gr.State(score_drawing.NOTHING_SEEN), gr.State(""))
    return Sheet(
        form,
        score,
        stop,
        go_on,
        notice,
        standing,
        card,
        facts,
        facts_box,
        earlier,
        questions,
        to_mark,
        against,
        more,
        unseen,
        judge,
        table,
        to_do,
        look,
        *states,
    )


def _form() -> tuple[ScoreForm, gr.Button]:
    with gr.Row(elem_classes="halves"):
        with gr.Column(min_width=300):
            source = gr.Dropdown(
                [], label=words.SOURCE, info=words.SOURCE_HELP, interactive=True, elem_id="score-source"
            )
            choices = [(way_words(way.id).heading, way.id) for way in WAYS]
            ways = gr.CheckboxGroup(
                choices, value=[way.id for way in WAYS], label=words.WAYS, info=words.WAYS_HELP, elem_id="score-ways"
            )
            asked_again = sealing.lay_out_again()
            score = gr.Button(
                words.SCORE, variant="primary", interactive=False, elem_id="score", elem_classes="main-button"
            )
        with gr.Column(min_width=300):
            file = gr.File(label=words.FILE, height=150, elem_id="score-file")
            sealed = gr.Checkbox(label=test_words.SEALED, info=test_words.SEALED_HELP, elem_id="score-sealed")
            with gr.Accordion(words.USES, open=False, elem_id="score-uses"):
                adapter, another, collection = (
                    gr.Dropdown([], label=label, info=info, interactive=True, elem_id=f"score-{name}")
                    for name, label, info in (
                        ("adapter", words.ADAPTER, words.ADAPTER_HELP),
                        ("another", words.ANOTHER, words.ANOTHER_HELP),
                        ("collection", words.COLLECTION, words.COLLECTION_HELP),
                    )
                )
                gr.Markdown(words.TOOLS_HELP, elem_classes="quiet")
                switches = (label_switch("score-labels"), wording_choice("score-wording"), *_chance())
            fresh = gr.Checkbox(label=words.FRESH, info=words.FRESH_HELP, elem_id="score-fresh")
    seals = sealing.Sealing(sealed, *asked_again)
    key = gr.State("")
    return ScoreForm(source, file, ways, adapter, another, collection, *switches, fresh, seals, key), score


def _chance() -> tuple[gr.Slider, gr.Slider]:
    """Place how freely answers are worded, and how often each question is asked where they are."""
    heat, times = Choices.model_fields["temperature"], Evaluate.model_fields["repeats"]
    freedom = gr.Slider(0, 1.5, 0, step=0.1, label=heat.title, info=heat.description, elem_id="score-freedom")
    often = gr.Slider(
        1, 10, TIMES_WHEN_SAMPLING, step=1, label=times.title, info=times.description, elem_id="score-repeats"
    )
    return freedom, often


def _score(bench: Bench, sheet: Sheet) -> None:
    form = sheet.form

    @telling(4 + score_drawing.COUNT)
    def score(values: Values) -> list[Any]:
        columns = _columns(bench, form, values)
        path = form.own_file(values)
        sealed = form.sealing.seals(values)
        source = keep_test_table(bench.workspace, path, sealed=sealed).id if path else form.chosen(values)
        if not form.sealing.agreed(values) and (why := sealing.before_scoring(bench, source)):
            return _asked_first(bench, source, why, uploaded=path is not None)
        request = _request(bench, source, columns).model_copy(update=form.asking(values))
        bench.queue.enqueue(request, form.idem_key(values))
        offered = gr.Dropdown(_sources(bench), value=source)
        return [str(uuid4()), None, offered, "", *_all(bench)]

    outputs = [sheet.notice, form.key, form.file, form.source, sheet.chosen, *sheet.outputs]
    pressed = sheet.score.click(score, form.inputs, outputs, **QUIET)
    pressed.then(lambda source: sealing.draw(bench, source), form.source, form.sealing.drawn, **QUIET)
    form.source.change(lambda source: sealing.draw(bench, source), form.source, form.sealing.drawn, **QUIET)


def _asked_first(bench: Bench, source: str, why: str, *, uploaded: bool) -> list[Any]:
    """Let a table that was uploaded be what is chosen: the question before a second score then stands below it."""
    if not uploaded:
        raise UserFault(why, test_words.TICK_AGAIN)
    chosen = gr.Dropdown(_sources(bench), value=source)
    return [gr.skip(), None, chosen, *[gr.skip()] * (1 + score_drawing.COUNT)]


def _columns(bench: Bench, form: ScoreForm, values: Values) -> list[Column]:
    columns = columns_for(form.choices(values, base_model(bench.workspace.settings)), bench.workspace)
    another = form.another_adapter(values)
    if another is None:
        return columns
    if any(column.adapter_id == another for column in columns):
        raise UserFault(words.TWICE, words.CHOOSE_ANOTHER)
    adapter = bench.workspace.adapters.get(another)
    labels = labels_of(adapter, bench.workspace) if values[form.labels] else ()
    return with_another(columns, adapter, labels)


def _request(bench: Bench, chosen: str, columns: list[Column]) -> Evaluate:
    try:
        return Evaluate(source=source_of(bench.workspace, chosen), columns=tuple(columns))
    except NotFound as error:
        raise UserFault(words.SOURCE_GONE, words.CHOOSE_OTHERS) from error


def _sources(bench: Bench) -> list[view.Choice]:
    return view.source_choices(bench.workspace.datasets.list(), bench.workspace.question_sets.list())


def _act(bench: Bench, sheet: Sheet) -> None:
    def stop(chosen: str) -> list[Any]:
        job = score_drawing.newest(bench)
        if job is not None and job.state is JobState.RUNNING:
            bench.queue.request_finish(job.id)
        elif job is not None:
            bench.queue.request_cancel(job.id)
        return _all(bench, chosen)

    def go_on() -> list[Any]:
        job = score_drawing.newest(bench)
        if job is not None and score_drawing.can_go_on(bench, job):
            bench.queue.retry(job.id, f"after {job.id}")  # pressed twice it counts once
        return ["", *_all(bench)]

    sheet.stop.click(stop, sheet.chosen, sheet.outputs, **QUIET)
    sheet.go_on.click(go_on, None, [sheet.chosen, *sheet.outputs], **QUIET)


def _open(bench: Bench, page: gr.Blocks, sheet: Sheet) -> None:
    form = sheet.form

    def look(chosen: str, seen: score_drawing.Seen) -> list[Any]:
        return score_drawing.draw(bench, chosen, seen)

    def opened(request: gr.Request) -> list[Any]:
        asked = request.query_params
        chosen = asked.get("s", "")
        wanted = {key: asked[key] for key in ("k", "w", "q") if key in asked}
        return [*_offered(bench), str(uuid4()), chosen, wanted, *_all(bench, chosen)]

    gr.Timer(LOOK_EVERY_S).tick(look, [sheet.chosen, sheet.seen], sheet.outputs, **QUIET)
    offered = [form.source, form.adapter, form.another, form.collection]
    filled = [*offered, form.key, sheet.chosen, sheet.wanted, *sheet.outputs]
    enable_after(page.load(opened, None, filled, **QUIET), sheet.score)


def _all(bench: Bench, chosen: str = "") -> list[Any]:
    return score_drawing.draw(bench, chosen, score_drawing.NOTHING_SEEN)


def _offered(bench: Bench) -> list[gr.Dropdown]:
    workspace, now = bench.workspace, bench.workspace.clock()
    sources, model = _sources(bench), base_model(workspace.settings)
    adapters = compare.adapter_choices([one for one in workspace.adapters.list() if one.base_id == model], now)
    collections = compare.collection_choices(workspace.collections.list())
    return [
        gr.Dropdown(sources, value=sources[0][1] if sources else None),
        gr.Dropdown(adapters, value=""),
        gr.Dropdown([(words.NO_OTHER, ""), *adapters[1:]], value=""),
        gr.Dropdown(collections, value=""),
    ]
