"""The part of Documents that takes a web page by its address, and fetches one again."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.retrieval.web import fetch_page, reading_of, waiting_pages
from storage.errors import Missing
from studio.bench import Bench
from studio.pages.telling import telling
from studio.wording import web_pages as words


@dataclass(frozen=True)
class Fetching:
    """The field for an address, and its button."""

    address: gr.Textbox
    button: gr.Button


def lay_out() -> Fetching:
    """Lay out the field."""
    with gr.Row(elem_classes="ask-row", equal_height=True):
        address = gr.Textbox(
            label=words.ADDRESS, info=words.HELP, placeholder=words.EXAMPLE, max_lines=1, scale=4,
            elem_id="page-address",
        )  # fmt: skip
        button = gr.Button(words.FETCH, scale=0, min_width=100, elem_id="fetch-page")
    return Fetching(address, button)


def fetch(bench: Bench, collection: str, address: str, key: str) -> None:
    """Fetch a page and ask for its reading, once for each `key`; raise Missing without an address, or FetchFault."""
    if not address.strip():
        raise Missing(words.NO_ADDRESS, words.WRITE_ONE)
    page = fetch_page(bench.workspace, collection, address, waiting=waiting_pages(bench.queue, collection))
    bench.queue.enqueue(reading_of(page, collection), key)


def again(bench: Bench, collection: str, address: str) -> Any:
    """Return the callback that fetches a page once more; its output is a notice."""

    @telling(0)
    def fetched() -> list[Any]:
        fetch(bench, collection, address, str(uuid4()))
        return []

    return fetched
