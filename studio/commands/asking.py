"""Commands that ask: one question in every way, or a table of test questions with scores."""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from jobs.answering.answer import Bench
from jobs.answering.compare import ask_now
from jobs.answering.ways import columns_for
from jobs.evaluation.asked import asked_for, source_of
from jobs.evaluation.tables import keep_test_table
from jobs.models.client import connect
from jobs.requests import Evaluate
from storage.errors import NotFound, UserFault
from storage.records import Answer, AnswerState
from studio.cli import OUR_FAULT
from studio.commands.judging import judged_by
from studio.commands.options import Asked, grouped
from studio.commands.output import Output, say, show
from studio.commands.telling import answer_shape, settle, wait_for
from studio.commands.working import Desk, desk
from studio.needing import needing
from studio.wording import exam, failures, scores, test_questions
from studio.wording.ways import way_words

_REPEATS = f"{Evaluate.model_fields['repeats'].description} 3 without it."
_FRESH = f"Ask everything anew. {Evaluate.model_fields['fresh'].description}"
_QUESTIONS = "A table of test questions; or the name or id of test questions that are kept, or of a dataset."
_JUDGE = "Let a model judge the answers, too, and say how far it can be trusted; it is a hint and counts for nothing."
_SEALED = "Seal the FILE: its questions are meant to be scored once, at the end, and are not shown before."


@dataclass(frozen=True, slots=True)
class Scoring:
    """How test questions are asked."""

    repeats: Annotated[int | None, typer.Option(min=1, max=10, help=_REPEATS)] = None
    fresh: Annotated[bool, typer.Option("--fresh", help=_FRESH)] = False
    sealed: Annotated[bool, typer.Option("--sealed", help=_SEALED)] = False
    again: Annotated[bool, typer.Option("--again", help="Score sealed questions once more all the same.")] = False
    judge: Annotated[bool, typer.Option("--judge", help=_JUDGE)] = False


@grouped
def ask(
    text: Annotated[str, typer.Argument(help="The question.")],
    asked: Asked,
    output: Output,
) -> None:
    """Ask one question in every way and show the answers with their evidence."""
    with desk() as at:
        columns = columns_for(asked.choices(at.base_model), at.workspace)
        with needing(at.settings, say, model=True):
            answers = ask_now(text, columns, Bench(at.workspace, connect(at.settings), stopped=lambda: False))
    shown = "\n\n".join(_for_people(answer) for answer in answers)
    show(output, {"question": text, "answers": [answer_shape(answer) for answer in answers]}, shown)
    if all(answer.state is AnswerState.FAILED for answer in answers):
        raise typer.Exit(OUR_FAULT)


@grouped
def evaluate(
    source: Annotated[str, typer.Argument(metavar="FILE|NAME", help=_QUESTIONS)],
    asked: Asked,
    scoring: Scoring,
    output: Output,
) -> None:
    """Ask every test question in every way and count the right answers."""
    with desk() as at:
        request = _request(at, source, asked, scoring)
        with needing(at.settings, say, worker=True, model=True) as needed:
            job = wait_for(at.queue, at.queue.enqueue(request, str(uuid.uuid4())), needed)
            settle(output, job)
            said = judged_by(at, job.id, needed) if scoring.judge else None
        result = {**job.result, "answers_file": str(at.workspace.home / job.result["answers_file"])}
    beside = {"judge": said.document} if said else {}
    show(output, result | beside, "\n".join([_for_reading(result), *(said.lines if said else ())]))
    if said and said.failure:
        say(said.failure)
        raise typer.Exit(OUR_FAULT)


def _for_reading(result: dict[str, Any]) -> str:
    asked = sum(way["n"] for way in result["ways"])
    over = scores.taken_over(result["taken_over"], asked, scores.EARLIER_SCORES) if result["taken_over"] else ""
    told = [_table(result["ways"]), *_unseen(result), over, f"Every answer: {result['answers_file']}"]
    return "\n".join(filter(None, told))


def _unseen(result: dict[str, Any]) -> list[str]:
    asked = result["questions"]
    sealed = [exam.scored_before(asked["scored_before"])] if asked.get("sealed") and asked["scored_before"] else []
    seen = [
        exam.seen(len(way["seen"]["leaks"]), way["n"], [way_words(way["way"]).title], exam.ON_SCORES)
        for way in result["ways"]
        if way["seen"] and way["seen"]["leaks"]
    ]
    return [line.replace("**", "") for line in (*sealed, *seen)]


def _request(at: Desk, source: str, asked: Asked, scoring: Scoring) -> Evaluate:
    choices = asked.choices(at.base_model)
    columns_for(choices, at.workspace)  # raises what would else come up only in the job
    file = Path(source).expanduser()
    is_file = file.is_file()
    if scoring.sealed and not is_file:
        raise UserFault("Only a table that is given as a file can be sealed.", "Leave --sealed out, or give a file.")
    kept = keep_test_table(at.workspace, file, sealed=scoring.sealed).id if is_file else source_of(at.workspace, source)
    _refuse_again(at, kept, scoring)
    return Evaluate(source=kept, choices=choices, repeats=scoring.repeats, fresh=scoring.fresh)


def _refuse_again(at: Desk, source: str, scoring: Scoring) -> None:
    with suppress(NotFound):  # rows held back of examples, which are not sealed
        kept = at.workspace.question_sets.get(source)
        before = asked_for(at.queue, kept)
        if kept.sealed and not scoring.again and (before.same or before.others):
            raise UserFault(test_questions.sealed_again(before.same, before.others), "Add --again if you want that.")


def _for_people(answer: Answer) -> str:
    lines = [f"{way_words(answer.way).heading}  ({answer.seconds:.1f} s, {answer.tokens} tokens)"]
    lines += [f"  {line}" for line in (answer.text or failures.join(answer.error, answer.next_step)).splitlines()]
    lines += [f"  [{n}] {found.document} ({found.score:.2f})" for n, found in enumerate(answer.passages, 1)]
    lines += [f"  called {call.tool} {call.arguments}: {call.result or call.error}" for call in answer.calls]
    return "\n".join(lines)


def _table(ways: list[dict[str, Any]]) -> str:
    lines = [f"{'Way':<12}{'Right':>12}{'likely':>14}{'Exact':>8}{'F1':>8}{'ROUGE-L':>9}{'Wait':>8}"]
    for way in ways:
        likely = f"{100 * way['right_low']:.0f} to {100 * way['right_high']:.0f} %"
        right = f"{round(way['right'] * way['n'])} of {way['n']}"
        scores = f"{way['exact_match']:>8.2f}{way['token_f1']:>8.2f}{way['rouge_l']:>9.2f}{way['seconds']:>6.1f} s"
        lines.append(f"{way_words(way['way']).title:<12}{right:>12}{likely:>14}{scores}")
    return "\n".join(lines)
