"""Below a search: the document that should have been found makes a test question."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.evaluation.editing import ABOUT_DOCUMENTS, add_question
from storage.errors import Missing
from studio.bench import Bench
from studio.forms import SearchForm, Values
from studio.pages.telling import telling
from studio.views import markdown
from studio.wording import documents as words


@dataclass(frozen=True)
class Missed:
    """The parts of the form; it is hidden until something was searched for."""

    box: gr.Column
    document: gr.Dropdown
    expected: gr.Textbox
    keep: gr.Button
    notice: gr.Markdown
    told: gr.Markdown

    @property
    def filled(self) -> list[Any]:
        """What a search fills, in the order of `offered`."""
        return [self.box, self.document, self.told]


def lay_out() -> Missed:
    """Lay out the form, hidden."""
    with gr.Column(visible=False, elem_id="missed", min_width=0) as box:
        gr.Markdown(f"### {words.MISSED}\n\n{words.MISSED_HELP}")
        with gr.Row():
            document = gr.Dropdown([], label=words.WHICH, interactive=True, min_width=200, elem_id="missed-document")
            expected = gr.Textbox(label=words.EXPECTED, max_lines=3, min_width=200, elem_id="missed-expected")
        keep = gr.Button(words.KEEP, size="sm", elem_id="missed-keep")
        notice = gr.Markdown(elem_id="missed-notice", elem_classes="notice")
        told = gr.Markdown(elem_id="missed-told", elem_classes="notice", latex_delimiters=[])
    return Missed(box, document, expected, keep, notice, told)


def offered(names: list[str]) -> list[Any]:
    """Return the form for a search among the documents of these names."""
    return [gr.update(visible=True), gr.Dropdown(names, value=None), ""]


def connect(bench: Bench, missed: Missed, search: SearchForm) -> None:
    """Connect the form to the test questions; the question is the one that was searched for."""

    @telling(2)
    def keep(values: Values) -> list[Any]:
        question, _ = search.asked(values)
        document, expected = values[missed.document], str(values[missed.expected] or "")
        if not document:
            raise Missing(words.WHICH_FIRST, "Choose the one that holds the answer.")
        cells = {"question": question, "answer": expected, "kind": "facts", "passage": str(document)}
        made = add_question(bench.workspace, ABOUT_DOCUMENTS, cells)
        return ["", words.missed(markdown.plain(made.kept.name), made.kept.version, made.replaced)]

    inputs = {search.question, search.most, missed.document, missed.expected}
    missed.keep.click(keep, inputs, [missed.notice, missed.expected, missed.told], show_progress="minimal")
