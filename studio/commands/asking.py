"""Commands that ask: one question in every way, or a table of test questions with scores."""

import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from jobs.answering.answer import Bench
from jobs.answering.compare import ask_now
from jobs.answering.ways import columns_for
from jobs.evaluation.asked import source_of
from jobs.evaluation.tables import keep_test_table
from jobs.models.client import connect
from jobs.requests import Evaluate
from storage.records import Answer, AnswerState
from studio.cli import OUR_FAULT
from studio.commands.options import Asked, grouped
from studio.commands.output import Output, say, show
from studio.commands.telling import answer_shape, settle, wait_for
from studio.commands.working import Desk, desk
from studio.needing import needing
from studio.wording import failures, scores
from studio.wording.ways import way_words

_REPEATS = f"{Evaluate.model_fields['repeats'].description} 3 without it."
_FRESH = f"Ask everything anew. {Evaluate.model_fields['fresh'].description}"
_QUESTIONS = "A table of test questions; or the name or id of test questions that are kept, or of a dataset."


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
    output: Output,
    repeats: Annotated[int | None, typer.Option(min=1, max=10, help=_REPEATS)] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help=_FRESH)] = False,
) -> None:
    """Ask every test question in every way and count the right answers."""
    with desk() as at:
        request = _request(at, source, asked).model_copy(update={"repeats": repeats, "fresh": fresh})
        with needing(at.settings, say, worker=True, model=True) as needed:
            job = wait_for(at.queue, at.queue.enqueue(request, str(uuid.uuid4())), needed)
        settle(output, job)
        result = {**job.result, "answers_file": str(at.workspace.home / job.result["answers_file"])}
    show(output, result, _for_reading(result))


def _for_reading(result: dict[str, Any]) -> str:
    asked = sum(way["n"] for way in result["ways"])
    over = scores.taken_over(result["taken_over"], asked, scores.EARLIER_SCORES) if result["taken_over"] else ""
    return "\n".join(filter(None, [_table(result["ways"]), over, f"Every answer: {result['answers_file']}"]))


def _request(at: Desk, source: str, asked: Asked) -> Evaluate:
    choices = asked.choices(at.base_model)
    columns_for(choices, at.workspace)  # raises what would else come up only in the job
    file = Path(source).expanduser()
    if file.is_file():
        return Evaluate(source=keep_test_table(at.workspace, file).id, choices=choices)
    return Evaluate(source=source_of(at.workspace, source), choices=choices)


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
