"""Compare: one question, five columns that answer it side by side, each with the evidence that made it."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.answering.ways import WAYS, columns_for
from storage.records import Comparison
from studio.bench import Bench
from studio.forms import QuestionForm, Values
from studio.pages import columns, evidence
from studio.pages.telling import telling
from studio.views import compare as view
from studio.wording import answers, compare
from studio.wording.ways import way_words

_IDS = tuple(way.id for way in WAYS)
_TAILS_AT_ONCE = 64
_EARLIER = 12


@dataclass(frozen=True)
class Top:
    """What stands above and below the columns."""

    form: QuestionForm
    ask: gr.Button
    stop: gr.Button
    notice: gr.Markdown
    starters: gr.Row
    questions: tuple[gr.Button, ...]
    texts: gr.State
    shown: gr.CheckboxGroup
    link: gr.Markdown
    comparison: gr.State


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to what answers."""
    top = _top()
    with gr.Row(elem_id="ways", elem_classes="ways"):
        slots = [columns.slot(way) for way in _IDS]
    vote, voted = _vote()
    with gr.Accordion(compare.EARLIER, open=False, elem_id="earlier"):
        earlier = gr.Markdown(latex_delimiters=[])
    shown = evidence.drawer()
    for slot in slots:
        evidence.connect(bench, slot, shown, top.comparison)
        _widen(slot)
    _ask(bench, top, slots, vote)
    _choose(bench, top, slots, vote, voted)
    _open(bench, page, top, vote, earlier)


def _top() -> Top:
    gr.Markdown(f"# Compare\n\n{compare.INTRO}", elem_classes="page-head")
    comparison, texts = gr.State(""), gr.State([])
    with gr.Row(elem_classes="ask-row", equal_height=True):
        question = gr.Textbox(
            label=compare.QUESTION, placeholder=compare.PLACEHOLDER, lines=1, max_lines=6, scale=6, elem_id="question"
        )
        ask = gr.Button(compare.ASK, variant="primary", scale=1, min_width=130, elem_id="ask")
        stop = gr.Button(compare.STOP, scale=1, min_width=100, elem_id="stop")
    notice = gr.Markdown(elem_id="notice", elem_classes="notice")
    with gr.Row(visible=False, elem_classes="starters", elem_id="starters") as starters:
        gr.Markdown(compare.EXAMPLES, elem_classes="quiet")
        questions = tuple(gr.Button("", size="sm", elem_id=f"starter-{number}", visible=False) for number in (1, 2, 3))
    with gr.Accordion(compare.USES, open=False, elem_id="uses"):
        with gr.Row():
            adapter = gr.Dropdown([], label=compare.ADAPTER, info=compare.ADAPTER_HELP, elem_id="adapter")
            collection = gr.Dropdown([], label=compare.COLLECTION, info=compare.COLLECTION_HELP, elem_id="collection")
        gr.Markdown(compare.TOOLS_HELP)
    shown = gr.CheckboxGroup(
        [(way_words(way).title, way) for way in _IDS], value=list(_IDS), label=compare.SHOWN, elem_id="shown"
    )
    link = gr.Markdown(elem_id="comparison-link")
    form = QuestionForm(question, adapter, collection)
    return Top(form, ask, stop, notice, starters, questions, texts, shown, link, comparison)


def _vote() -> tuple[gr.Radio, gr.Markdown]:
    with gr.Row(elem_classes="vote-row"):
        vote = gr.Radio(
            view.vote_choices(_IDS), label=answers.VOTE_QUESTION, interactive=True, elem_id="vote", visible=False
        )
    return vote, gr.Markdown(elem_id="voted", elem_classes="quiet notice")


def _widen(slot: columns.Slot) -> None:
    wide = gr.State(False)

    def turn(is_wide: bool) -> list[Any]:
        classes = ["way", f"way-{slot.way}", *([] if is_wide else ["widened"])]
        return [not is_wide, gr.Column(elem_classes=classes), "Wider" if is_wide else "Narrower"]

    slot.wider.click(turn, wide, [wide, slot.box, slot.wider], show_progress="hidden", queue=False)


