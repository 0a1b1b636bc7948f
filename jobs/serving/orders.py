"""From a request to the pieces of its answer: encodes it, hands it to the engine, and follows until its end."""

import asyncio
import hashlib
from array import array
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jobs.models.door import ADAPTER
from jobs.models.wire import ChatBody, conversation
from jobs.serving.tickets import Asked, Piece, Ticket
from storage.errors import TooLarge

if TYPE_CHECKING:
    from jobs.serving.loading import Loaded

# A longer prompt would keep everybody else waiting for many seconds.
LONGEST_PROMPT = 4096


@dataclass(frozen=True, slots=True)
class Order:
    """One answer on its way, with what can be told of it already."""

    asked: Asked
    provenance: dict[str, Any]


def order(loaded: "Loaded", body: ChatBody) -> Order:
    """Turn a request to `loaded` into tokens, adapter and mask; raise NotFound, TooLarge or UnusableFormat."""
    base = loaded.base
    adapter = None
    if body.model.startswith(ADAPTER):
        adapter = loaded.adapters.get(body.model.removeprefix(ADAPTER))
    prompt = base.encoder.prompt(conversation(body.messages), body.prefix)
    limit = min(LONGEST_PROMPT, base.longest - body.longest())
    if len(prompt) > limit:
        raise TooLarge(
            f"The question with all that belongs to it has {len(prompt)} tokens; at most {max(0, limit)} fit.",
            "Shorten it, or give the model fewer passages.",
        )
    asked = Asked(
        prompt,
        adapter,
        base.masks.make(body.response_format),
        body.longest(),
        body.temperature,
        body.seed or 0,
        body.stops(),
        begun=bool(body.prefix),
        shared=base.encoder.common(conversation(body.messages), body.shared),
    )
    provenance = {
        "base_id": base.id,
        "base_sha256": base.sha256,
        "adapter_id": adapter and adapter.id,
        "adapter_sha256": adapter and adapter.sha256,
        "tensors_sha256": adapter and adapter.tensors_sha256,
        "prompt_sha256": hashlib.sha256(array("I", prompt).tobytes()).hexdigest(),
        "seed": asked.seed,
    }
    return Order(asked, provenance)


class Answering:
    """An answer that is being written; iterate over its pieces, the last of which is an End or an error."""

    def __init__(self, loaded: "Loaded", asked: Asked) -> None:
        loop = asyncio.get_running_loop()
        self._pieces: asyncio.Queue[Piece] = asyncio.Queue()
        self._ticket = Ticket(asked, lambda piece: loop.call_soon_threadsafe(self._pieces.put_nowait, piece))
        loaded.engine.submit(self._ticket)

    def __aiter__(self) -> AsyncIterator[Piece]:
        return self

    async def __anext__(self) -> Piece:
        """Wait for the next piece."""
        return await self._pieces.get()

    def stop(self) -> None:
        """Let the model stop within one step; without effect after the end."""
        self._ticket.cancelled = True
