"""Rows that teach to use tools: reviewed questions with their calls, as answering asks which tool and with what.

After T. Schick et al., "Toolformer", NeurIPS 2023, in that a model learns which tool, when and with which arguments;
here a person has read every call, and the masks of answering stay.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jobs.intake.prepare import MINIMUM_ROWS
from jobs.intake.splits import question_key
from jobs.teaching.calls import read
from jobs.teaching.held_back import held_back
from jobs.teaching.tool_questions import QUESTIONS
from jobs.tools.arguments import checked_arguments
from jobs.tools.choosing import NONE, TAUGHT, Offer, choices, choosing, filling, offers
from jobs.tools.narrowing import closed, only_call
from jobs.tools.registry import Registry
from jobs.tools.tool import Arguments, Tool
from storage.errors import UserFault
from storage.records import Dataset, Example, Json, ToolCall
from storage.tools import fold
from storage.workspace import Workspace

ROWS = "Using tools"
_COLUMNS = {"question": "question", "answer": TAUGHT, "instruction": "instruction"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one reviewed question teaches: a choice, arguments, both, or nothing.

    Then answering is not asked anything for it; unless `fits` is False, and answering would not offer what it wants.
    """

    choice: Example | None = None
    arguments: Example | None = None
    fits: bool = True

    @property
    def rows(self) -> list[Example]:
        """The rows to learn from."""
        return [row for row in (self.choice, self.arguments) if row is not None]


def lesson(question: str, call: ToolCall | None, tools: Sequence[Tool]) -> Lesson:
    """Return what a question teaches with the call that it wants, None for no call.

    The rows are what answering asks the model for it: which of the tools that are offered, and the arguments under
    the schema that is left. What a mask leaves no choice in is no row. Raises ToolFault where arguments break the
    tool's schema.
    """
    offered = offers(tools, question, [])
    names = choices(offered) if offered else [NONE]
    wanted = next((offer for offer in offered if call is not None and offer.tool.name == call.tool), None)
    arguments = _as_offered(wanted, call) if wanted is not None and call is not None else None
    if (NONE not in names) if call is None else arguments is None:
        return Lesson(fits=False)
    choice = _chosen(question, offered, wanted.tool.name if wanted else NONE) if len(names) > 1 else None
    if wanted is None or arguments is None or only_call(wanted.schema):
        return Lesson(choice)
    return Lesson(choice, _filled(question, wanted, arguments))


def _chosen(question: str, offered: Sequence[Offer], name: str) -> Example:
    told = choosing(offered)
    return Example(0, question, name, instruction=told.instruction, history=told.before)


def _filled(question: str, offer: Offer, arguments: Arguments) -> Example:
    told, said = filling(offer.tool), json.dumps(arguments, ensure_ascii=False)
    return Example(0, question, said, instruction=told.instruction, history=told.before)


def _as_offered(offer: Offer, call: ToolCall) -> Arguments | None:
    """Return the arguments as the mask admits them, in its order and its spelling; None where it does not."""
    arguments = checked_arguments(offer.tool.schema, call.arguments)
    for schema in offer.schema.get("anyOf", [offer.schema]):
        properties: Json = schema["properties"]
        ordered = {name: arguments[name] for name in properties if name in arguments}
        if not closed(schema):
            return ordered
        spelt = {name: _spelt(value, properties[name]["enum"]) for name, value in ordered.items()}
        if spelt.keys() == properties.keys() and arguments.keys() == properties.keys() and None not in spelt.values():
            return spelt
    return None


def _spelt(value: object, listed: Sequence[object]) -> object:
    return next((one for one in listed if one == value or fold(str(one)) == fold(str(value))), None)


def teach_tools(workspace: Workspace, source: str = QUESTIONS, name: str = ROWS) -> Dataset:
    """Make rows of the questions that a person has read: a new dataset, or the next version of the one there is.

    Its `origin` counts the rows that teach a choice, those of them that want none, and those that teach arguments;
    `by_mask` are questions of which a mask decides everything, `left_out` such that are not offered what they want.
    What any test asks stays in the exam. Raises NotFound without the source, UserFault where a call can't be
    understood or too little is left.
    """
    kept = workspace.datasets.get(source)
    questions = workspace.datasets.examples(kept.id)
    tested = held_back(workspace)
    told: Counter[str] = Counter()
    rows = list(_rows(questions, Registry(workspace).tools(), told))
    rows = [
        replace(row, row=number, part="exam" if question_key(row.question) in tested else row.part,
                origin=f"{kept.id}#{row.row}")
        for number, row in enumerate(rows, 1)
    ]  # fmt: skip
    if len(rows) < MINIMUM_ROWS or not {"learn", "watch"} <= {row.part for row in rows}:
        raise UserFault(
            f"Of {len(questions)} questions, a model is asked something in {len(rows)} rows. A training needs "
            f"{MINIMUM_ROWS}, some to learn from and some to watch.",
            "Draft or write more questions first, for several tools.",
        )
    counts = {what: told[what] for what in ("choices", "none", "arguments", "by_mask", "left_out")}
    return workspace.datasets.keep(
        name, rows, rows=len(rows), columns=_COLUMNS, dropped=(), source=f"questions:{kept.name}",
        origin={**counts, "questions": kept.id},
    )  # fmt: skip


def _rows(questions: Sequence[Example], tools: Sequence[Tool], told: Counter[str]) -> Iterator[Example]:
    """Yield the rows in the order of the questions, and count them in `told`."""
    for question in questions:
        learned = _lesson(question, tools)
        told["choices"] += learned.choice is not None
        told["none"] += learned.choice is not None and learned.choice.answer == NONE
        told["arguments"] += learned.arguments is not None
        told["by_mask" if learned.fits else "left_out"] += not learned.rows
        for row in learned.rows:
            yield replace(row, row=question.row, part=question.part, kind=question.kind)


def _lesson(row: Example, tools: Sequence[Tool]) -> Lesson:
    try:
        return lesson(row.question, read(row.answer), tools)
    except UserFault as fault:
        raise UserFault(f"Row {row.row}: {fault}", "Change that row, or take it out.") from fault
