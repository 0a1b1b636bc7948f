"""Compare: one question, five columns that answer it side by side, each with the evidence that made it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from jobs.answering.history import thread
from jobs.answering.picking import USUAL, picked
from jobs.models.choosing import base_model
from jobs.requests import Choices
from storage.records import Comparison
from studio.bench import Bench
from studio.forms import Values
from studio.pages import (
    approving,
    columns,
    coming,
    completing,
    differing,
    evidence,
    listing,
    picking,
    placing,
    revealing,
    test_questions,
    voting,
)
from studio.pages import using as put_to_use
from studio.pages.events import AT_ONCE, QUIET, TAIL, enable_after
from studio.pages.resting import answering, awake, refuse_resting
from studio.pages.sheet import Sheet, lay_out
from studio.pages.telling import telling
from studio.views import compare as view
from studio.views import use as using
from studio.views.places import FURTHER
from studio.wording import answers, compare, taking
from studio.wording import picking as words


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to what answers."""
    sheet = lay_out()
    placing.connect(sheet.places)
    for slot in sheet.slots:
        evidence.connect(bench, slot, sheet.drawer, sheet.comparison)
        approving.connect(bench, slot.card)
    tails = _tails(bench, sheet)
    _ask(bench, sheet, tails)
    followed = [*tails, *(_again(bench, sheet, slot) for slot in sheet.slots)]
    completing.connect(bench, sheet, followed)
    _stop(bench, sheet)
    _pick(bench, sheet)
    listing.connect(bench, sheet.earlier)
    differing.connect(bench, sheet.differing, sheet.comparison)
    cast = voting.connect(bench, sheet.voting, sheet.top.notice)
    revealing.connect(bench, sheet, cast)
    test_questions.connect(bench, sheet.test, sheet.comparison, cast)
    put_to_use.connect(bench, sheet.using, sheet.comparison, sheet.voting.form.vote)
    _open(bench, page, sheet)
    coming.build(bench, page, sheet)


def _ask(bench: Bench, sheet: Sheet, tails: list[Any]) -> None:
    said, shown = _said(sheet), _shown(sheet)

    @telling(len(shown) + len(said))
    def ask(values: Values) -> list[Any]:
        choices = sheet.form.choices(values, base_model(bench.workspace.settings))
        told = choices.model_copy(update={"instruction": str(values[sheet.picking.instruction] or "").strip()})
        columns = picked(values[sheet.picking.picks], told, bench.workspace)
        previous, blind = sheet.form.goes_on_from(values), bool(values[sheet.top.blind])
        comparison = bench.comparing.ask(sheet.form.asked(values), columns, previous, blind=blind)
        return [*_opened(bench, comparison, None), *[answers.WAITING, ""] * len(sheet.places.usual)]

    picks, instruction = sheet.picking.picks, sheet.picking.instruction
    inputs = {*sheet.form.inputs, sheet.top.blind, picks, instruction}
    asked: dict[str, Any] = {"fn": ask, "inputs": inputs, "outputs": [sheet.top.notice, *shown, *said], **QUIET}
    gr.on([sheet.top.ask.click, sheet.top.question.submit], **asked, cancels=tails)
    for number, button in enumerate(sheet.top.questions):
        button.click(_nth(number), sheet.texts, sheet.top.question, **AT_ONCE).success(**asked)


def _tails(bench: Bench, sheet: Sheet) -> list[Any]:
    """Let each place follow its column by itself; the further ones only where something stands there."""
    usual, further = [sheet.comparison.change, sheet.turned.change], [sheet.places.further.change]
    return [
        gr.on(
            further if slot.place in FURTHER else usual,
            _tail(bench, slot.place),
            sheet.comparison,
            slot.outputs,
            **TAIL,
        )
        for slot in sheet.slots
    ]


def _shown(sheet: Sheet) -> list[Any]:
    """What `_opened` fills."""
    top = sheet.top
    beside = [top.link, top.starters, top.follow_up, top.before, top.blind]
    return [
        sheet.comparison,
        *beside,
        *sheet.voting.opened,
        sheet.differing.box,
        sheet.files,
        sheet.places.further,
        sheet.places.dressed,
    ]


def _said(sheet: Sheet) -> list[gr.Markdown]:
    return [part for slot in sheet.places.usual for part in (slot.status, slot.text)]


def _opened(bench: Bench, comparison: Comparison, voted: str | None) -> list[Any]:
    titles = {column: name.title for column, name in placing.names_of(bench, comparison).items()}
    vote = gr.update(visible=True, choices=view.vote_choices(titles), value=voted)
    before = using.earlier_questions(
        [(one.question, compare.address(one.id)) for one in thread(bench.workspace.comparisons, comparison)]
    )
    beside = [gr.update(visible=False), gr.Checkbox(value=False, visible=True), before, comparison.blind]
    return [
        comparison.id,
        compare.link(comparison.id),
        *beside,
        vote,
        "",
        differing.closed(),
        taking.this_one(comparison.id),
        placing.further(comparison),
        placing.dressed_for(bench, comparison),
    ]


