"""The lower part of Use: tokens for a person's own programs, and how such a program asks."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from storage.errors import UserFault
from studio.bench import Bench
from studio.pages.events import QUIET
from studio.pages.telling import telling
from studio.views import notices
from studio.views import use as view
from studio.wording import use as words


@dataclass(frozen=True)
class Programs:
    """The parts. `fresh` shows a token once."""

    examples: gr.Markdown
    name: gr.Textbox
    make: gr.Button
    notice: gr.Markdown
    fresh: gr.Markdown
    listed: gr.Markdown
    chosen: gr.Dropdown
    take_back: gr.Button

    @property
    def outputs(self) -> list[Any]:
        """What `drawn` fills."""
        return [self.listed, self.chosen, self.take_back]


def lay_out() -> Programs:
    """Put the parts on the page."""
    with gr.Accordion(words.PROGRAMS, open=False, elem_id="programs"):
        gr.Markdown(words.PROGRAMS_HELP)
        examples = gr.Markdown(elem_id="program-examples")
        with gr.Row(elem_classes="halves", equal_height=False):
            with gr.Column(min_width=280):
                name = gr.Textbox(
                    label=words.TOKEN_NAME, placeholder=words.TOKEN_EXAMPLE, max_lines=1, elem_id="token-name"
                )
                make = gr.Button(words.MAKE, elem_id="make-token", elem_classes="modest")
                notice = gr.Markdown(elem_id="token-notice", elem_classes="notice")
                fresh = gr.Markdown(elem_id="fresh-token", elem_classes="notice")
            with gr.Column(min_width=280):
                gr.Markdown(f"**{words.TOKENS}**")
                listed = gr.Markdown(elem_id="tokens", elem_classes="scrolled")
                chosen = gr.Dropdown([], label=words.WHICH, interactive=True, visible=False, elem_id="token-chosen")
                take_back = gr.Button(words.TAKE_BACK, visible=False, elem_id="take-back", elem_classes="modest")
    return Programs(examples, name, make, notice, fresh, listed, chosen, take_back)


def connect(bench: Bench, parts: Programs) -> None:
    """Let tokens be made and taken back."""
    tokens = bench.workspace.tokens

    @telling(2 + len(parts.outputs))
    def make(name: str) -> list[Any]:
        if not name.strip():
            raise UserFault(words.NAME_FIRST, words.NAME_IT)
        return ["", view.made(tokens.make(name)), *drawn(bench)]

    @telling(1 + len(parts.outputs))
    def take_back(token_id: str | None) -> list[Any]:
        if not token_id:
            raise UserFault(words.CHOOSE_TOKEN, words.CHOOSE_ONE)
        tokens.take_back(token_id)
        return [notices.done(words.TAKEN_BACK), *drawn(bench)]

    parts.make.click(make, parts.name, [parts.notice, parts.name, parts.fresh, *parts.outputs], **QUIET)
    parts.take_back.click(take_back, parts.chosen, [parts.notice, parts.fresh, *parts.outputs], **QUIET)


def drawn(bench: Bench) -> list[Any]:
    """Return the list of tokens, and what can be taken back."""
    kept, now = bench.workspace.tokens.list(), bench.workspace.clock()
    choices = view.token_choices(kept, now)
    some = bool(kept)
    shown = gr.Dropdown(choices, value=choices[0][1] if some else None, visible=some)
    return [view.tokens(kept, now), shown, gr.update(visible=some)]
