"""One file a page, in the order of the journey; `build_pages` puts them together."""

from typing import Any

import gradio as gr
from gradio.blocks import BlockContext
from gradio.context import Context, set_render_context

from studio.bench import Bench
from studio.pages import compare, documents, drafts, examples, home, rows, scores, tools, train, use

_NAV = (
    ("Examples", "/examples", examples.build),
    ("Train", "/train", train.build),
    ("Documents", "/documents", documents.build),
    ("Tools", "/tools", tools.build),
    ("Compare", "/compare", compare.build),
    ("Scores", "/scores", scores.build),
)
# Reached from the pages that they belong to.
_BESIDE = (
    ("Rows", "/rows", rows.build),
    ("Drafts", "/drafts", drafts.build),
    ("Use", "/use", use.build),
)


class _Pages(gr.Blocks):
    """All pages of the studio.

    At the end of each page Gradio makes the whole application anew, with every page so far. Here a page's end does only
    what the next page needs; mounting makes the application.
    """

    def __exit__(self, exc_type: type[BaseException] | None = None, *args: Any) -> None:
        if exc_type is None:
            BlockContext.fill_expected_parents(self)
            self.default_config.attach_load_events()
            self.validate_navbar_settings()
            self.exited = True
        set_render_context(None)
        Context.root_block = None
        self.page = ""


def build_pages(bench: Bench) -> gr.Blocks:
    """Return all pages of the studio, ready to be mounted."""
    with _Pages(title="Triptych", fill_width=True, analytics_enabled=False) as pages:
        home.build(bench, pages)
    for name, path, build in _NAV:
        with pages.route(name, path) as page:
            build(bench, page)
    for name, path, build in _BESIDE:
        with pages.route(name, path, show_in_navbar=False) as page:
            build(bench, page)
    return pages
