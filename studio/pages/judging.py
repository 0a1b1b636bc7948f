"""The part of Scores where a model judges the answers, and where a person lets it count."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from jobs.evaluation.trusting import let_judge_count
from jobs.requests import Judge
from storage.errors import Damaged, UserFault
from storage.records import Job, JobState, Scorecard
from studio.bench import Bench
from studio.health import worker_runs
from studio.judged import judged, newest
from studio.pages.events import QUIET
from studio.pages.score_drawing import card_of
from studio.pages.telling import telling
from studio.views import judging as view
from studio.views import markdown
from studio.wording import judging as words

LOOK_EVERY_S = 2.0
COUNT = 7
_NO_CARD = "none"


@dataclass(frozen=True)
class Judging:
    """The parts. `seen` tells what they show, `key` is new for each press of the button."""

    box: gr.Accordion
    who: gr.Markdown
    judge: gr.Button
    stop: gr.Button
    notice: gr.Markdown
    standing: gr.Markdown
    report: gr.Markdown
    let_count: gr.Button
    dont_count: gr.Button
    seen: gr.State
    key: gr.State

    @property
    def shown(self) -> list[Any]:
        """What `drawn` fills, in its order."""
        buttons = [self.judge, self.stop, self.let_count, self.dont_count]
        return [self.seen, self.standing, self.report, *buttons]


def lay_out() -> Judging:
    """Put the parts on the page."""
    with gr.Accordion(words.TITLE, open=False, visible=False, elem_id="judging") as box:
        gr.Markdown(words.HELP, elem_classes="quiet")
        who = gr.Markdown(elem_classes="quiet", latex_delimiters=[])
        with gr.Row(elem_classes="buttons"):
            judge = gr.Button(words.JUDGE, size="sm", scale=0, min_width=180, elem_id="judge")
            stop = gr.Button(words.STOP, size="sm", visible=False, elem_id="judge-stop", elem_classes="modest")
        notice = gr.Markdown(elem_id="judging-notice", elem_classes="notice")
        standing = gr.Markdown(elem_id="judging-standing", elem_classes="notice")
        report = gr.Markdown(elem_id="judging-report", elem_classes="scrolled", latex_delimiters=[])
        with gr.Row(elem_classes="buttons"):
            let_count = gr.Button(
                words.LET_COUNT, size="sm", visible=False, scale=0, min_width=180, elem_id="judge-let"
            )
            dont_count = gr.Button(
                words.DONT_COUNT, size="sm", visible=False, elem_id="judge-dont", elem_classes="modest"
            )
    states = gr.State(""), gr.State("")
    return Judging(box, who, judge, stop, notice, standing, report, let_count, dont_count, *states)


def connect(bench: Bench, parts: Judging, card: gr.State) -> None:
    """Let the scorecard shown, the buttons and the passing of time draw what the judge said."""
    told = [parts.notice, *parts.shown]

    def begin(card_id: str) -> list[Any]:
        there = card_of(bench, card_id) is not None
        told_who = view.who(bench.workspace.settings)
        return [gr.update(visible=there), told_who, str(uuid4()), "", *drawn(bench, card_id, "")]

    @telling(1 + len(parts.shown))
    def judge(card_id: str, key: str) -> list[Any]:
        ask(bench, card_id, key)
        return [str(uuid4()), *drawn(bench, card_id, "")]

    card.change(begin, card, [parts.box, parts.who, parts.key, *told], **QUIET)
    gr.Timer(LOOK_EVERY_S).tick(
        lambda card_id, seen: drawn(bench, card_id, seen), [card, parts.seen], parts.shown, **QUIET
    )
    parts.judge.click(judge, [card, parts.key], [parts.notice, parts.key, *parts.shown], **QUIET)
    for button, deed in ((parts.stop, stop), (parts.let_count, let_count), (parts.dont_count, dont_count)):
        button.click(_then_drawn(bench, deed, len(parts.shown)), card, told, **QUIET)


def _then_drawn(bench: Bench, deed: Any, count: int) -> Any:
    @telling(count)
    def done(card_id: str) -> list[Any]:
        deed(bench, card_id)
        return drawn(bench, card_id, "")

    return done


def ask(bench: Bench, card_id: str, key: str) -> Job:
    """Let the model judge this score, going on where a judging of it failed; raise UserFault without a score."""
    if card_of(bench, card_id) is None:
        raise UserFault(words.NO_SCORE, words.SCORE_FIRST)
    last = newest(bench.queue, card_id)
    if last is not None and not last.state.final:
        return last
    if last is not None and last.state is JobState.FAILED:
        return bench.queue.retry(last.id, f"after {last.id}")  # pressed twice it counts once
    return bench.queue.enqueue(Judge(card_id=card_id), key)


def stop(bench: Bench, card_id: str) -> None:
    """Stop the judging of this score and keep the verdicts so far."""
    job = newest(bench.queue, card_id)
    if job is not None and job.state is JobState.RUNNING:
        bench.queue.request_finish(job.id)
    elif job is not None:
        bench.queue.request_cancel(job.id)


def let_count(bench: Bench, card_id: str) -> None:
    """Let the newest whole judging of this score count; raise NotAllowed where it may not."""
    job = newest(bench.queue, card_id, JobState.SUCCEEDED)
    if job is not None:
        let_judge_count(bench.workspace, card_id, job.id)


def dont_count(bench: Bench, card_id: str) -> None:
    """Let no judge count in this score."""
    bench.workspace.judges.take_back(card_id)


def drawn(bench: Bench, card_id: str, seen: str) -> list[Any]:
    """Return what tells that something has changed, standing, report and the buttons; nothing where nothing has."""
    card, job = card_of(bench, card_id), newest(bench.queue, card_id) if card_id else None
    if card is None:
        nothing = [_NO_CARD, "", "", *[gr.update(visible=False)] * (COUNT - 3)]
        return [gr.skip()] * COUNT if seen == _NO_CARD else nothing
    counts, said = bench.workspace.judges.of(card_id), bench.workspace.marks.revision(card_id)
    standing = _standing(bench, job)
    now = f"{card_id} {job.id if job else ''} {job.state if job else ''} {standing} {counts} {said}"
    if now == seen:
        return [gr.skip()] * COUNT
    going_on = job is not None and not job.state.final
    report, may_count = _report(bench, card)
    told = newest(bench.queue, card_id, JobState.SUCCEEDED)
    return [
        now,
        standing,
        report,
        gr.Button(_button(job), visible=not going_on),
        gr.update(visible=going_on and job is not None and job.finish_requested_at is None),
        gr.update(visible=may_count and told is not None and counts != told.id),
        gr.update(visible=counts is not None),
    ]


def _button(job: Job | None) -> str:
    if job is None or job.state is JobState.CANCELLED:
        return words.JUDGE
    return words.GO_ON if job.state is JobState.FAILED else words.AGAIN


def _standing(bench: Bench, job: Job | None) -> str:
    waits = job is not None and job.state is JobState.QUEUED
    return view.standing(job, not waits or worker_runs(bench.workspace.settings))


def _report(bench: Bench, card: Scorecard) -> tuple[str, bool]:
    try:
        told = judged(bench.workspace, bench.queue, card)
    except Damaged as error:
        return markdown.plain(str(error)), False
    return (view.report(card, told), told.trust.may_count) if told else ("", False)
