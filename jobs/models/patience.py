"""A door that waits for a model server that is being restarted or has lent its memory, instead of failing at once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from jobs.models.door import Chat, Chunk, Door, Message
from storage.errors import ModelBusy, ModelUnavailable

Result = TypeVar("Result")

# A restarted server answers within half a minute; after two minutes the person is told instead.
WAITS_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
BUSY_WAIT_S = 5.0


class PatientDoor:
    """Tries again, with growing pauses, while the model server is unavailable; `gave_up` says why it stopped trying.

    A server that is busy is waited for as long as it is: what it lent to a training comes back. Set `stopping` to end
    every wait.
    """

    def __init__(self, door: Door, waits_s: Sequence[float] = WAITS_S, busy_wait_s: float = BUSY_WAIT_S) -> None:
        self._door = door
        self._waits_s = tuple(waits_s)
        self._busy_wait_s = busy_wait_s
        self.stopping = threading.Event()
        self.gave_up: ModelUnavailable | None = None

    def chat(self, chat: Chat) -> Iterator[Chunk]:
        """Yield the answer's chunks; what breaks off after its first chunk is not tried again."""

        def begun() -> tuple[Chunk, Iterator[Chunk]]:
            chunks = self._door.chat(chat)
            return next(chunks), chunks

        first, others = self._patiently(begun)
        yield first
        yield from others

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        """Return the embedder's identity and one unit vector a text."""
        return self._patiently(lambda: self._door.embed(texts))

    def render(self, messages: Sequence[Message], max_length: int = 1024) -> list[tuple[str, str]]:
        """Return the conversation as the model sees it."""
        return self._patiently(lambda: self._door.render(messages, max_length))

    def _patiently(self, ask: Callable[[], Result]) -> Result:
        waits = iter(self._waits_s)
        while True:
            try:
                return ask()
            except ModelUnavailable as error:
                wait_s = self._busy_wait_s if isinstance(error, ModelBusy) else next(waits, None)
                if wait_s is None or self.stopping.wait(wait_s):
                    self.gave_up = error
                    raise
