"""How each row of the measured table is found out: one function a row, from columns to what was found of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from jobs.answering.ways import served_as
from jobs.evaluation.measuring.asking import Asker, Height
from jobs.evaluation.measuring.made_up import UNANSWERABLE, Fact, counted, documented, looked_up, says
from jobs.evaluation.measuring.scratch import in_scratch, keep_table, read_documents, scratch
from jobs.evaluation.measuring.setting_up import reading_seconds, training_seconds
from jobs.metrics.abstaining import abstained
from jobs.models.door import Chat
from jobs.requests import MeasuredRow
from storage.answers import read_answers
from storage.errors import UserFault
from storage.records import Answer, AnswerState, Column, Json, Scorecard
from storage.workspace import Workspace

_QUESTIONS = 3


@dataclass(frozen=True)
class Probing:
    """What a row is measured with: the columns of a score, and who asks them."""

    card: Scorecard
    columns: Sequence[Column]
    asker: Asker


def model(probing: Probing) -> dict[str, Json]:
    """Ask each column's model for one token and read back which weights gave it."""
    return {column.id: _weights(column, probing.asker) for column in probing.columns}


def live(probing: Probing) -> dict[str, Json]:
    """Change the rows of a made-up table between two answers: does the second give the new value, and how soon?"""
    context = probing.asker.context
    facts = looked_up(_seed(probing))
    with scratch(context) as workspace:
        keep_table(workspace, facts, new=False)
        # Documents and Hybrid read something, too, as they always do.
        read_documents(workspace, probing.asker.door, {fact.name: fact.text(fact.old) for fact in documented("")})
        return _changed(probing, workspace, facts, lambda: keep_table(workspace, facts, new=True))


def fact(probing: Probing) -> dict[str, Json]:
    """Change made-up documents between two answers; beside it, how long the column's own training took."""
    context, door = probing.asker.context, probing.asker.door
    facts = documented(_seed(probing))
    with scratch(context) as workspace:
        keep_table(workspace, looked_up(""), new=False)
        read_documents(workspace, door, {one.name: one.text(one.old) for one in facts})
        found = _changed(
            probing,
            workspace,
            facts,
            lambda: read_documents(workspace, door, {one.name: one.text(one.new) for one in facts}),
        )
    return {
        column.id: {**found[column.id], "training_s": training_seconds(context.workspace, column.adapter_id)}
        for column in probing.columns
    }


def cost(probing: Probing) -> dict[str, Json]:
    """Ask a few of the test's own questions one by one: seconds, tokens, and the server's memory at its height."""
    asked = list(dict.fromkeys(line["question"] for line in read_answers(_workspace(probing), probing.card)))
    return {column.id: _cost(asked[:_QUESTIONS], column, probing.asker) for column in probing.columns}


def setup(probing: Probing) -> dict[str, Json]:
    """Add up how long the jobs took that made what a column uses; None is what nobody noted."""
    workspace = _workspace(probing)
    return {
        column.id: {
            "training_s": training_seconds(workspace, column.adapter_id),
            "reading_s": reading_seconds(workspace, column.collection),
            "tools": len(column.tools),
        }
        for column in probing.columns
    }


def unknown(probing: Probing) -> dict[str, Json]:
    """Ask each column what nobody can know: how many of its answers say so?"""
    given = probing.asker.together(UNANSWERABLE, probing.columns, _workspace(probing))
    return {
        column_id: {"asked": len(answers), "said": sum(abstained(_text(one)) for one in answers), **_failed(answers)}
        for column_id, answers in given.items()
    }


ROWS: Mapping[MeasuredRow, Callable[[Probing], dict[str, Json]]] = {
    "model": model,
    "live": live,
    "fact": fact,
    "setup": setup,
    "unknown": unknown,
    "cost": cost,
}


def _weights(column: Column, asker: Asker) -> Json:
    name = served_as(column)
    try:
        *_, last = asker.door.chat(Chat([{"role": "user", "content": "Hello"}], name, max_tokens=1))
    except UserFault as error:  # such as a trained model that is gone
        return {"failed": str(error)}
    asker.context.check()
    return {key: last.provenance.get(key) for key in ("base_sha256", "adapter_sha256")}


def _changed(
    probing: Probing, workspace: Workspace, facts: Sequence[Fact], change: Callable[[], float]
) -> dict[str, Json]:
    """Ask, change, ask again; `change_s` are the seconds of the change, `answer_s` of an answer with the new value."""
    asker, questions = probing.asker, [one.question for one in facts]
    columns = [in_scratch(column, workspace) for column in probing.columns]
    before = asker.together(questions, columns, workspace)
    took = change()
    return {
        column.id: _reflected(facts, before[column.id], asker.one_by_one(questions, column, workspace), took)
        for column in columns
    }


def _reflected(facts: Sequence[Fact], before: Sequence[Answer], after: Sequence[Answer], took: float) -> Json:
    waits = [one.seconds for one, asked in zip(after, facts, strict=True) if says(_text(one), asked) == "new"]
    return {
        "asked": len(facts),
        "knew": counted([_text(one) for one in before], facts)["old"],
        "says": counted([_text(one) for one in after], facts),
        "change_s": took,
        "answer_s": median(waits) if waits else None,
        **_failed(after),
    }


def _cost(questions: Sequence[str], column: Column, asker: Asker) -> Json:
    with Height(asker.health) as height:
        given = asker.one_by_one(questions, column, asker.context.workspace)
    finished = [one for one in given if one.state is AnswerState.FINISHED]
    return {
        "asked": len(given),
        "seconds": median(one.seconds for one in finished) if finished else None,
        "tokens": fmean(one.tokens for one in finished) if finished else None,
        "memory_bytes": height.bytes,
        **_failed(given),
    }


def _failed(answers: Sequence[Answer]) -> Json:
    """Return why a column gave no answer at all; nothing where it gave one."""
    if any(one.state is AnswerState.FINISHED for one in answers):
        return {}
    return {"failed": next((one.error for one in answers if one.error), "")}


def _workspace(probing: Probing) -> Workspace:
    return probing.asker.context.workspace


def _seed(probing: Probing) -> str:
    """Other numbers at every attempt, so that nothing that was kept somewhere can pass for an answer."""
    context = probing.asker.context
    return f"{context.job.id} {context.fence}"


def _text(given: Answer) -> str:
    return given.text if given.state is AnswerState.FINISHED else ""
