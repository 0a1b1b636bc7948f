"""Your data, a part of Home: delete one thing, or everything, after what rests on it was named."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.opening import close_sample, sample_has_traces
from jobs.removing.everything import delete_everything
from jobs.removing.things import Removing
from jobs.retrieval.rows import collection_for
from jobs.tools.registry import BUILT_IN, Registry
from storage.dependants import Dependants, of_adapter, of_collection, of_dataset, of_tool
from storage.errors import NotFound, UserFault
from studio.bench import Bench
from studio.pages.events import AT_ONCE, QUIET
from studio.pages.telling import telling
from studio.views import deleting as view
from studio.views import markdown, notices
from studio.wording import deleting as words

_ALL = 1_000_000


@dataclass(frozen=True)
class Sheet:
    """All parts. `asked` holds what the person was asked about, so that the yes means just that."""

    box: gr.Accordion
    which: gr.Dropdown
    delete: gr.Button
    sure: gr.Row
    question: gr.Markdown
    yes: gr.Button
    no: gr.Button
    asked: gr.State
    notice: gr.Markdown
    done: gr.Markdown
    everything: gr.Markdown
    word: gr.Textbox
    all: gr.Button
    all_notice: gr.Markdown
    all_done: gr.Markdown

    @property
    def kept(self) -> list[Any]:
        """What tells of everything that is kept; filled by `listed`."""
        return [self.which, self.everything]


def build(bench: Bench, page: gr.Blocks) -> None:
    """Lay the part out and connect it."""
    sheet = _lay_out()
    _delete_one(bench, sheet)
    _delete_all(bench, sheet)
    page.load(lambda: listed(bench), None, sheet.kept, **QUIET)
    # What is kept may have changed since the page was opened.
    sheet.box.expand(lambda: listed(bench), None, sheet.kept, **QUIET)


def _lay_out() -> Sheet:
    with gr.Accordion(words.HEADING, open=False, elem_id="your-data") as box:
        gr.Markdown(words.INTRO)
        which = gr.Dropdown(
            [], label=words.WHICH, info=words.WHICH_HELP, interactive=True, elem_id="delete-which", filterable=True
        )
        delete = gr.Button(words.DELETE, size="sm", elem_id="delete-one", elem_classes="modest")
        with gr.Row(visible=False, elem_classes=["buttons", "sure"], elem_id="delete-sure") as sure:
            question = gr.Markdown(elem_id="delete-question", latex_delimiters=[])
            yes = gr.Button(words.YES, size="sm", variant="stop", scale=0, min_width=0, elem_id="delete-yes")
            no = gr.Button(words.NO, size="sm", scale=0, min_width=0, elem_id="delete-no")
        notice = gr.Markdown(elem_id="delete-notice", elem_classes="notice", latex_delimiters=[])
        done = gr.Markdown(elem_id="delete-done", elem_classes="notice", latex_delimiters=[])
        everything = gr.Markdown(elem_id="delete-everything", latex_delimiters=[])
        word = gr.Textbox(label=words.WORD_LABEL, info=words.WORD_HELP, max_lines=1, elem_id="delete-word")
        all_button = gr.Button(words.DELETE_ALL, size="sm", variant="stop", elem_id="delete-all", elem_classes="modest")
        all_notice = gr.Markdown(elem_id="delete-all-notice", elem_classes="notice")
        all_done = gr.Markdown(elem_id="delete-all-done", elem_classes="notice")
    return Sheet(
        box, which, delete, sure, question, yes, no, gr.State(""), notice, done, everything, word, all_button,
        all_notice, all_done,
    )  # fmt: skip


def _delete_one(bench: Bench, sheet: Sheet) -> None:
    @telling(4, failed=[gr.update(visible=False), gr.skip(), gr.skip(), ""])
    def ask(chosen: str | None) -> list[Any]:
        if not chosen:
            raise UserFault(words.CHOOSE, words.CHOOSE_FIRST)
        return [gr.update(visible=True), sure(bench, chosen), chosen, ""]

    @telling(3, failed=[gr.skip(), gr.skip(), ""])
    def delete(chosen: str) -> list[Any]:
        name = view.called(kept(bench), chosen)
        remove(bench, chosen)
        return [*listed(bench), notices.done(words.done(chosen.split(":")[0], name))]

    hide: dict[str, Any] = {"fn": lambda: gr.update(visible=False), "inputs": None, "outputs": sheet.sure, **AT_ONCE}
    asked = [sheet.notice, sheet.sure, sheet.question, sheet.asked, sheet.done]
    sheet.delete.click(ask, sheet.which, asked, **QUIET)
    sheet.no.click(**hide)
    sheet.which.input(**hide)
    sheet.yes.click(lambda: words.WORKING, None, sheet.question, **AT_ONCE)
    sheet.yes.click(delete, sheet.asked, [sheet.notice, *sheet.kept, sheet.done], **QUIET).then(**hide)


def _delete_all(bench: Bench, sheet: Sheet) -> None:
    @telling(4, failed=[gr.skip(), gr.skip(), gr.skip(), ""])
    def delete(typed: str | None) -> list[Any]:
        if (typed or "").strip().upper() != words.WORD:
            raise UserFault(words.NOT_TYPED, words.TYPE_IT)
        delete_everything(bench.workspace, bench.queue)
        return ["", *listed(bench), notices.done(words.ALL_DONE)]

    sheet.all.click(lambda: words.WORKING, None, sheet.all_done, **AT_ONCE)
    sheet.all.click(delete, sheet.word, [sheet.all_notice, sheet.word, *sheet.kept, sheet.all_done], **QUIET)


def listed(bench: Bench) -> list[Any]:
    """Return what can be deleted as choices, and what goes when everything is deleted."""
    there = kept(bench)
    choices = view.choices(there, bench.workspace.clock())
    goes = view.everything(there, len(bench.queue.unfinished()))
    return [gr.Dropdown(choices, value=None), f"{words.ALL}\n\n{goes}"]


def kept(bench: Bench) -> view.Kept:
    """Return everything that a person can delete."""
    workspace = bench.workspace
    own = {record.name for record in workspace.tools.list() if record.kind != BUILT_IN}
    return view.Kept(
        datasets=workspace.datasets.list(),
        collections=workspace.collections.list(),
        tools=[(tool.name, tool.title) for tool in Registry(workspace).all() if tool.name in own],
        question_sets=workspace.question_sets.list(),
        adapters=workspace.adapters.list(),
        cards=workspace.scorecards.list(),
        comparisons=workspace.comparisons.list(_ALL),
        sample=sample_has_traces(workspace),
    )


def sure(bench: Bench, chosen: str) -> str:
    """Return the question before `chosen` is deleted, with what rests on it now; raise NotFound where it is gone."""
    kind, thing = chosen.split(":", 1)
    name = view.called(kept(bench), chosen)
    if thing and not name:
        raise NotFound(words.GONE, words.GONE_ALREADY)
    counts: dict[str, Callable[..., Dependants]] = {
        "dataset": of_dataset,
        "collection": of_collection,
        "tool": of_tool,
        "adapter": of_adapter,
    }
    rests = counts[kind](bench.workspace.database, thing) if kind in counts else Dependants()
    copies = {one.name for one in bench.workspace.collections.list()} & {collection_for(thing)}
    looked_up = [words.looked_up(markdown.plain(copy)) for copy in copies if kind == "dataset"]
    return " ".join([words.sure(kind, name, rests), *looked_up])


def remove(bench: Bench, chosen: str) -> None:
    """Delete what was chosen; raise NotFound where it is gone, NotAllowed where a job still needs it."""
    kind, thing = chosen.split(":", 1)
    removing = Removing(bench.workspace, bench.queue)
    match kind:
        case "sample":
            close_sample(bench.workspace, bench.queue)
        case "comparison":
            removing.comparisons([thing])
        case "comparisons":
            removing.comparisons()
        case _:
            {
                "dataset": removing.dataset,
                "collection": removing.collection,
                "tool": removing.tool,
                "questions": removing.questions,
                "adapter": removing.adapter,
                "scorecard": removing.scorecard,
            }[kind](thing)
