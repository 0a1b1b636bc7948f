"""Use: one way as a page to go on asking, with what was said before, each answer with its evidence."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from jobs.answering.history import history_of
from jobs.answering.ways import BASELINES, WAYS
from storage.errors import NotFound, UserFault
from storage.records import Column, Comparison
from studio.bench import Bench
from studio.endpoint.naming import WAY_IDS, column_named
from studio.pages import approving, columns, evidence, following, programs
from studio.pages.events import AT_ONCE, QUIET, TAIL, enable_after
from studio.pages.telling import telling
from studio.views import notices
from studio.views import use as view
from studio.wording import compare
from studio.wording import use as words
from studio.wording.ways import way_words

IDS = tuple(way.id for way in (*WAYS, *BASELINES))
_BEST = "hybrid"


@dataclass(frozen=True)
class Sheet:
    """All parts of the page. `comparison` holds the id of the last question, `base_url` the studio's own address."""

    who: gr.Dropdown
    fresh: gr.Button
    notice: gr.Markdown
    thread: gr.Markdown
    asked: gr.Markdown
    slots: tuple[columns.Slot, ...]
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    drawer: evidence.Drawer
    mine: gr.Dropdown
    take_out: gr.Button
    none: gr.Markdown
    programs: programs.Programs
    comparison: gr.State
    base_url: gr.State

    @property
    def conversation(self) -> list[Any]:
        """What `_conversation` fills: the last question, what was said before, the columns' boxes."""
        return [self.comparison, self.thread, self.asked, *(slot.box for slot in self.slots)]

    @property
    def kept(self) -> list[Any]:
        """What `_kept` fills: who can be asked, and what can be taken out of use."""
        return [self.who, self.mine, self.take_out, self.none]


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay out the page and connect it to what answers."""
    sheet = _lay_out()
    for slot in sheet.slots:
        evidence.connect(bench, slot, sheet.drawer, sheet.comparison, columns.column_of)
        approving.connect(bench, slot.card)
        following.connect_again(bench, slot, sheet.comparison, sheet.notice, columns.column_of)
        tail = following.tail(bench, slot.place, columns.column_of)
        sheet.comparison.change(tail, sheet.comparison, slot.outputs, **TAIL)
    programs.connect(bench, sheet.programs)
    _ask(bench, sheet)
    _choose(bench, sheet)
    _open(bench, page, sheet)


def _lay_out() -> Sheet:
    gr.Markdown(f"# Use\n\n{words.INTRO}", elem_classes="page-head")
    with gr.Row(equal_height=False, elem_classes="ask-row"):
        who = gr.Dropdown([], label=words.CHOOSE, info=words.CHOOSE_HELP, interactive=True, scale=6, elem_id="use-who")
        fresh = gr.Button(words.NEW, scale=0, min_width=150, elem_id="use-new", elem_classes="modest")
    notice = gr.Markdown(elem_id="notice", elem_classes="notice")
    thread = gr.Markdown(elem_id="use-thread", latex_delimiters=[], line_breaks=True)
    asked = gr.Markdown(elem_id="use-asked", latex_delimiters=[])
    cards = approving.cards(IDS)
    with gr.Column(elem_id="use-answers"):
        slots = tuple(columns.slot(way, card) for way, card in zip(IDS, cards, strict=True))
    with gr.Row(elem_classes="ask-row", equal_height=True):
        question = gr.Textbox(
            label=words.QUESTION, placeholder=words.PLACEHOLDER, lines=1, max_lines=6, scale=6, elem_id="use-question"
        )
        ask = gr.Button(words.ASK, variant="primary", interactive=False, scale=1, min_width=110, elem_id="use-ask")
        stop = gr.Button(words.STOP, scale=0, min_width=90, elem_id="use-stop")
    with gr.Accordion(words.MINE, open=False, elem_id="use-mine"):
        none = gr.Markdown(words.NONE)
        mine = gr.Dropdown([], label=words.WHICH, interactive=True, visible=False, elem_id="use-chosen")
        take_out = gr.Button(words.TAKE_OUT, visible=False, elem_id="use-take-out", elem_classes="modest")
    told = programs.lay_out()
    states = gr.State(""), gr.State("")
    return Sheet(
        who, fresh, notice, thread, asked, slots, question, ask, stop,
        evidence.drawer(), mine, take_out, none, told, *states,
    )  # fmt: skip


def _ask(bench: Bench, sheet: Sheet) -> None:
    @telling(1 + len(sheet.conversation))
    def ask(question: str, who: str, previous: str) -> list[Any]:
        if not question.strip():
            raise UserFault(compare.NO_QUESTION, words.PLACEHOLDER)
        column = _column(bench, who)
        asked = bench.comparing.ask(question.strip(), [column], previous or None)
        return ["", *_conversation(bench, asked, who)]

    def stop(comparison_id: str) -> None:
        if comparison_id:
            bench.comparing.stop(comparison_id)

    outputs = [sheet.notice, sheet.question, *sheet.conversation]
    inputs = [sheet.question, sheet.who, sheet.comparison]
    gr.on([sheet.ask.click, sheet.question.submit], ask, inputs, outputs, **QUIET)
    sheet.stop.click(stop, sheet.comparison, None, **AT_ONCE)


def _column(bench: Bench, who: str) -> Column:
    """Return the column that answers, under its way's id: the page has one place for each way."""
    column = column_named(bench.workspace, who)
    return replace(column, id=column.way)


