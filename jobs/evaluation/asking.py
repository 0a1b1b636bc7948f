"""Ask what is not answered yet, a few at a time so that the model server batches it, and keep every scored answer."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from jobs.answering.answer import Bench, answer
from jobs.answering.collect import collect
from jobs.context import JobContext
from jobs.evaluation.making import Making
from jobs.evaluation.questions import Question
from jobs.evaluation.repeating import line_of, times_for
from jobs.models.patience import PatientDoor
from storage.records import Answer, AnswerState, Column, Json

# The model server writes 8 answers at once. On 2 cores it took the starter model 19 ms of processor time a token with 5
# questions in flight, 13.5 ms with 8 and 14.7 ms with 10 (twice 20 questions each).
IN_FLIGHT = 8
_LOOK_EVERY_S = 0.5

Place = tuple[str, int]  # column id and row


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked: every question of every column. `repeats` counts for columns in whose answers chance takes part.

    `making` knows what the answers are made with, so that a later score may take them over.
    """

    questions: Sequence[Question]
    columns: Sequence[Column]
    making: Making
    repeats: int | None = None

    def times(self, column: Column) -> int:
        """Return how often the column is asked each question."""
        return times_for(column, self.repeats)

    def key(self, question: Question, column: Column) -> str:
        """Return what stands for everything that makes the cell's answers; empty where it can't be known."""
        return self.making.key(question, column, self.times(column))


def ask_all(task: Task, answered: Mapping[Place, Json], door: PatientDoor, context: JobContext) -> list[Json]:
    """Return one line for every question and column, in order; what is in `answered` is not asked again.

    Where the person asks to stop and keep, these are the questions that all columns had answered by then. Raises what
    `context.check` raises, and ModelUnavailable where the door gave up; what was answered by then is kept.
    """
    lines, columns = dict(answered), task.columns
    asked = [(question, column) for question in task.questions for column in columns]
    todo = [(question, column) for question, column in asked if (column.id, question.row) not in lines]
    pace = _Pace(context, len(task.questions), len(asked), len(todo))
    keep = partial(_keep_answers, task, door, context)
    with _pool(door) as pool:
        left = {pool.submit(keep, question, column) for question, column in todo}
        while left and not context.finish_requested():
            pace.tell(len(left))
            done, left = wait(left, _LOOK_EVERY_S, FIRST_COMPLETED)
            lines |= {(line["column_id"], line["row"]): line for future in done if (line := future.result())}
            context.check()
            if door.gave_up is not None:
                raise door.gave_up
    complete = [
        question for question in task.questions if all((column.id, question.row) in lines for column in columns)
    ]
    return [lines[column.id, question.row] for question in complete for column in columns]


@contextmanager
def _pool(door: PatientDoor) -> Iterator[ThreadPoolExecutor]:
    """Give a pool whose unfinished answers are stopped when the block ends, however it ends."""
    with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="asking") as pool:
        try:
            yield pool
        finally:
            door.stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _keep_answers(
    task: Task, door: PatientDoor, context: JobContext, question: Question, column: Column
) -> Json | None:
    """Ask, score, and keep the line at once; None where it was stopped, or failed because no model was there."""
    bench, given = Bench(context.workspace, door, stopped=door.stopping.is_set), list[Answer]()
    for run in range(task.times(column)):
        given.append(_ask(question, replace(column, seed=column.seed + run), bench))
        gone = given[-1].state is AnswerState.FAILED and door.gave_up is not None
        if given[-1].state is AnswerState.STOPPED or gone:
            return None
    held = all(task.making.holds(column, answer.provenance) for answer in given)
    line = line_of(question, column, given) | {"key": task.key(question, column) if held else ""}
    context.keep_cell(column.id, question.row, line)
    return line


def _ask(question: Question, column: Column, bench: Bench) -> Answer:
    """Ask once, and once more where that failed: one broken connection should not count against a way."""
    asking = replace(column, instruction=question.instruction or column.instruction)
    given = collect(asking, answer(question.asked, asking, bench))
    if given.state is AnswerState.FAILED and not bench.stopped():
        given = collect(asking, answer(question.asked, asking, bench), attempt=2)
    return given


class _Pace:
    """Tells how far the asking is, and how long it goes on at the pace of this attempt."""

    def __init__(self, context: JobContext, questions: int, asked: int, todo: int) -> None:
        self._context = context
        self._questions = questions
        self._asked = asked
        self._todo = todo
        self._began = context.workspace.clock()

    def tell(self, left: int) -> None:
        """Report with so many answers left."""
        given = self._todo - left
        took = self._context.workspace.clock() - self._began
        self._context.report(
            step=self._questions * (self._asked - left) // self._asked,
            of=self._questions,
            seconds_left=took * left / given if given else None,
        )
