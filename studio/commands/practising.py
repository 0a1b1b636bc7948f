"""Commands that make rows which teach a model to use the tools there are."""

from typing import Annotated

import typer

from jobs.teaching.tool_questions import MOST, QUESTIONS, USUAL, draft_tool_questions
from jobs.teaching.using_tools import ROWS, teach_tools
from jobs.tools.choosing import NONE
from storage.errors import UserFault
from studio.commands.options import grouped
from studio.commands.output import Output, show
from studio.commands.telling import dataset_shape
from studio.commands.working import desk
from studio.wording.practice import rows_taught


@grouped
def draft(
    output: Output,
    most: Annotated[int, typer.Option(min=4, max=MOST, help="About how many questions are drafted.")] = USUAL,
    seed: Annotated[int, typer.Option(help="Another number drafts other questions.")] = 0,
) -> None:
    """Draft questions for your tools, each with the call that it wants, for a person to read and mend."""
    with desk() as at:
        made = draft_tool_questions(at.workspace, most, seed)
        rows = at.workspace.datasets.examples(made.id)
    questions = [{"question": row.question, "call": row.answer} for row in rows]
    lines = [f"{row.question}\n  {row.answer}" for row in rows]
    none = sum(row.answer == NONE for row in rows)
    lines.append(f"{made.name}, version {made.version}: {len(rows) - none} with a call, {none} that want none")
    show(output, {**dataset_shape(made), "questions": questions}, "\n".join(lines))


@grouped
def teach(
    output: Output,
    questions: Annotated[str, typer.Argument(help="The set of questions with their calls.")] = QUESTIONS,
    name: Annotated[str, typer.Option(help="What to call the rows.")] = ROWS,
    reviewed: Annotated[bool, typer.Option("--reviewed", help="Say that a person has read every question.")] = False,
) -> None:
    """Make training rows of questions and calls that a person has read, as the model is asked for them later."""
    if not reviewed:
        raise UserFault(
            "What is wrong in these questions is learned, too.",
            f"Read {questions!r} on the Rows page or in a file (triptych dataset export), then say --reviewed.",
        )
    with desk() as at:
        made = teach_tools(at.workspace, questions, name)
    told = rows_taught(made.name, made.version, made.origin)
    show(
        output, {**dataset_shape(made), "origin": made.origin}, f"{told}\nTrain on them with: triptych train {made.id}"
    )
