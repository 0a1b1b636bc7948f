"""Compare: one question, five columns that answer it side by side, each with the evidence that made it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from jobs.answering.history import thread
from jobs.answering.ways import columns_for
from jobs.models.choosing import base_model
from storage.records import Comparison
from studio.bench import Bench
from studio.forms import Values
from studio.pages import approving, columns, coming, evidence, test_questions, voting
from studio.pages import using as put_to_use
from studio.pages.events import AT_ONCE, QUIET, TAIL, enable_after
from studio.pages.resting import answering, awake, refuse_resting
from studio.pages.sheet import Sheet, lay_out
from studio.pages.telling import telling
from studio.views import compare as view
from studio.views import use as using
from studio.wording import answers, compare

_EARLIER = 12


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to what answers."""
    sheet = lay_out()
    for slot in sheet.slots:
        evidence.connect(bench, slot, sheet.drawer, sheet.comparison)
        approving.connect(bench, slot.card)
        _widen(slot)
    _ask(bench, sheet)
    for slot in sheet.slots:
        _again(bench, sheet, slot)
    _choose(bench, sheet)
    cast = voting.connect(bench, sheet.voting, sheet.top.notice)
    test_questions.connect(bench, sheet.test, sheet.comparison, cast)
    put_to_use.connect(bench, sheet.using, sheet.comparison, sheet.voting.form.vote)
    _open(bench, page, sheet)
    coming.build(bench, page, sheet)


def _widen(slot: columns.Slot) -> None:
    wide = gr.State(False)

    def turn(is_wide: bool) -> list[Any]:
        classes = ["way", f"way-{slot.way}", *([] if is_wide else ["widened"])]
        return [not is_wide, gr.Column(elem_classes=classes), "Wider" if is_wide else "Narrower"]

    slot.wider.click(turn, wide, [wide, slot.box, slot.wider], **AT_ONCE)


def _ask(bench: Bench, sheet: Sheet) -> None:
    tails: list[Any] = [
        sheet.comparison.change(_tail(bench, slot.way), sheet.comparison, slot.outputs, **TAIL) for slot in sheet.slots
    ]

    said = _said(sheet)

    @telling(7 + len(said))
    def ask(values: Values) -> list[Any]:
        choices = sheet.form.choices(values, base_model(bench.workspace.settings))
        columns, previous = columns_for(choices, bench.workspace), sheet.form.goes_on_from(values)
        comparison = bench.comparing.ask(sheet.form.asked(values), columns, previous)
        return [*_opened(bench, comparison, None), *[answers.WAITING, ""] * len(sheet.slots)]

    outputs = [sheet.top.notice, *_shown(sheet), *said]
    asked: dict[str, Any] = {"fn": ask, "inputs": sheet.form.inputs, "outputs": outputs, **QUIET}
    gr.on([sheet.top.ask.click, sheet.top.question.submit], **asked, cancels=tails)
    for number, button in enumerate(sheet.top.questions):
        button.click(_nth(number), sheet.texts, sheet.top.question, **AT_ONCE).success(**asked)


def _shown(sheet: Sheet) -> list[Any]:
    """What `_opened` fills."""
    top = sheet.top
    return [sheet.comparison, top.link, top.starters, top.follow_up, top.before, *sheet.voting.opened]


def _said(sheet: Sheet) -> list[gr.Markdown]:
    return [part for slot in sheet.slots for part in (slot.status, slot.text)]


def _opened(bench: Bench, comparison: Comparison, voted: str | None) -> list[Any]:
    asked = [column.id for column in comparison.columns]
    vote = gr.update(visible=True, choices=view.vote_choices(asked), value=voted)
    before = using.earlier_questions(
        [(one.question, compare.address(one.id)) for one in thread(bench.workspace.comparisons, comparison)]
    )
    follow_up = gr.Checkbox(value=False, visible=True)
    return [comparison.id, compare.link(comparison.id), gr.update(visible=False), follow_up, before, vote, ""]


