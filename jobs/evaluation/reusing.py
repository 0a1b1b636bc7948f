"""Answers of earlier scores that are taken over, because nothing that makes them has changed; each is judged anew."""

from collections.abc import Iterator, Mapping

from jobs.answering.ways import served_as
from jobs.context import JobContext
from jobs.evaluation.asking import Place, Task
from jobs.evaluation.repeating import answers_of, line_of, runs_of
from jobs.models.door import Chat, Door
from storage.answers import read_answers
from storage.errors import Damaged
from storage.records import AnswerState, Column, Json
from storage.workspace import Workspace

_LOOK_BACK = 20  # how many of the newest scores are looked through
_WEIGHTS = ("base_sha256", "adapter_sha256", "tensors_sha256")


def taken_over(task: Task, answered: Mapping[Place, Json], door: Door, context: JobContext) -> dict[Place, Json]:
    """Keep and return, for what is not `answered`, the answers that earlier scores hold under the same key.

    An answer that called a tool is asked again, since what the tool tells may have changed; so is one whose model does
    not report its weights, or reports others by now. Raises what `context.check` and asking the door raise.
    """
    wanted = {
        (column.id, question.row): key
        for question in task.questions
        for column in task.columns
        if (column.id, question.row) not in answered and (key := task.key(question, column))
    }
    earlier = {line["key"]: line for line in _earlier(context.workspace, set(wanted.values()))}
    weights, found = _Weights(door), dict[Place, Json]()
    for question in task.questions:
        for column in task.columns:
            line = earlier.get(wanted.get((column.id, question.row), ""))
            if line is None or line["weights"] != weights.of(column):
                continue
            context.check()
            again = line_of(question, column, answers_of(line, column))
            again |= {"key": line["key"], "taken_from": line["taken_from"]}
            context.keep_cell(column.id, question.row, again)
            found[column.id, question.row] = again
    return found


def _earlier(workspace: Workspace, keys: set[str]) -> Iterator[Json]:
    """Yield the lines of earlier scores that have one of these keys, with the `weights` that wrote them."""
    # The newest come last: of several under one key, the last counts.
    for card in reversed(workspace.scorecards.list()[:_LOOK_BACK] if keys else []):
        try:
            lines = read_answers(workspace, card)
        except Damaged:
            continue  # the answers of that score are gone; the others may hold the same
        origin = {"card": card.id, "at": card.created_at}
        weights = {way["column_id"]: _weights(way["reported"]) for way in card.ways}
        for line in lines:
            made = weights[line["column_id"]]
            if made is not None and line.get("key") in keys and all(_is_whole(run) for run in runs_of(line)):
                yield {"taken_from": origin, **line, "weights": made}


def _weights(reported: Json) -> list[object] | None:
    """Return the weights that wrote a column's answers; None where they were not reported, or changed meanwhile."""
    told: list[list[object]] = [reported.get(name, []) for name in _WEIGHTS]
    if not told[0] or any(len(values) > 1 for values in told):
        return None
    return [values[0] if values else None for values in told]


def _is_whole(run: Json) -> bool:
    return run["state"] == AnswerState.FINISHED and not run["calls"]


class _Weights:
    """What the model server reports of the models of columns just now; each is asked once, for a word."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._told = dict[str, list[object]]()

    def of(self, column: Column) -> list[object]:
        """Return the hashes of the weights that the column would be asked of."""
        model = served_as(column)
        if model not in self._told:
            chat = Chat([{"role": "user", "content": "Hello"}], model, max_tokens=1)
            provenance = [chunk for chunk in self._door.chat(chat)][-1].provenance
            self._told[model] = [provenance.get(name) for name in _WEIGHTS]
        return self._told[model]
