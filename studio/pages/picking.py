"""Below Compare: which columns are asked next, in which order, and the instruction that all of them read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.answering.picking import MOST_COLUMNS, USUAL, of_its_base, offered, there
from jobs.models.choosing import base_model
from jobs.models.servable import servable
from jobs.requests import Choices
from storage.errors import NotAllowed, NotFound, UserFault
from studio.bench import Bench
from studio.names import names_in
from studio.pages.events import QUIET
from studio.pages.resting import resting
from studio.pages.telling import telling
from studio.views import picking as view
from studio.wording import picking as words

Change = Callable[[list[str], str], list[str]]


@dataclass(frozen=True)
class Picking:
    """The parts; `picks` holds the ids of the columns in their order."""

    picks: gr.State
    others: gr.Markdown
    now: gr.Markdown
    add: gr.Dropdown
    add_button: gr.Button
    which: gr.Dropdown
    earlier: gr.Button
    later: gr.Button
    out: gr.Button
    usual: gr.Button
    instruction: gr.Textbox
    notice: gr.Markdown

    @property
    def outputs(self) -> list[Any]:
        """What `drawn` fills, in its order."""
        return [self.picks, self.others, self.now, self.add, self.which]


def lay_out() -> Picking:
    """Put the parts on the page."""
    picks, known = gr.State(list(USUAL)), Choices.model_fields["instruction"]
    with gr.Accordion(words.TITLE, open=False, elem_id="columns"):
        gr.Markdown(words.HELP, elem_classes="quiet")
        others = gr.Markdown(elem_id="columns-others", elem_classes="quiet", latex_delimiters=[])
        now = gr.Markdown(elem_id="columns-now", latex_delimiters=[])
        with gr.Row(elem_classes="pick-row"):
            add = gr.Dropdown([], label=words.ADD, interactive=True, scale=3, elem_id="columns-add")
            add_button = gr.Button(words.ADD_BUTTON, elem_id="columns-add-button", elem_classes="modest")
        with gr.Row(elem_classes="pick-row"):
            which = gr.Dropdown([], label=words.WHICH, interactive=True, scale=3, elem_id="columns-which")
            earlier = gr.Button(words.EARLIER, elem_id="columns-earlier", elem_classes="modest")
            later = gr.Button(words.LATER, elem_id="columns-later", elem_classes="modest")
            out = gr.Button(words.OUT, elem_id="columns-out", elem_classes="modest")
        usual = gr.Button(words.USUAL, elem_id="columns-usual", elem_classes="modest")
        notice = gr.Markdown(elem_id="columns-notice", elem_classes="notice")
        instruction = gr.Textbox(
            label=known.title, info=known.description, placeholder=words.INSTRUCTION_PLACEHOLDER,
            max_lines=4, max_length=2000, elem_id="instruction",
        )  # fmt: skip
    return Picking(picks, others, now, add, add_button, which, earlier, later, out, usual, instruction, notice)


def connect(bench: Bench, parts: Picking) -> list[Any]:
    """Let the buttons change the set; return their events, after which the page shows the columns anew."""
    changes: tuple[tuple[gr.Button, gr.Dropdown, Change], ...] = (
        (parts.add_button, parts.add, added),
        (parts.earlier, parts.which, lambda picks, column: moved(picks, column, -1)),
        (parts.later, parts.which, lambda picks, column: moved(picks, column, 1)),
        (parts.out, parts.which, without),
        (parts.usual, parts.which, lambda _picks, _column: list(USUAL)),
    )
    events: list[Any] = []
    for button, chosen, change in changes:
        changed = _changed(bench, change, keeps=chosen is parts.which)
        events.append(button.click(changed, [parts.picks, chosen], [parts.notice, *parts.outputs], **QUIET))
    return events


def _changed(bench: Bench, change: Change, *, keeps: bool) -> Any:
    @telling(5)
    def changed(picks: list[str], column: str | None) -> list[Any]:
        now = change(list(picks), column or "")
        return drawn(bench, now, (column or "") if keeps else "")

    return changed


def added(picks: list[str], column: str) -> list[str]:
    """Return the set with one more column at its end; raise UserFault where there is none to add or no room."""
    if not column:
        raise UserFault(words.NOTHING, words.CHOOSE)
    if len(picks) >= MOST_COLUMNS:
        raise UserFault(words.TOO_MANY, words.TAKE_OUT)
    return picks if column in picks else [*picks, column]


def moved(picks: list[str], column: str, by: int) -> list[str]:
    """Return the set with a column one place further; it stays at either end. Raises UserFault without one."""
    if column not in picks:
        raise UserFault(words.NOTHING, words.CHOOSE)
    others = [one for one in picks if one != column]
    place = min(max(0, picks.index(column) + by), len(others))
    return [*others[:place], column, *others[place:]]


def without(picks: list[str], column: str) -> list[str]:
    """Return the set without a column; raise UserFault where it is the last one, or none was chosen."""
    if column not in picks:
        raise UserFault(words.NOTHING, words.CHOOSE)
    if len(picks) == 1:
        raise UserFault(words.NONE_LEFT, words.KEEP_ONE)
    return [one for one in picks if one != column]


def drawn(bench: Bench, picks: Sequence[str], chosen: str = "") -> list[Any]:
    """Return what the parts show for a set of columns; `chosen` is the one that was changed last."""
    model, bases = base_model(bench.workspace.settings), servable(bench.workspace.settings)
    can_be_asked = offered(model, bench.workspace, bases.ids)
    titles = view.titles(can_be_asked, names_in(bench.workspace, can_be_asked))
    kept = [column for column in picks if column in titles] or list(USUAL)
    which = gr.Dropdown(view.choices(titles, kept), value=chosen if chosen in kept else None)
    addable = gr.Dropdown(view.choices(titles, [column for column in titles if column not in kept]), value=None)
    others = view.of_other_models(bench.workspace.settings.model_url, model, bases)
    return [kept, others, view.now(titles, kept), addable, which]


def begun_with(bench: Bench, comparison_id: str, adapter_id: str) -> list[str]:
    """Return the set that the page begins with: that of a comparison, or of an adapter that is to be shown."""
    if comparison_id or not adapter_id:
        return as_picks(bench, comparison_id)
    try:
        return of_adapter(bench, adapter_id)
    except (NotFound, NotAllowed):  # told where the page's question is filled in
        return list(USUAL)


def of_adapter(bench: Bench, adapter_id: str) -> list[str]:
    """Return the set in which an adapter answers: the five ways, of its own base where another one answers now.

    Raises NotAllowed where that base can't be asked, NotFound or Deleted where the adapter is gone.
    """
    adapter, base = bench.workspace.adapters.get(adapter_id), base_model(bench.workspace.settings)
    if adapter.base_id == base:
        return list(USUAL)
    picks = of_its_base(adapter)
    if len(there(picks, base, bench.workspace)) < len(picks):
        raise resting(bench, adapter)
    return picks


def as_picks(bench: Bench, comparison_id: str) -> list[str]:
    """Return the set that a comparison was put to; the five ways where none is shown, or it had but one column.

    Where its names were hidden it stands in the usual order: its own would tell which letter is which column.
    """
    try:
        comparison = bench.workspace.comparisons.get(comparison_id)
    except NotFound:
        return list(USUAL)
    asked = [column.id for column in comparison.columns]
    known = list(there(asked, base_model(bench.workspace.settings), bench.workspace))
    kept = known if comparison.blind else [column_id for column_id in asked if column_id in known]
    return kept if len(kept) > 1 else list(USUAL)
