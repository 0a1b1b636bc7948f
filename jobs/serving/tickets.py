"""A request on its way through the engine: what is asked, and the pieces of answer that come back."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from storage.errors import TriptychError

if TYPE_CHECKING:
    from jobs.serving.adapters import LoadedAdapter
    from jobs.serving.masks import Mask


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer wanted: the prompt's tokens and how to choose the answer's.

    Other prompts begin with the first `shared` tokens, too.
    """

    prompt: list[int]
    adapter: "LoadedAdapter | None" = None
    mask: "Mask | None" = None
    max_tokens: int = 160
    temperature: float = 0.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    begun: bool = False
    shared: int = 0


@dataclass(frozen=True, slots=True)
class End:
    """How an answer ended and what it took."""

    reason: Literal["stop", "length"]
    completion_tokens: int
    queued_s: float
    prefill_s: float
    decode_s: float


Piece = str | End | TriptychError


@dataclass(slots=True)
class Ticket:
    """`put` receives the pieces in order from the engine's thread; `cancelled` ends the work within one step."""

    asked: Asked
    put: Callable[[Piece], object]
    cancelled: bool = False
    submitted_at: float = field(default_factory=time.monotonic)
