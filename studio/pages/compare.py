"""Compare: one question, five columns that answer it side by side, each with the evidence that made it."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from jobs.answering.history import thread
from jobs.answering.picking import picked
from jobs.models.choosing import base_model
from storage.records import Comparison
from studio.bench import Bench
from studio.forms import Values
from studio.pages import (
    approving,
    beginning,
    coming,
    completing,
    differing,
    evidence,
    following,
    listing,
    picking,
    placing,
    revealing,
    test_questions,
    voting,
)
from studio.pages import using as put_to_use
from studio.pages.events import AT_ONCE, QUIET, TAIL, enable_after
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
    again = [
        following.connect_again(bench, slot, sheet.comparison, sheet.top.notice, placing.at_place)
        for slot in sheet.slots
    ]
    completing.connect(bench, sheet, [*tails, *again])
    _stop(bench, sheet)
    _pick(bench, sheet)
    listing.connect(bench, sheet.earlier)
    differing.connect(bench, sheet.differing, sheet.comparison)
    cast = voting.connect(bench, sheet.voting, sheet.top.notice)
    revealing.connect(bench, sheet, cast)
    test_questions.connect(bench, sheet.test, sheet.comparison, cast)
    put_to_use.connect(bench, sheet.using, sheet.comparison, sheet.voting.form.vote)
    _open(bench, page, sheet)
    beginning.connect(bench, page, sheet)
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
            following.tail(bench, slot.place, placing.at_place),
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
        return [words.ask(len(picks)), *coming.before_asking(bench, picks), beginning.dressed(bench, picks)]

    for changed in picking.connect(bench, sheet.picking):
        changed.success(show, [sheet.picking.picks, sheet.comparison], outputs, **QUIET)


def _open(bench: Bench, page: gr.Blocks, sheet: Sheet) -> None:
    store, opened = bench.workspace.comparisons, _shown(sheet)

    @telling(1 + len(opened))
    def reopen(request: gr.Request) -> list[Any]:
        wanted = request.query_params.get("c", "")
        if not wanted:
            begun = [request.query_params.get("q") or gr.skip(), *[gr.skip()] * len(opened)]
            if adapter_id := request.query_params.get("adapter"):  # it may have been deleted, which is then told
                begun[-1] = beginning.dressed(bench, picking.of_adapter(bench, adapter_id))
            return begun
        comparison = store.get(wanted)
        return [comparison.question, *_opened(bench, comparison, store.voted(wanted))]

    reopened = page.load(reopen, None, [sheet.top.notice, sheet.top.question, *opened], **QUIET)
    enable_after(reopened, sheet.top.ask)