def _choose(bench: Bench, sheet: Sheet) -> None:
    def begin(who: str, base_url: str) -> list[Any]:
        return [*_conversation(bench, None, who), view.examples(base_url, who)]

    @telling(len(sheet.kept))
    def take_out(name: str | None) -> list[Any]:
        if name:
            bench.workspace.uses.remove(name)
        return _kept(bench, _BEST)

    begun = [*sheet.conversation, sheet.programs.examples]
    sheet.who.input(begin, [sheet.who, sheet.base_url], begun, **QUIET)
    sheet.fresh.click(begin, [sheet.who, sheet.base_url], begun, **QUIET)
    pressed = sheet.take_out.click(take_out, sheet.mine, [sheet.notice, *sheet.kept], **QUIET)
    pressed.success(lambda: notices.done(words.TAKEN_OUT), None, sheet.notice, **AT_ONCE)


def _open(bench: Bench, page: gr.Blocks, sheet: Sheet) -> None:
    @telling(2 + len(sheet.conversation) + len(sheet.kept) + len(sheet.programs.outputs))
    def opened(request: gr.Request) -> list[Any]:
        wanted = request.query_params.get("w") or _BEST
        last = request.query_params.get("c", "")
        comparison = bench.workspace.comparisons.get(last) if last else None
        who = _known(bench, wanted)
        scheme = request.request.url.scheme if request.request else "http"
        base_url = f"{scheme}://{request.headers.get('host', '')}"
        shown = [*_kept(bench, who), base_url, view.examples(base_url, who)]
        return [*shown, *_conversation(bench, comparison, who), *programs.drawn(bench)]

    parts = sheet.programs
    filled = [*sheet.kept, sheet.base_url, parts.examples, *sheet.conversation, *parts.outputs]
    enable_after(page.load(opened, None, [sheet.notice, *filled], **QUIET), sheet.ask)


def _known(bench: Bench, name: str) -> str:
    if name not in WAY_IDS:
        bench.workspace.uses.get(name)  # raises what is then told
    return name


def _kept(bench: Bench, who: str) -> list[Any]:
    kept = bench.workspace.uses.list()
    listed = view.uses(kept, bench.workspace.clock())
    some = bool(kept)
    return [
        gr.Dropdown(view.choices(kept), value=who),
        gr.Dropdown(listed, value=listed[0][1] if some else None, visible=some),
        gr.update(visible=some),
        gr.update(visible=not some),
    ]


def _conversation(bench: Bench, comparison: Comparison | None, who: str) -> list[Any]:
    """Return the last question with what was said before it; empty where nothing was asked yet."""
    way = comparison.columns[0].way if comparison else ""
    boxes = [gr.Column(visible=slot == way) for slot in IDS]
    if comparison is None:
        return ["", words.BEGINNING, "", *boxes]
    turns = history_of(bench.workspace.comparisons, comparison, comparison.columns[0].id)
    return [comparison.id, view.thread(turns, _title(bench, who)), view.asked(comparison.question), *boxes]


def _title(bench: Bench, who: str) -> str:
    try:
        return bench.workspace.uses.get(who).title
    except NotFound:
        return way_words(who).title