def _ask(bench: Bench, top: Top, slots: Sequence[columns.Slot], vote: gr.Radio) -> None:
    tails: list[Any] = [
        top.comparison.change(
            _tail(bench, slot.way), top.comparison, slot.outputs, show_progress="hidden", trigger_mode="multiple",
            concurrency_limit=_TAILS_AT_ONCE, concurrency_id="tail",
        )
        for slot in slots
    ]  # fmt: skip

    @telling(4)
    def ask(values: Values) -> list[Any]:
        choices = top.form.choices(values, bench.workspace.settings.base_model)
        comparison = bench.comparing.ask(top.form.asked(values), columns_for(choices, bench.workspace))
        return _opened(comparison, None)

    outputs = [top.notice, top.comparison, top.link, top.starters, vote]
    asks = {"fn": ask, "inputs": top.form.inputs, "outputs": outputs, "show_progress": "hidden"}
    gr.on([top.ask.click, top.form.question.submit], **asks, cancels=tails)
    for number, button in enumerate(top.questions):
        chosen = button.click(_nth(number), top.texts, top.form.question, show_progress="hidden", queue=False)
        chosen.success(**asks)
    for slot in slots:
        _again(bench, top, slot)


def _opened(comparison: Comparison, voted: str | None) -> list[Any]:
    asked = [column.id for column in comparison.columns]
    vote = gr.update(visible=True, choices=view.vote_choices(asked), value=voted)
    return [comparison.id, compare.link(comparison.id), gr.update(visible=False), vote]


def _nth(number: int) -> Callable[[list[str]], str]:
    return lambda texts: texts[number] if number < len(texts) else ""


def _tail(bench: Bench, way: str) -> Callable[[str], AsyncIterator[list[Any]]]:
    async def tail(comparison_id: str) -> AsyncIterator[list[Any]]:
        async for changes in columns.follow(bench, comparison_id, way):
            yield changes

    return tail


def _again(bench: Bench, top: Top, slot: columns.Slot) -> None:
    @telling(0)
    def again(comparison_id: str) -> list[Any]:
        if comparison_id:
            bench.comparing.again(comparison_id, slot.way)
        return []

    pressed = slot.again.click(again, top.comparison, [top.notice], show_progress="hidden")
    pressed.success(
        _tail(bench, slot.way), top.comparison, slot.outputs, show_progress="hidden", trigger_mode="multiple",
        concurrency_limit=_TAILS_AT_ONCE, concurrency_id="tail",
    )  # fmt: skip


def _choose(bench: Bench, top: Top, slots: Sequence[columns.Slot], vote: gr.Radio, voted: gr.Markdown) -> None:
    def show(chosen: list[str]) -> list[Any]:
        return [gr.Column(visible=slot.way in chosen) for slot in slots]

    @telling(1)
    def keep(comparison_id: str, column_id: str) -> list[Any]:
        bench.workspace.comparisons.vote(comparison_id, column_id)
        return [compare.VOTED]

    def stop(comparison_id: str) -> None:
        if comparison_id:
            bench.comparing.stop(comparison_id)

    top.shown.input(show, top.shown, [slot.box for slot in slots], show_progress="hidden", queue=False)
    top.stop.click(stop, top.comparison, None, show_progress="hidden", queue=False)
    vote.input(keep, [top.comparison, vote], [top.notice, voted], show_progress="hidden", queue=False)


def _open(bench: Bench, page: gr.Blocks, top: Top, vote: gr.Radio, earlier: gr.Markdown) -> None:
    store = bench.workspace.comparisons

    @telling(5)
    def reopen(request: gr.Request) -> list[Any]:
        wanted = request.query_params.get("c", "")
        if not wanted:
            return [gr.skip()] * 5
        comparison = store.get(wanted)
        return [comparison.question, *_opened(comparison, store.voted(wanted))]

    def offer() -> list[Any]:
        workspace, now = bench.workspace, bench.workspace.clock()
        adapters = gr.Dropdown(view.adapter_choices(workspace.adapters.list(), now), value="")
        collections = gr.Dropdown(view.collection_choices(workspace.collections.list()), value="")
        return [adapters, collections, view.earlier(store.list(_EARLIER), now)]

    def start(request: gr.Request) -> list[Any]:
        texts = [] if request.query_params.get("c") else _questions(bench)
        buttons = [gr.Button(text, visible=True) for text in texts]
        hidden = [gr.Button(visible=False)] * (view.MOST_EXAMPLES - len(texts))
        return [texts, gr.update(visible=bool(texts)), *buttons, *hidden]

    shown = [top.notice, top.form.question, top.comparison, top.link, top.starters, vote]
    page.load(start, None, [top.texts, top.starters, *top.questions], show_progress="hidden")
    page.load(reopen, None, shown, show_progress="hidden")
    page.load(offer, None, [top.form.adapter, top.form.collection, earlier], show_progress="hidden")


def _questions(bench: Bench) -> list[str]:
    datasets = bench.workspace.datasets.list()
    return view.example_questions(bench.workspace.datasets.examples(datasets[0].id, "exam")) if datasets else []
