"""The part of Tools that teaches using them: draft questions, and make rows of those that a person has read."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.teaching.tool_questions import draft_tool_questions
from jobs.teaching.using_tools import teach_tools
from jobs.tools.choosing import NONE
from studio.bench import Bench
from studio.pages import confirming
from studio.pages.telling import telling
from studio.views import markdown, notices
from studio.wording import practice as words


@dataclass(frozen=True)
class Practice:
    """The two buttons, and what they say."""

    draft: gr.Button
    notice: gr.Markdown
    drafted: gr.Markdown
    teach: confirming.Confirmed
    taught: gr.Markdown


def lay_out() -> Practice:
    """Lay out the part, folded."""
    with gr.Accordion(words.TITLE, open=False, elem_id="learn-tools"):
        gr.Markdown(words.HELP)
        draft = gr.Button(words.DRAFT, size="sm", elem_id="draft-calls", elem_classes="modest")
        notice = gr.Markdown(elem_id="practice-notice", elem_classes="notice")
        drafted = gr.Markdown(elem_id="drafted-calls", elem_classes="notice", latex_delimiters=[])
        teach = gr.Button(words.TEACH, size="sm", elem_id="teach-tools", elem_classes="modest")
        sure = confirming.question(words.READ, words.YES, words.NO, "teach-tools")
        taught = gr.Markdown(elem_id="taught-tools", elem_classes="notice", latex_delimiters=[])
    return Practice(draft, notice, drafted, confirming.Confirmed(teach, *sure), taught)


def connect(bench: Bench, practice: Practice) -> None:
    """Let the part draft and teach."""

    @telling(1)
    def draft() -> list[Any]:
        made = draft_tool_questions(bench.workspace)
        answers = [row.answer for row in bench.workspace.datasets.examples(made.id)]
        none = answers.count(NONE)
        told = words.drafted(markdown.plain(made.name), made.version, len(answers) - none, none, made.id)
        return [notices.done(told)]

    @telling(1)
    def teach() -> list[Any]:
        made = teach_tools(bench.workspace)
        return [notices.done(words.taught(markdown.plain(made.name), made.version, made.id, made.origin))]

    practice.draft.click(draft, None, [practice.notice, practice.drafted], show_progress="minimal")
    practice.teach.then(teach, None, [practice.notice, practice.taught])
