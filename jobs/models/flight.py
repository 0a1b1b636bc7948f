"""Ask for several things at once, so that the model server batches them, and never for more than are still wanted."""

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from storage.records import Json

IN_FLIGHT = 8  # as many answers as the model server writes at once
_LOOK_EVERY_S = 0.5

Thing = TypeVar("Thing")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said, with what the server told of itself."""

    text: str
    provenance: Json


def in_flight(
    things: Sequence[Thing],
    ask: Callable[[Thing], Answer],
    stopping: threading.Event,
    wanted: Callable[[], int] = lambda: IN_FLIGHT,
) -> Generator[tuple[Thing, Answer] | None]:
    """Yield each thing with what asking gave, as it comes, and None twice a second while nothing does.

    Closing the iterator sets `stopping`, which ends what is being asked. Raises what `ask` raises.
    """
    waiting = iter(things)
    going: dict[Future[Answer], Thing] = {}
    with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="in-flight") as pool:
        try:
            while True:
                room = min(IN_FLIGHT, wanted()) - len(going)
                going |= {pool.submit(ask, one): one for one in islice(waiting, max(room, 0))}
                if not going:
                    return
                done, _ = wait(going, _LOOK_EVERY_S, FIRST_COMPLETED)
                if not done:
                    yield None
                for future in done:
                    yield going.pop(future), future.result()
        finally:
            stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)


def said(door: PatientDoor, chat: Chat) -> Said:
    """Return the whole answer, or its beginning once the door is stopping."""
    text, provenance = "", Json()
    for chunk in door.chat(chat):
        if door.stopping.is_set():
            break
        text, provenance = text + chunk.text, chunk.provenance or provenance
    return Said(text, provenance)
