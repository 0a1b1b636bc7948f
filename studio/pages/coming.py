"""On Compare, while a first training goes on: when Tuned and Hybrid can answer, and that they can."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from jobs.answering.picking import picked, there
from jobs.models.choosing import base_model
from jobs.requests import Choices
from storage.records import Job, JobState
from studio.bench import Bench
from studio.pages import columns
from studio.pages.events import QUIET
from studio.pages.sheet import Sheet
from studio.views import markdown
from studio.views.places import placed
from studio.wording import runs, sample, train

LOOK_EVERY_S = 3.0


def build(bench: Bench, page: gr.Blocks, sheet: Sheet) -> None:
    """Keep the line under the question true, and the columns that wait, until a question is asked."""
    shown = gr.State("")
    timer = gr.Timer(LOOK_EVERY_S, active=False)
    said = [part for slot in sheet.slots for part in (slot.status, slot.text)]

    def opened() -> list[Any]:
        text, going_on = line(bench, "")
        return [text, text, gr.Timer(active=going_on)]

    def look(before: str, comparison_id: str, picks: list[str]) -> list[Any]:
        text, going_on = line(bench, before)
        still = comparison_id or text == before
        waiting = [gr.skip()] * len(said) if still else before_asking(bench, picks)
        return [text, text, gr.Timer(active=going_on), *waiting]

    page.load(opened, None, [sheet.top.coming, shown, timer], **QUIET)
    timer.tick(look, [shown, sheet.comparison, sheet.picking.picks], [sheet.top.coming, shown, timer, *said], **QUIET)


def before_asking(bench: Bench, picks: Sequence[str]) -> list[Any]:
    """Return status and text of every place before these columns are asked; nothing where none stands."""
    model = base_model(bench.workspace.settings)
    known = there(picks, model, bench.workspace)
    made = picked([one for one in picks if one in known], Choices(model=model), bench.workspace)
    standing = placed(made)
    said = [["", ""] if column is None else columns.before_asking(bench, column) for column in standing]
    return [part for pair in said for part in pair]


def line(bench: Bench, before: str) -> tuple[str, bool]:
    """Return what is said of a first training, and whether it goes on; `before` is what this page said last."""
    model = base_model(bench.workspace.settings)
    if any(adapter.base_id == model for adapter in bench.workspace.adapters.list()):
        return (sample.READY if before else ""), False
    of_model = [job for job in bench.queue.list("train") if job.spec["model"] == model]
    going_on = next((job for job in of_model if not job.state.final), None)
    if going_on is not None:
        return sample.training(going_on.seconds_left), True
    return (_ended(of_model) if before else ""), False


def _ended(trainings: list[Job]) -> str:
    if not trainings:
        return ""
    newest = trainings[0]
    failure = runs.failure(newest) if newest.state is JobState.FAILED else ""
    return sample.ended(markdown.plain(failure), train.address(newest.id))