def _nth(number: int) -> Callable[[list[str]], str]:
    return lambda texts: texts[number] if number < len(texts) else ""


def _tail(bench: Bench, way: str) -> Callable[[str], AsyncIterator[list[Any]]]:
    async def tail(comparison_id: str) -> AsyncIterator[list[Any]]:
        async for changes in columns.follow(bench, comparison_id, way):
            yield changes

    return tail


def _again(bench: Bench, sheet: Sheet, slot: columns.Slot) -> None:
    @telling(0)
    def again(comparison_id: str) -> list[Any]:
        if comparison_id:
            bench.comparing.again(comparison_id, slot.way)
        return []

    pressed = slot.again.click(again, sheet.comparison, [sheet.top.notice], **QUIET)
    pressed.success(_tail(bench, slot.way), sheet.comparison, slot.outputs, **TAIL)


def _choose(bench: Bench, sheet: Sheet) -> None:
    def show(chosen: list[str]) -> list[Any]:
        return [gr.Column(visible=slot.way in chosen) for slot in sheet.slots]

    def stop(comparison_id: str) -> None:
        if comparison_id:
            bench.comparing.stop(comparison_id)

    sheet.top.shown.input(show, sheet.top.shown, [slot.box for slot in sheet.slots], **AT_ONCE)
    sheet.top.stop.click(stop, sheet.comparison, None, **AT_ONCE)


def _open(bench: Bench, page: gr.Blocks, sheet: Sheet) -> None:
    store, workspace = bench.workspace.comparisons, bench.workspace

    @telling(8)
    def reopen(request: gr.Request) -> list[Any]:
        wanted = request.query_params.get("c", "")
        if not wanted:
            if adapter_id := request.query_params.get("adapter"):
                refuse_resting(bench, adapter_id)  # raises what is then told: it may have been deleted
            return [request.query_params.get("q") or gr.skip(), *[gr.skip()] * 7]
        comparison = store.get(wanted)
        return [comparison.question, *_opened(bench, comparison, store.voted(wanted))]

    def offer(request: gr.Request) -> list[Any]:
        now, kept = workspace.clock(), awake(bench)
        wanted = request.query_params.get("adapter", "")
        chosen = wanted if wanted in {adapter.id for adapter in kept} else ""
        adapters = gr.Dropdown(view.adapter_choices(kept, now), value=chosen)
        collections = gr.Dropdown(view.collection_choices(workspace.collections.list()), value="")
        uses = gr.Accordion(open=True) if chosen else gr.skip()
        return [adapters, collections, uses, view.earlier(store.list(_EARLIER), now), answering(bench)]

    def start(request: gr.Request) -> list[Any]:
        texts = [] if {"c", "q"} & set(request.query_params) else _questions(bench)
        buttons = [gr.Button(text, visible=True) for text in texts]
        hidden = [gr.Button(visible=False)] * (view.MOST_EXAMPLES - len(texts))
        return [texts, gr.update(visible=bool(texts)), *buttons, *hidden]

    def ready(request: gr.Request) -> list[Any]:
        if request.query_params.get("c"):
            return [gr.skip()] * 2 * len(sheet.slots)
        return coming.before_asking(bench)

    top, form = sheet.top, sheet.form
    page.load(ready, None, _said(sheet), **QUIET)
    shown = [top.notice, top.question, *_shown(sheet)]
    page.load(start, None, [sheet.texts, top.starters, *top.questions], **QUIET)
    enable_after(page.load(reopen, None, shown, **QUIET), top.ask)
    page.load(offer, None, [form.adapter, form.collection, sheet.uses, sheet.earlier, sheet.model], **QUIET)


def _questions(bench: Bench) -> list[str]:
    datasets = bench.workspace.datasets.list()
    return view.example_questions(bench.workspace.datasets.examples(datasets[0].id, "exam")) if datasets else []