def _nth(number: int) -> Callable[[list[str]], str]:
    return lambda texts: texts[number] if number < len(texts) else ""


def _tail(bench: Bench, place: str) -> Callable[[str], AsyncIterator[list[Any]]]:
    async def tail(comparison_id: str) -> AsyncIterator[list[Any]]:
        column = placing.at_place(bench.workspace.comparisons.get(comparison_id), place)
        async for changes in columns.follow(bench, comparison_id, column.id if column else place, place):
            yield changes

    return tail


def _again(bench: Bench, sheet: Sheet, slot: columns.Slot) -> Any:
    @telling(0)
    def again(comparison_id: str, label: str) -> list[Any]:
        column = placing.standing(bench, comparison_id, slot.place)
        if column is not None:
            columns.press(bench, comparison_id, column.id, label)
        return []

    pressed = slot.again.click(again, [sheet.comparison, slot.again], [sheet.top.notice], **QUIET)
    return pressed.success(_tail(bench, slot.place), sheet.comparison, slot.outputs, **TAIL)


def _stop(bench: Bench, sheet: Sheet) -> None:
    def stop(comparison_id: str) -> None:
        if comparison_id:
            bench.comparing.stop(comparison_id)

    sheet.top.stop.click(stop, sheet.comparison, None, **AT_ONCE)


def _pick(bench: Bench, sheet: Sheet) -> None:
    """Let what is picked be seen: on the button that asks and, as long as nothing is asked, in the columns."""
    said = [part for slot in sheet.slots for part in (slot.status, slot.text)]
    outputs = [sheet.top.ask, *said, sheet.places.dressed]

    def show(picks: list[str], comparison_id: str) -> list[Any]:
        if comparison_id:
            return [words.ask(len(picks)), *[gr.skip()] * (len(outputs) - 1)]
        made = picked(picks, Choices(model=base_model(bench.workspace.settings)), bench.workspace)
        lacking = coming.before_asking(bench, picks)
        return [words.ask(len(picks)), *lacking, placing.dressed_before(bench, made)]

    for changed in picking.connect(bench, sheet.picking):
        changed.success(show, [sheet.picking.picks, sheet.comparison], outputs, **QUIET)


def _open(bench: Bench, page: gr.Blocks, sheet: Sheet) -> None:
    store, workspace = bench.workspace.comparisons, bench.workspace
    top, form, opened, said = sheet.top, sheet.form, _shown(sheet), _said(sheet)

    @telling(1 + len(opened))
    def reopen(request: gr.Request) -> list[Any]:
        wanted = request.query_params.get("c", "")
        if not wanted:
            if adapter_id := request.query_params.get("adapter"):
                refuse_resting(bench, adapter_id)  # raises what is then told: it may have been deleted
            return [request.query_params.get("q") or gr.skip(), *[gr.skip()] * len(opened)]
        comparison = store.get(wanted)
        return [comparison.question, *_opened(bench, comparison, store.voted(wanted))]

    def offer(request: gr.Request) -> list[Any]:
        now, kept = workspace.clock(), awake(bench)
        wanted = request.query_params.get("adapter", "")
        chosen = wanted if wanted in {adapter.id for adapter in kept} else ""
        adapters = gr.Dropdown(view.adapter_choices(kept, now), value=chosen)
        collections = gr.Dropdown(view.collection_choices(workspace.collections.list()), value="")
        uses = gr.Accordion(open=True) if chosen else gr.skip()
        picks = picking.as_picks(bench, request.query_params.get("c", ""))
        picked_now = [words.ask(len(picks)), *picking.drawn(bench, picks)]
        return [adapters, collections, uses, answering(bench), *picked_now]

    def start(request: gr.Request) -> list[Any]:
        texts = [] if {"c", "q"} & set(request.query_params) else _questions(bench)
        buttons = [gr.Button(text, visible=True) for text in texts]
        hidden = [gr.Button(visible=False)] * (view.MOST_EXAMPLES - len(texts))
        return [texts, gr.update(visible=bool(texts)), *buttons, *hidden]

    def ready(request: gr.Request) -> list[Any]:
        if request.query_params.get("c"):
            return [gr.skip()] * len(said)
        return coming.before_asking(bench, USUAL)[: len(said)]

    page.load(ready, None, said, **QUIET)
    page.load(start, None, [sheet.texts, top.starters, *top.questions], **QUIET)
    reopened = page.load(reopen, None, [top.notice, top.question, *opened], **QUIET)
    enable_after(reopened, top.ask)
    offered = [form.adapter, form.collection, sheet.uses, sheet.model]
    page.load(offer, None, [*offered, top.ask, *sheet.picking.outputs], **QUIET)


def _questions(bench: Bench) -> list[str]:
    datasets = bench.workspace.datasets.list()
    return view.example_questions(bench.workspace.datasets.examples(datasets[0].id, "exam")) if datasets else []
