"""The example packs, a part of Examples: what each is for, and one button that keeps it."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from jobs.intake.packs import Pack, add_pack, packs
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.telling import telling
from studio.views import examples as view
from studio.views import markdown, notices
from studio.wording import compare
from studio.wording import packs as words


def build(bench: Bench, versions: Callable[[], str], shown: gr.Markdown) -> None:
    """Lay the part out; `versions` tells all that is kept, which `shown` shows."""
    with gr.Accordion(words.TITLE, open=False, elem_id="packs"):
        gr.Markdown(words.HELP, elem_classes="quiet")
        buttons = [(pack, _entry(pack)) for pack in packs()]
        notice = gr.Markdown(elem_id="packs-notice", elem_classes="notice")
        done = gr.Markdown(elem_id="packs-done", elem_classes="notice", latex_delimiters=[])
    for pack, button in buttons:
        button.click(_keep(bench, pack, versions), None, [notice, done, shown], **QUIET)


def _entry(pack: Pack) -> gr.Button:
    with gr.Row(elem_classes="listed"):
        gr.Markdown(f"**{markdown.plain(pack.title)}**\n\n{markdown.plain(pack.expect)}", latex_delimiters=[])
        return gr.Button(words.ADD, size="sm", scale=0, min_width=120, elem_id=f"pack-{pack.id}")


def _keep(bench: Bench, pack: Pack, versions: Callable[[], str]) -> Callable[[], list[Any]]:
    @telling(2)
    def keep() -> list[Any]:
        dataset = add_pack(bench.workspace, pack.id)
        next_step = words.kept(markdown.plain(pack.trial), compare.asking(pack.trial))
        return [notices.done(f"{view.kept(dataset)} {next_step}"), versions()]

    return keep
