"""Commands for test questions: which are kept, keeping a table of them, and one version as a file."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.evaluation.asked import asked_for
from jobs.evaluation.saving import saved
from jobs.evaluation.tables import keep_test_table
from jobs.intake.saving import write_new
from storage.question_sets import QuestionSet
from storage.records import Json
from studio.commands.options import grouped
from studio.commands.output import Output, show
from studio.commands.working import Desk, desk
from studio.wording.numbers import count

_NAME = "The name of test questions (their latest version) or the id of one version."


@grouped
def listed(output: Output) -> None:
    """List the versions of all test questions, the newest first."""
    with desk() as at:
        kept = [_shape(at, one) for one in at.workspace.question_sets.list()]
    show(output, {"questions": kept}, "\n".join(map(_in_words, kept)) or "No test questions yet.")


@grouped
def add(
    file: Annotated[Path, typer.Argument(help="A table of test questions.")],
    output: Output,
    name: Annotated[str, typer.Option(help="What to call them; the file's name without it.")] = "",
    sealed: Annotated[bool, typer.Option("--sealed", help="They are to be scored once, and not shown before.")] = False,
) -> None:
    """Keep a table of test questions as the next version of its name."""
    with desk() as at:
        kept = _shape(at, keep_test_table(at.workspace, file, name, sealed=sealed))
    show(output, kept, _in_words(kept))


@grouped
def export(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_NAME)],
    file: Annotated[Path, typer.Argument(help="A .csv file that does not exist yet.")],
    output: Output,
) -> None:
    """Write a version of test questions into a table."""
    target = file.expanduser().absolute()
    with desk() as at:
        kept = at.workspace.question_sets.get(name)
        write_new(target, saved(at.workspace, kept))
        document = {**_shape(at, kept), "file": str(target)}
    show(output, document, f"{_in_words(document)}: written to {target}")


def _shape(at: Desk, kept: QuestionSet) -> Json:
    names = ("id", "name", "version", "questions", "sealed", "sha256")
    return {**{name: getattr(kept, name) for name in names}, "scored": asked_for(at.queue, kept).same}


def _in_words(kept: Json) -> str:
    sealed = ", sealed" if kept["sealed"] else ""
    return f"{kept['id']}  {kept['name']}, version {kept['version']}: {count(kept['questions'], 'question')}{sealed}"
