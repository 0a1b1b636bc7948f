"""The editor of one document: what is saved counts from the next question on."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.retrieval.editing import edit
from storage.records import Document
from studio.bench import Bench
from studio.pages.events import AT_ONCE
from studio.pages.telling import telling
from studio.views import markdown
from studio.wording import documents as words


@dataclass(frozen=True)
class Editor:
    """The parts of the editor; hidden until a document is opened in it. `opened` holds its collection, id and name."""

    whole: gr.Column
    heading: gr.Markdown
    text: gr.Textbox
    notice: gr.Markdown
    save: gr.Button
    leave: gr.Button
    told: gr.Markdown
    opened: gr.State

    @property
    def filled(self) -> list[Any]:
        """What opening a document fills, in the order of `opening`."""
        return [self.whole, self.heading, self.text, self.opened, self.told]


def lay_out() -> Editor:
    """Lay out the editor, hidden."""
    with gr.Column(visible=False, elem_id="editor", min_width=0) as whole:
        heading = gr.Markdown(elem_id="editor-head", latex_delimiters=[])
        text = gr.Textbox(
            label=words.EDIT_TEXT, info=words.EDIT_HELP, lines=12, max_lines=24, elem_id="editor-text", interactive=True
        )
        notice = gr.Markdown(elem_id="editor-notice", elem_classes="notice")
        with gr.Row(elem_classes="buttons"):
            save = gr.Button(words.SAVE, variant="primary", size="sm", elem_id="editor-save")
            leave = gr.Button(words.LEAVE, size="sm", elem_id="editor-leave")
    told = gr.Markdown(elem_id="editor-told", elem_classes="notice", latex_delimiters=[])
    return Editor(whole, heading, text, notice, save, leave, told, gr.State(None))


def opening(bench: Bench, collection: str, document: Document) -> Callable[[], list[Any]]:
    """Return the callback that opens a document in the editor."""

    @telling(5)
    def opened() -> list[Any]:
        text = bench.workspace.collections.document_text(document.id)
        head = words.editing(markdown.plain(document.name))
        return [gr.update(visible=True), head, text, (collection, document.id, document.name), ""]

    return opened


def connect(bench: Bench, editor: Editor, drawn: gr.State, revise: Callable[[str], Any]) -> None:
    """Connect saving and closing; after a save the list is drawn anew as `revise` says."""

    @telling(3)
    def save(opened: tuple[str, str, str], text: str | None) -> list[Any]:
        collection, document_id, name = opened
        began = time.monotonic()
        made = edit(bench.workspace, bench.door, collection, document_id, text or "")
        took = time.monotonic() - began
        told = words.saved(markdown.plain(name), made.new, made.document.passages, took)
        return [gr.update(visible=False), revise(collection), told]

    pressed = [editor.notice, editor.whole, drawn, editor.told]
    editor.save.click(save, [editor.opened, editor.text], pressed, show_progress="minimal")
    editor.leave.click(lambda: gr.update(visible=False), None, editor.whole, **AT_ONCE)
