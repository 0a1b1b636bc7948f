"""Ask for several passages at once, so that the model server batches them, and never for more than are still wanted."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice

from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from storage.records import Passage

IN_FLIGHT = 8  # as many answers as the model server writes at once
_LOOK_EVERY_S = 0.5


def answers(
    passages: Sequence[Passage], chat: Callable[[Passage], Chat], door: PatientDoor, wanted: Callable[[], int]
) -> Generator[tuple[Passage, str] | None]:
    """Yield each passage with what the model said, as it comes, and None twice a second while none does.

    Closing the iterator stops the model. Raises what the door raises.
    """
    waiting = iter(passages)
    going: dict[Future[str], Passage] = {}
    with ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="drafting") as pool:
        try:
            while True:
                room = min(IN_FLIGHT, wanted()) - len(going)
                going |= {pool.submit(_said, door, chat(one)): one for one in islice(waiting, max(room, 0))}
                if not going:
                    return
                done, _ = wait(going, _LOOK_EVERY_S, FIRST_COMPLETED)
                if not done:
                    yield None
                for future in done:
                    yield going.pop(future), future.result()
        finally:
            door.stopping.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _said(door: PatientDoor, chat: Chat) -> str:
    text = ""
    for chunk in door.chat(chat):
        if door.stopping.is_set():
            break
        text += chunk.text
    return text
