"""The part of Documents that chooses how long passages are: a look at one document, then all are cut anew."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.requests import Index
from jobs.retrieval.previewing import preview
from jobs.teaching.gold import resting_if_cut
from storage.errors import UserFault
from storage.records import Document
from studio.bench import Bench
from studio.pages.document_threshold import Told
from studio.pages.events import QUIET
from studio.pages.telling import telling
from studio.views import cutting as view
from studio.wording import cutting as words


def lay_out(bench: Bench, collection: str, documents: Sequence[Document], told: Told) -> None:
    """Lay out the choice, closed; what is chosen is shown on one document and done to all of them on a press."""
    now = bench.workspace.collections.get(collection).cutting
    names = [document.name for document in documents]

    @telling(1)
    def look(chosen: str, document: str) -> list[Any]:
        made = preview(bench.workspace, collection, document, chosen)
        return [view.preview(made, resting_if_cut(bench.workspace, collection, chosen))]

    @telling(2)
    def cut(chosen: str) -> list[Any]:
        if chosen == bench.workspace.collections.get(collection).cutting:
            raise UserFault(words.SAME, words.CHOOSE_OTHER)
        request = Index.model_validate({"collection": collection, "cutting": chosen})
        bench.queue.enqueue(request, str(uuid4()))
        return [words.ASKED, told.revise(collection)]

    with gr.Accordion(words.TITLE, open=False, elem_id="cutting"):
        gr.Markdown(words.HELP, elem_classes="quiet")
        choices = [(label, name) for name, label in words.CHOICES.items()]
        chosen = gr.Radio(choices, value=now, label=words.CHOOSE, interactive=True, elem_id="cutting-choice")
        document = gr.Dropdown(
            names, value=names[0], label=words.DOCUMENT, interactive=True, elem_id="cutting-document"
        )
        notice = gr.Markdown(elem_id="cutting-notice", elem_classes="notice")
        apply = gr.Button(words.APPLY, size="sm", elem_id="cutting-apply", elem_classes="modest")
        shown = gr.Markdown(elem_id="cutting-preview", elem_classes="notice", latex_delimiters=[])
    gr.on([chosen.input, document.input], look, [chosen, document], [notice, shown], **QUIET)
    apply.click(cut, chosen, [notice, told.said, told.drawn], **QUIET)
