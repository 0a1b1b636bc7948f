"""One question to many columns: a thread each, their events kept as they happen, none waiting for another."""

import logging
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from queue import Empty, SimpleQueue
from uuid import uuid4

from jobs.answering.answer import Bench, answer
from jobs.answering.approving import PATIENCE_S, Asked
from jobs.answering.collect import CUT_OFF, collect
from jobs.answering.events import Calling, Delta, Event, Failed, Stopped, event_of, is_final
from jobs.answering.history import history_of
from jobs.answering.lacking import lacking
from jobs.answering.ways import completed
from jobs.models.door import Door
from storage.comparisons import Comparisons
from storage.errors import NotFound, OurFault
from storage.records import Answer, AnswerState, Column, Comparison
from storage.workspace import Workspace

_logger = logging.getLogger(__name__)

# At most four writes a second for the text of an answer; a wish to stop is seen as fast.
_WRITE_EVERY_S = 0.25


def ask_now(question: str, columns: Sequence[Column], bench: Bench) -> list[Answer]:
    """Ask all columns at the same time and return their answers in the columns' order; nothing is kept."""
    with ThreadPoolExecutor(max(1, len(columns))) as pool:
        return list(pool.map(lambda column: collect(column, answer(question, column, bench)), columns))


class Comparing:
    """Asks columns in threads of this process and keeps every event, so that any page can follow or come back.

    Making one stops the answers that an earlier process left unfinished. A call that needs a person's yes waits for it
    for `patience_s`.
    """

    def __init__(self, workspace: Workspace, door: Door, patience_s: float = PATIENCE_S) -> None:
        self._workspace = workspace
        self._door = door
        self._patience_s = patience_s
        self._owner = str(uuid4())
        self._threads: list[threading.Thread] = []
        workspace.comparisons.stop_orphans(self._owner, CUT_OFF)

    def ask(
        self, question: str, columns: Sequence[Column], previous_id: str | None = None, *, blind: bool = False
    ) -> Comparison:
        """Keep the question and start every column; the answers follow in storage.

        `previous_id` is the comparison that the question goes on from; each column goes on from its own answer there.
        Where the names of the columns are to be hidden (`blind`), these are kept in shuffled order.
        """
        ordered = random.sample(list(columns), len(columns)) if blind else columns
        comparison = self._workspace.comparisons.start(question, ordered, previous_id, blind=blind, owner=self._owner)
        for column in ordered:
            self._start(comparison, column, attempt=1)
        return comparison

    def again(self, comparison_id: str, column_id: str) -> int:
        """Let one column answer once more and return the new attempt's number; an older one is fenced out.

        A part that the column lacked so far is taken now where it is there by now.
        """
        comparison = self._workspace.comparisons.get(comparison_id)
        column = completed(_column(comparison, column_id), self._workspace)
        self._workspace.comparisons.put_column(comparison_id, column)
        return self._start(comparison, column, self._workspace.comparisons.begin(comparison_id, column_id, self._owner))

    def complete(self, comparison_id: str) -> list[str]:
        """Ask every column of `unanswered` again; return their ids."""
        unanswered = self.unanswered(comparison_id)
        for column_id in unanswered:
            self.again(comparison_id, column_id)
        return unanswered

    def unanswered(self, comparison_id: str) -> list[str]:
        """Return the columns, by id and in their order, that ended without a whole answer and can be asked again.

        One that lacks a part is among them once that part is there.
        """
        states = self._workspace.comparisons.states(comparison_id)
        columns = self._workspace.comparisons.get(comparison_id).columns
        return [column.id for column in columns if self._can_be_asked(column, states[column.id][1])]

    def _can_be_asked(self, column: Column, state: AnswerState) -> bool:
        if state is AnswerState.MISSING:
            return lacking(completed(column, self._workspace), self._workspace) is None
        return state in {AnswerState.FAILED, AnswerState.STOPPED}

    def stop(self, comparison_id: str, column_id: str | None = None) -> None:
        """Ask one column, or all of them, to stop; it happens within a moment."""
        self._workspace.comparisons.request_stop(comparison_id, column_id)

    def read(self, comparison_id: str, column_id: str) -> Answer:
        """Return what is kept of the column's newest attempt, finished or not."""
        return kept_answer(self._workspace.comparisons, comparison_id, column_id)

    def wait(self, timeout_s: float) -> bool:
        """Wait for every answer that was started here; False where one is still being written after `timeout_s`."""
        until = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        return not self._threads

    def _start(self, comparison: Comparison, column: Column, attempt: int) -> int:
        key, over = (comparison.id, column.id, attempt), threading.Event()
        asked = Asked(self._workspace, key, over, self._patience_s)
        bench = Bench(self._workspace, self._door, stopped=over.is_set, approve=asked)
        tape = _Tape(self._workspace.comparisons, key, over)
        history = history_of(self._workspace.comparisons, comparison, column.id)
        events = answer(comparison.question, column, bench, history)
        work = threading.Thread(target=tape.record, args=(events,), daemon=True, name=column.id)
        self._threads = [thread for thread in self._threads if thread.is_alive()] + [work]
        work.start()
        return attempt


