"""Below Compare: what was asked before, searched, opened again and taken away."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from studio.bench import Bench
from studio.pages.events import LATEST
from studio.views import compare as view
from studio.wording import compare
from studio.wording import taking as words

_NEWEST, _FOUND = 12, 50


@dataclass(frozen=True)
class Earlier:
    """The parts."""

    box: gr.Accordion
    sought: gr.Textbox
    listed: gr.Markdown
    files: gr.Markdown

    @property
    def outputs(self) -> list[Any]:
        """What `drawn` fills, in its order."""
        return [self.listed, self.files]


def lay_out() -> Earlier:
    """Put the parts on the page."""
    with gr.Accordion(compare.EARLIER, open=False, elem_id="earlier") as box:
        sought = gr.Textbox(label=words.SEARCH, info=words.SEARCH_HELP, max_lines=1, elem_id="earlier-search")
        listed = gr.Markdown(elem_id="earlier-list", latex_delimiters=[])
        files = gr.Markdown(elem_id="earlier-files", elem_classes="quiet")
    return Earlier(box, sought, listed, files)


def connect(bench: Bench, parts: Earlier) -> None:
    """Let the list be drawn when it is unfolded, and follow what is sought."""
    changes = [parts.box.expand, parts.sought.change]
    gr.on(changes, lambda sought: drawn(bench, sought), parts.sought, parts.outputs, **LATEST)


def drawn(bench: Bench, sought: str | None = "") -> list[Any]:
    """Return the newest comparisons, or those that hold what is sought, and the links to take them away."""
    sought = (sought or "").strip()  # a field that was not drawn yet holds nothing
    found = bench.workspace.comparisons.list(_FOUND if sought else _NEWEST, sought)
    if sought and not found:
        return [words.NONE_FOUND, ""]
    return [view.earlier(found, bench.workspace.clock()), words.these(sought) if found else ""]
