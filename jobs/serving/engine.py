"""The engine: one thread that answers all requests in flight together, a token for every row at each step."""

import logging
import queue
import threading
from collections.abc import Iterator
from functools import partial

from transformers.cache_utils import Cache

from jobs.serving.base import Base
from jobs.serving.cache import together
from jobs.serving.computing import COMPUTING
from jobs.serving.row import Row
from jobs.serving.tickets import Ticket
from storage.errors import ModelFull, ModelUnavailable, TriptychError

# More rows at once make every one of them slow; the others wait their turn.
MOST_ROWS = 8
MOST_WAITING = 128

_logger = logging.getLogger(__name__)


class Engine:
    """Runs the answers of one base model. Requests join between two steps and leave when they end or are cancelled."""

    def __init__(self, base: Base, most_waiting: int = MOST_WAITING) -> None:
        self.base = base
        self._most_waiting = most_waiting
        self._waiting: queue.Queue[Ticket | None] = queue.Queue()
        self._rows: list[Row] = []
        self._reading = 0
        self._cache: Cache | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def submit(self, ticket: Ticket) -> None:
        """Let the ticket wait for its turn; raise ModelFull where too many wait already."""
        if self._closing or not self.alive:
            raise ModelUnavailable("The model is being restarted.")
        if self._waiting.qsize() >= self._most_waiting:
            raise ModelFull("Too many questions are waiting for the model.")
        self._waiting.put(ticket)

    @property
    def alive(self) -> bool:
        """Whether the engine's thread runs."""
        return self._thread.is_alive()

    @property
    def busy(self) -> int:
        """How many answers are being written or wait, those included whose prompt is just being read."""
        return len(self._rows) + self._reading + self._waiting.qsize()

    def close(self) -> None:
        """Finish the answers that are being written, refuse those that wait, and end the thread."""
        self._closing = True
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while self._take_in():
                if self._rows:
                    COMPUTING.do(self._step)
        finally:
            self._closing = True
            self._refuse_all(ModelUnavailable("The model server had to stop in the middle of the answer."))

    def _take_in(self) -> bool:
        """Let waiting requests join; with nothing to do, sleep until one comes. False when closed and all is done."""
        joined = list[Row]()
        for ticket in self._next():
            if row := COMPUTING.do(partial(self._joining, ticket)):
                joined.append(row)
        if joined:
            COMPUTING.do(lambda: self._arrange([*self._rows, *joined]))
        self._reading = 0
        return bool(self._rows) or not self._closing

    def _next(self) -> Iterator[Ticket]:
        """Yield the tickets that may begin now, at most as many as there are free rows."""
        block = not self._rows and not self._closing
        for _ in range(MOST_ROWS - len(self._rows)):
            try:
                ticket = self._waiting.get(block=block)
            except queue.Empty:
                return
            if ticket is None or self._closing:
                return
            if not ticket.cancelled:
                self._reading += 1
                yield ticket
            block = False

    def _joining(self, ticket: Ticket) -> Row | None:
        try:
            row = Row(ticket, self.base)
        except (TriptychError, RuntimeError) as error:  # torch tells all its faults as RuntimeError
            ticket.put(_told(error))
            return None
        return None if row.ended else row

    def _step(self) -> None:
        """Write one token for every row, then let those that are done leave."""
        assert self._cache is not None
        rows = self._rows
        try:
            logits = self.base.write(
                [row.token for row in rows], self._cache, [row.place for row in rows], [row.adapter for row in rows]
            )
        except RuntimeError as error:
            self._refuse_rows(_told(error))
            return
        for row, chances in zip(rows, logits, strict=True):
            try:
                row.choose(chances)
            except TriptychError as error:
                row.ticket.put(error)
                row.ended = "stop"
        staying = [row for row in rows if row.ended is None and not row.ticket.cancelled]
        if len(staying) < len(rows):
            self._arrange(staying)

    def _arrange(self, rows: list[Row]) -> None:
        """Make `rows` the batch."""
        self._rows = sorted(rows, key=lambda row: row.order)
        self._cache = None
        if self._rows:
            self._cache, places = together([row.place for row in self._rows])
            for row, place in zip(self._rows, places, strict=True):
                row.moved(place)

    def _refuse_rows(self, error: TriptychError) -> None:
        for row in self._rows:
            row.ticket.put(error)
        self._arrange([])

    def _refuse_all(self, error: TriptychError) -> None:
        self._refuse_rows(error)
        while not self._waiting.empty():
            if ticket := self._waiting.get():
                ticket.put(error)


def _told(error: TriptychError | RuntimeError) -> TriptychError:
    if isinstance(error, TriptychError):
        return error
    _logger.error("The model failed: %s", error)
    return ModelUnavailable("The model failed at this answer; the computer may be short of memory.")