class _Tape:
    """Writes one attempt's events to storage: text gathered to a few writes a second, everything else at once."""

    def __init__(self, store: Comparisons, key: tuple[str, str, int], over: threading.Event) -> None:
        self._store = store
        self._key = key
        self._over = over
        self._call_stands = threading.Event()
        self._text = ""
        self._pending = ""
        self._written_at = 0.0

    def record(self, events: Iterator[Event]) -> None:
        """Keep the events until the last one, or until the attempt is stopped or fenced out."""
        arriving: SimpleQueue[Event | None] = SimpleQueue()
        threading.Thread(target=self._pump, args=(events, arriving), daemon=True).start()
        try:
            self._follow(arriving)
        finally:
            self._over.set()  # whatever ended this: nothing of the attempt may run any more

    def _follow(self, arriving: "SimpleQueue[Event | None]") -> None:
        asked_at = time.monotonic()
        while not self._over.is_set():
            try:
                event = arriving.get(timeout=_WRITE_EVERY_S)
            except Empty:
                self._flush()
            else:
                self._keep(event or Failed(text=_BROKE, next_step=OurFault.next_step))
            if time.monotonic() - asked_at >= _WRITE_EVERY_S:
                asked_at = time.monotonic()
                self._stop_if_asked()

    def _pump(self, events: Iterator[Event], arriving: "SimpleQueue[Event | None]") -> None:
        """Hand the events on as they come, so that a silent model can't hold up a stop; None when nothing follows."""
        try:
            for event in events:
                arriving.put(event)
                if isinstance(event, Calling) and not self._may_run():
                    return
        except Exception:  # whatever it is, this column says that it broke off, and the others go on
            _logger.exception("An answer broke off")
        arriving.put(None)

    def _may_run(self) -> bool:
        """Wait until a call stands in storage, for it runs only after that; False where its attempt is over."""
        while not self._call_stands.wait(_WRITE_EVERY_S):
            if self._over.is_set():
                return False
        self._call_stands.clear()
        return not self._over.is_set()

    def _keep(self, event: Event) -> None:
        if isinstance(event, Delta):
            self._text += event.text
            self._pending += event.text
            if time.monotonic() - self._written_at >= _WRITE_EVERY_S:
                self._flush()
            return
        self._flush()
        if isinstance(event, Calling):
            self._stop_if_asked()  # a stop that was asked for before a call begins still prevents it
        self._write(event)
        if isinstance(event, Calling):
            self._call_stands.set()
        if is_final(event):
            self._over.set()

    def _flush(self) -> None:
        if self._pending:
            self._write(Delta(text=self._pending))
            self._pending = ""
            self._written_at = time.monotonic()

    def _write(self, event: Event) -> None:
        if not self._store.append(*self._key, event.type, event.model_dump(mode="json")):
            self._over.set()

    def _stop_if_asked(self) -> None:
        if not self._over.is_set() and self._store.stop_requested(*self._key):
            self._write(Stopped(text=self._text))
            self._over.set()


_BROKE = "Something of ours broke while this column was answering."


def kept_answer(comparisons: Comparisons, comparison_id: str, column_id: str) -> Answer:
    """Build the column's newest answer from the events in storage."""
    column = _column(comparisons.get(comparison_id), column_id)
    attempt, state = comparisons.states(comparison_id)[column_id]
    kept = comparisons.events(comparison_id, column_id, attempt)
    made = collect(column, (event_of.validate_python(event.body) for event in kept), attempt)
    return made if state.final else replace(made, state=state)


def _column(comparison: Comparison, column_id: str) -> Column:
    for column in comparison.columns:
        if column.id == column_id:
            return column
    raise NotFound(f"This comparison has no column {column_id!r}.")
