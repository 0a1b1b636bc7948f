"""The part of Documents that narrows the search to some documents, kinds of files or headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import gradio as gr

from storage.errors import Missing
from storage.filters import Only, passages_within
from storage.records import Document
from studio.bench import Bench
from studio.forms import Values
from studio.wording import filters as words


@dataclass(frozen=True)
class Filter:
    """The fields of the filter; all empty, everything is searched."""

    names: gr.Dropdown
    endings: gr.Dropdown
    heading: gr.Textbox

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return {self.names, self.endings, self.heading}

    @property
    def filled(self) -> list[Any]:
        """What `offered` fills, in its order."""
        return [self.names, self.endings]

    def allowed(self, bench: Bench, collection: str, values: Values) -> frozenset[str] | None:
        """Return the passages that may be found, None for all; raise Missing where none may."""
        chosen = [[str(one) for one in values[field] or ()] for field in (self.names, self.endings)]
        only = Only(chosen[0], chosen[1], str(values[self.heading] or "").strip())
        if not only:
            return None
        found = passages_within(bench.workspace.database, collection, only)
        if not found:
            raise Missing(words.NOTHING, words.CHOOSE_LESS)
        return found


def lay_out() -> Filter:
    """Lay out the filter, closed."""
    with gr.Accordion(words.TITLE, open=False, elem_id="search-filter"):
        names = gr.Dropdown([], label=words.NAMES, multiselect=True, interactive=True, elem_id="filter-names")
        endings = gr.Dropdown([], label=words.ENDINGS, multiselect=True, interactive=True, elem_id="filter-endings")
        heading = gr.Textbox(label=words.HEADING, max_lines=1, elem_id="filter-heading")
    return Filter(names, endings, heading)


def offered(documents: Sequence[Document], chosen: Sequence[Sequence[str] | None]) -> list[Any]:
    """Return the choices that these documents allow; of what was `chosen`, names and endings, what is there stays."""
    names = [document.name for document in documents]
    endings = sorted({PurePath(name).suffix.lower() for name in names} - {""})
    return [
        gr.Dropdown(there, value=[one for one in before or () if one in there])
        for there, before in zip((names, endings), chosen, strict=True)
    ]
