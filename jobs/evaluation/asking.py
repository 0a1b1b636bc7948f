"""Ask every question of every column, a few at a time so that the model server batches them."""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace

from jobs.answering.answer import Bench, answer
from jobs.answering.collect import collect
from jobs.context import JobContext
from jobs.evaluation.patience import PatientDoor
from jobs.evaluation.questions import Question
from storage.records import Answer, AnswerState, Column

IN_FLIGHT = 5
_LOOK_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Cell:
    """One question put to one column, with the answer it got."""

    question: Question
    column: Column
    answer: Answer


def ask_all(
    questions: Sequence[Question], columns: Sequence[Column], door: PatientDoor, context: JobContext
) -> list[Cell]:
    """Return one cell for every question and column, in order.

    Where the person asks to stop and keep, these are the questions that all columns had answered by then. Raises what
    `context.check` raises, and ModelUnavailable where the door gave up.
    """
    bench = Bench(context.workspace, door, stopped=door.stopping.is_set)
    began = context.workspace.clock()
    with _pool(door) as pool:
        rows = [[pool.submit(_ask, question, column, bench) for column in columns] for question in questions]
        asked = [future for row in rows for future in row]
        left = set(asked)
        while left and not context.finish_requested():
            done, left = wait(left, _LOOK_EVERY_S, FIRST_COMPLETED)
            context.check()
            if door.gave_up is not None:
                raise door.gave_up
            if done:
                _report(context, len(questions), 1 - len(left) / len(asked), began)
    return [cell for row in rows if (cells := _finished(row)) is not None for cell in cells]


@contextmanager
def _pool(door: PatientDoor) -> Iterator[ThreadPoolExecutor]:
    """Give a pool whose unfinished answers are stopped when the block ends, however it ends."""
    with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="asking") as pool:
        try:
            yield pool
        finally:
            door.stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _ask(question: Question, column: Column, bench: Bench) -> Cell:
    """Ask once, and once more where that failed: one broken connection should not count against a way."""
    asking = replace(column, instruction=question.instruction or column.instruction)
    given = collect(asking, answer(question.asked, asking, bench))
    if given.state is AnswerState.FAILED and not bench.stopped():
        given = collect(asking, answer(question.asked, asking, bench), attempt=2)
    return Cell(question, column, given)


def _finished(row: Sequence[Future[Cell]]) -> list[Cell] | None:
    if any(future.cancelled() for future in row):
        return None
    cells = [future.result() for future in row]
    return None if any(cell.answer.state is AnswerState.STOPPED for cell in cells) else cells


def _report(context: JobContext, questions: int, share: float, began: float) -> None:
    seconds_left = (context.workspace.clock() - began) * (1 - share) / share
    context.report(phase="ask", step=int(questions * share), of=questions, seconds_left=seconds_left)
