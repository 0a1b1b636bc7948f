"""The part of Documents that takes a web page by its address, and fetches one again."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.requests import Fetch
from jobs.retrieval.web import address_of
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
    """Ask for a page to be fetched and read, once for each `key`; raise Missing without an address, or FetchFault."""
    if not address.strip():
        raise Missing(words.NO_ADDRESS, words.WRITE_ONE)
    bench.queue.enqueue(Fetch(collection=collection, address=address_of(address)), key)


def again(bench: Bench, collection: str, address: str) -> Any:
    """Return the callback that fetches a page once more; its output is a notice."""

    @telling(0)
    def fetched() -> list[Any]:
        fetch(bench, collection, address, str(uuid4()))
        return []

    return fetched
