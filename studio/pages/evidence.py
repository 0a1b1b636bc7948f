"""The drawer at the right of a comparison: a passage with its span marked, or the table of what made an answer."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from storage.errors import NotFound
from storage.records import Column, Comparison, Passage
from studio.bench import Bench
from studio.pages.columns import Find, Slot, adapter_name
from studio.pages.events import AT_ONCE
from studio.pages.placing import at_place, names_of
from studio.views import answers, evidence, markdown
from studio.wording import answers as words
from studio.wording.ways import way_words

Found = tuple[Comparison, Column]
_CITED_COLOUR = {evidence.CITED: "#FFD666"}


@dataclass(frozen=True)
class Drawer:
    """The parts of the drawer."""

    side: gr.Sidebar
    heading: gr.Markdown
    facts: gr.Markdown
    passage: gr.HighlightedText
    table: gr.Markdown
    close: gr.Button

    @property
    def outputs(self) -> list[Any]:
        """What a click on a source or on Evidence fills, the drawer itself first."""
        return [self.side, self.heading, self.facts, self.passage, self.table]


def drawer() -> Drawer:
    """Lay out the drawer, closed."""
    with gr.Sidebar(position="right", open=False, width=440, elem_id="evidence", label=words.EVIDENCE) as side:
        with gr.Row(elem_classes="drawer-head"):
            heading = gr.Markdown(elem_id="evidence-heading", latex_delimiters=[])
            close = gr.Button(words.CLOSE_EVIDENCE, size="sm", min_width=0, elem_id="close-evidence")
        facts = gr.Markdown(elem_id="evidence-facts", latex_delimiters=[])
        passage = gr.HighlightedText(
            label=words.PASSAGE_LABEL,
            show_inline_category=False,
            color_map=_CITED_COLOUR,
            visible=False,
            elem_id="evidence-passage",
        )
        table = gr.Markdown(elem_id="evidence-table", elem_classes="facts-table", latex_delimiters=[])
    close.click(_closed, None, side, **AT_ONCE)
    return Drawer(side, heading, facts, passage, table, close)


def _closed() -> Any:
    return gr.Sidebar(open=False)


def connect(bench: Bench, slot: Slot, shown: Drawer, comparison_id: gr.State, find: Find = at_place) -> None:
    """Let the sources and the Evidence button of `slot` open the drawer; `find` tells which column stands there."""

    def made(comparison: str) -> list[Any]:
        return _made(bench, _found(bench, comparison, find, slot.place), slot.place)

    slot.evidence.click(made, comparison_id, shown.outputs, **AT_ONCE)
    for number, button in enumerate(slot.sources, 1):
        button.click(_opener(bench, find, slot.place, number), comparison_id, shown.outputs, **AT_ONCE)


def _opener(bench: Bench, find: Find, place: str, number: int) -> Any:
    def opened(comparison: str) -> list[Any]:
        return _passage(bench, _found(bench, comparison, find, place), number)

    return opened


def _found(bench: Bench, comparison_id: str, find: Find, place: str) -> Found | None:
    """Return the comparison with the column that stands at a place; None where none does."""
    comparison = bench.workspace.comparisons.get(comparison_id) if comparison_id else None
    column = find(comparison, place) if comparison else None
    return None if comparison is None or column is None else (comparison, column)


def _standing(bench: Bench, found: Found | None, place: str) -> tuple[Column, str, answers.Standing]:
    """Return what was found, how it is called, and how far it is; nothing of it while its name is sealed."""
    kept = bench.workspace.comparisons
    if found is None:
        return Column(place, place), way_words(place).title, answers.Standing()
    comparison, column = found
    sealed = kept.sealed(comparison)
    title = names_of(bench, comparison)[column.id].title
    return column, title, answers.Standing() if sealed else answers.standing(kept.events(comparison.id, column.id))


def _made(bench: Bench, found: Found | None, place: str) -> list[Any]:
    column, title, now = _standing(bench, found, place)
    heading = f"## {words.EVIDENCE_HEADING}: {markdown.plain(title)}"
    if empty := evidence.not_yet(now):
        return _filled(heading, empty, None, "")
    table = evidence.made(now, column, adapter_name(bench, column))
    return _filled(heading, words.READ_BACK, None, "\n\n".join((table, evidence.nearest(now.nearest))))


def _passage(bench: Bench, found: Found | None, number: int) -> list[Any]:
    _, title, now = _standing(bench, found, "")
    if number > len(now.passages):
        return [gr.skip()] * 5
    passage = evidence.quoted(now, number)
    document = _document(bench, passage)
    facts = " ".join(filter(None, (evidence.passage_facts(now, passage, title), evidence.changed(passage, document))))
    return _filled(
        evidence.passage_heading(number, passage),
        facts,
        evidence.spans(passage, document),
        evidence.nearest(now.nearest),
    )


def _document(bench: Bench, passage: Passage) -> str | None:
    try:
        return bench.workspace.collections.document_text(passage.document_id)
    except NotFound:
        return None


def _filled(heading: str, facts: str, spans: evidence.Spans | None, table: str) -> list[Any]:
    shown = gr.update(visible=False) if spans is None else gr.update(value=spans, visible=True)
    return [gr.Sidebar(open=True), heading, facts, shown, table]
