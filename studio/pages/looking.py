"""The fold of Scores in which test questions are looked at, and what is checked of their answers is changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.evaluation.editing import change_question, hidden
from jobs.evaluation.questions import Question, set_questions
from storage.errors import NotFound, UserFault
from storage.question_sets import QuestionSet
from studio import fact_form
from studio.bench import Bench
from studio.fact_form import FactForm
from studio.forms import Values
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.telling import telling
from studio.views import markdown, notices
from studio.views import test_questions as view
from studio.wording import rows
from studio.wording import test_questions as words


@dataclass(frozen=True)
class Looking:
    """The parts. `open` is whether somebody looks, `number` the page shown, counted from 0."""

    box: gr.Accordion
    open: gr.State
    number: gr.State
    told: gr.Markdown
    before: gr.Button
    after: gr.Button
    editor: gr.Column
    choice: gr.Dropdown
    facts: FactForm
    save: gr.Button
    notice: gr.Markdown
    done: gr.Markdown

    @property
    def page(self) -> list[Any]:
        """What a page of questions fills."""
        return [self.number, self.told, self.before, self.after]

    @property
    def drawn(self) -> list[Any]:
        """What `_drawn` fills."""
        return [*self.page, self.editor, self.choice]


def lay_out() -> Looking:
    """Put the parts on the page."""
    with gr.Accordion(words.LOOK, open=False, elem_id="look-at-questions") as box:
        notice = gr.Markdown(elem_id="look-notice", elem_classes="notice")
        told = gr.Markdown(words.NOTHING, elem_id="look-questions", elem_classes="scrolled", latex_delimiters=[])
        with gr.Row(elem_classes="buttons"):
            before = gr.Button(words.EARLIER_TEN, size="sm", visible=False, elem_id="look-before")
            after = gr.Button(words.LATER_TEN, size="sm", visible=False, elem_id="look-after")
        with gr.Column(visible=False, elem_classes="card") as editor:
            choice = gr.Dropdown(
                [], label=words.CHOOSE, info=words.CHOOSE_HELP, interactive=True, elem_id="look-choice"
            )  # fmt: skip
            facts = fact_form.lay_out("look")
            save = gr.Button(words.SAVE, size="sm", elem_id="look-save", elem_classes="modest")
        done = gr.Markdown(elem_id="look-done", elem_classes="notice", latex_delimiters=[])
    states = gr.State(False), gr.State(0)
    return Looking(box, *states, told, before, after, editor, choice, facts, save, notice, done)


def connect(bench: Bench, parts: Looking, source: gr.Dropdown, offered: Callable[[], list[Any]]) -> None:
    """Show the questions of `source` while the fold is open; `offered` are the choices of `source`."""

    @telling(len(parts.drawn) + 1)
    def look(chosen: str | None) -> list[Any]:
        return [True, *_drawn(bench, chosen or "")]

    @telling(len(parts.drawn))
    def change(chosen: str | None, is_open: bool) -> list[Any] | None:
        return _drawn(bench, chosen or "") if is_open else None

    def turn(step: int) -> Any:
        @telling(len(parts.page))
        def turned(chosen: str, number: int) -> list[Any]:
            return _page(_questions(bench, chosen)[1], number + step, _link(chosen))

        return turned

    parts.box.expand(look, source, [parts.notice, parts.open, *parts.drawn], **QUIET)
    parts.box.collapse(lambda: False, None, parts.open, **AT_ONCE)
    source.change(change, [source, parts.open], [parts.notice, *parts.drawn], **QUIET)
    for button, step in ((parts.before, -1), (parts.after, 1)):
        button.click(turn(step), [source, parts.number], [parts.notice, *parts.page], **QUIET)
    _edit(bench, parts, source, offered)


def _edit(bench: Bench, parts: Looking, source: gr.Dropdown, offered: Callable[[], list[Any]]) -> None:
    @telling(len(parts.facts.filled))
    def edit(chosen: str, row: int | None) -> list[Any]:
        found = next((one for one in _questions(bench, chosen)[1] if one.row == row), None)
        return fact_form.fill(found.expected) if found else [gr.skip()] * len(parts.facts.filled)

    @telling(2)
    def save(values: Values) -> list[Any]:
        if not values[parts.choice]:
            raise UserFault(words.NO_CHOICE, words.CHOOSE_ONE)
        kept = bench.workspace.question_sets.get(str(values[source] or ""))
        made = change_question(bench.workspace, kept, int(values[parts.choice]), parts.facts.choice(values))
        return [
            gr.Dropdown(offered(), value=made.id),
            notices.done(words.saved(markdown.plain(made.name), made.version)),
        ]

    parts.choice.change(edit, [source, parts.choice], [parts.notice, *parts.facts.filled], **QUIET)
    inputs = {source, parts.choice, *parts.facts.inputs}
    parts.save.click(save, inputs, [parts.notice, source, parts.done], **QUIET)


def _questions(bench: Bench, set_id: str) -> tuple[QuestionSet, list[Question]]:
    kept = bench.workspace.question_sets.get(set_id)
    return kept, set_questions(bench.workspace, kept)


def _drawn(bench: Bench, chosen: str) -> list[Any]:
    try:
        kept, questions = _questions(bench, chosen)
    except NotFound:
        told = words.CHANGE_ROWS.format(address=rows.address(chosen)) if chosen else words.NOTHING
        return [*_only(told), gr.Dropdown([], value=None)]
    if hidden(bench.workspace, kept):
        return [*_only(view.only_counts(kept.name, questions)), gr.Dropdown([], value=None)]
    latest = bench.workspace.question_sets.get(kept.name).id == kept.id
    note = "" if latest else f"\n\n{words.ONLY_LATEST}"
    choices = gr.Dropdown(view.question_choices(questions), value=questions[0].row)
    return [*_page(questions, 0, _link(chosen) + note), gr.Column(visible=latest), choices]


def _only(told: str) -> list[Any]:
    hide = gr.update(visible=False)
    return [0, told, hide, hide, hide]


def _page(questions: Sequence[Question], number: int, below: str) -> list[Any]:
    last = view.last_page(len(questions))
    number = max(0, min(number, last))
    shown = f"{view.listed(questions, number)}\n\n{below}"
    return [number, shown, gr.update(visible=number > 0), gr.update(visible=number < last)]


def _link(set_id: str) -> str:
    return f"[{words.TAKE_AWAY}](/downloads/questions/{set_id}.csv)"
