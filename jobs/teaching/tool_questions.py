"""Drafted questions for the tools of a workspace, each with the call that it wants, for a person to read and mend."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from jobs.intake.editing import Changes, edit_dataset
from jobs.intake.splits import USUAL_SHARE, question_key, with_parts
from jobs.teaching.calls import written
from jobs.teaching.tool_values import Values
from jobs.tools.choosing import NONE, TAUGHT, choices, offers
from jobs.tools.narrowing import admits, closed, only_call
from jobs.tools.registry import Registry
from jobs.tools.tool import Arguments, Tool
from storage.errors import NotFound, UserFault
from storage.records import Dataset, Example, ToolCall
from storage.workspace import Workspace

QUESTIONS = "Questions for your tools"
USUAL, MOST = 60, 400
# Of four drafts one wants no call, though something in it speaks for one.
_NONE = 4
_TRIES, _ROUNDS = 30, 3
_LONGEST_KIND = 64
_COLUMNS = {"question": "question", "answer": TAUGHT}


@dataclass(frozen=True, slots=True)
class Draft:
    """A question and the call that it wants; None where it wants no call of the tool that it speaks for."""

    question: str
    call: ToolCall | None
    tool: str

    def row(self) -> Example:
        """Return it as a row for a person to read."""
        kind = self.tool[:_LONGEST_KIND] if self.call else NONE
        return Example(0, self.question, written(self.call), kind=kind, origin=f"drafted:{self.tool}")


def draft_tool_questions(workspace: Workspace, most: int = USUAL, seed: int = 0) -> Dataset:
    """Draft about `most` questions for the tools that are on: a new dataset, or the next version with those that lack.

    Each is one for which answering would offer the tool, and admit the arguments. The same seed drafts the same
    questions. Raises UserFault where no tool can be asked for, or where nothing new is found.
    """
    tools = Registry(workspace).tools()
    there = _there(workspace)
    rows = [draft.row() for draft in _drafts(workspace, tools, most, random.Random(seed))]
    new = [row for row in rows if question_key(row.question) not in there]
    if not rows:
        raise UserFault("None of your tools can be asked for yet.", "Add a table, a database or a service first.")
    if not new:
        raise UserFault(
            "All of these questions are drafted already.",
            "Read them on Rows, or add tables and tools first: more questions come of them.",
        )
    if there:
        return edit_dataset(workspace, QUESTIONS, Changes(added=new), "drafted for your tools")
    parts = with_parts((replace(row, row=number) for number, row in enumerate(new, 1)), USUAL_SHARE)
    return workspace.datasets.keep(
        QUESTIONS, parts, rows=len(parts), columns=_COLUMNS, dropped=(), source="drafted for your tools"
    )


def _there(workspace: Workspace) -> set[str]:
    try:
        kept = workspace.datasets.get(QUESTIONS)
    except NotFound:
        return set()
    return {question_key(row.question) for row in workspace.datasets.examples(kept.id)}


def _drafts(workspace: Workspace, tools: Sequence[Tool], most: int, chance: random.Random) -> list[Draft]:
    """Return the drafts, as many for each tool, and after them those that want no call."""
    values, seen = Values(workspace, chance), set[str]()
    without = most // _NONE
    each = max(2, -(-(most - without) // max(1, len(tools))))
    found: list[Draft] = []
    for tool in tools:
        asked = islice(values.questions(tool), _TRIES * each)
        found += islice(_wanting(tool, asked, seen), each)
    return [*found, *islice(_not_wanting(found, tools, values, seen), without)]


def _wanting(tool: Tool, asked: Iterable[tuple[str, Arguments]], seen: set[str]) -> Iterator[Draft]:
    for question, known in asked:
        if question_key(question) in seen:
            continue
        arguments = _admitted(tool, question, known)
        if arguments is not None:
            seen.add(question_key(question))
            yield Draft(question, ToolCall(tool.name, arguments), tool.name)


def _admitted(tool: Tool, question: str, known: Arguments) -> Arguments | None:
    """Return the arguments with which answering would call the tool; None where it would not, or it is not plain."""
    offered = offers([tool], question, [])
    if not offered:
        return None
    schema = offered[0].schema
    if not closed(schema) or admits(schema, known):
        return known or None
    return only_call(schema)


def _not_wanting(wanting: Sequence[Draft], tools: Sequence[Tool], values: Values, seen: set[str]) -> Iterator[Draft]:
    for draft in values.shuffled(wanting) * _ROUNDS:
        text = values.wanting_nothing(draft.question, draft.call.arguments if draft.call else {})
        offered = offers(tools, text, [])
        if offered and NONE in choices(offered) and question_key(text) not in seen:
            seen.add(question_key(text))
            yield Draft(text, None, draft.tool)
