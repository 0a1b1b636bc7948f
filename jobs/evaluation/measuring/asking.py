"""Ask columns for a measurement, one question after the other, so that seconds are those of one answer alone."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Thread

from jobs.answering.answer import Bench, answer
from jobs.answering.collect import collect
from jobs.context import JobContext
from jobs.models.patience import PatientDoor
from storage.records import Answer, Column, Json
from storage.workspace import Workspace

_LOOK_EVERY_S = 0.2
_TOGETHER = 8  # as many as the model server writes at once

Health = Callable[[], Json]


@dataclass(frozen=True)
class Asker:
    """Asks through one door for one job. `health` is what the model server says of itself."""

    door: PatientDoor
    health: Health
    context: JobContext

    def ask(self, question: str, column: Column, workspace: Workspace) -> Answer:
        """Return the column's answer; raise what `context.check` raises, ModelUnavailable where the door gave up."""
        self._go_on()
        bench = Bench(workspace, self.door, stopped=self.context.cancelled)
        given = collect(column, answer(question, column, bench))
        self._go_on()
        return given

    def one_by_one(self, questions: Sequence[str], column: Column, workspace: Workspace) -> list[Answer]:
        """Return the column's answers, each asked when the one before had come."""
        return [self.ask(question, column, workspace) for question in questions]

    def together(
        self, questions: Sequence[str], columns: Sequence[Column], workspace: Workspace
    ) -> dict[str, list[Answer]]:
        """Return the answers of all columns, by column id; asked side by side, so their seconds tell nothing."""
        with ThreadPoolExecutor(_TOGETHER) as pool:
            asked = {
                column.id: [pool.submit(self.ask, question, column, workspace) for question in questions]
                for column in columns
            }
            return {column_id: [one.result() for one in futures] for column_id, futures in asked.items()}

    def _go_on(self) -> None:
        self.context.check()
        if self.door.gave_up is not None:
            raise self.door.gave_up


class Height:
    """Watches how much memory the model server holds while a block runs; `bytes` is None where it does not tell."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True, name="memory")
        self.bytes: int | None = None

    def __enter__(self) -> "Height":
        self._look()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        held = self._health().get("memory_bytes")
        if isinstance(held, int):
            self.bytes = max(held, self.bytes or 0)
