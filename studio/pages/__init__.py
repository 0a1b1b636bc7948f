"""One file a page, in the order of the journey; `build_pages` puts them together."""

import gradio as gr

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


def build_pages(bench: Bench) -> gr.Blocks:
    """Return all pages of the studio, ready to be mounted."""
    with gr.Blocks(title="Triptych", fill_width=True, analytics_enabled=False) as pages:
        home.build(bench, pages)
    for name, path, build in _NAV:
        with pages.route(name, path) as page:
            build(bench, page)
    for name, path, build in _BESIDE:
        with pages.route(name, path, show_in_navbar=False) as page:
            build(bench, page)
    return pages
