"""How far back the layers of a model look: all the way, or over a window of tokens."""

from dataclasses import dataclass
from typing import Any

import torch

_SLIDING, _FULL = "sliding_attention", "full_attention"


@dataclass(frozen=True, slots=True)
class Windows:
    """`window` is how many tokens a sliding layer sees, None where all are seen; `mixed` where layers differ."""

    window: int | None
    mixed: bool

    @classmethod
    def of(cls, config: Any) -> "Windows":
        """Return what a model's configuration says of its layers."""
        kinds = getattr(config, "layer_types", None)
        window = getattr(config, "sliding_window", None)
        if kinds is not None and _SLIDING not in kinds:
            window = None
        return cls(window, mixed=kinds is not None and window is not None)

    def masks(self, seen: torch.Tensor) -> torch.Tensor | dict[str, torch.Tensor]:
        """Return what the one new token of each row sees, in the form that the model takes.

        `seen` (rows x 1 x 1 x columns) is what lies in the row at all; the new token stands in the last column.
        """
        if self.window is None:
            return seen
        columns = seen.shape[-1]
        near = seen & (torch.arange(columns, device=seen.device) >= columns - self.window)
        return {_FULL: seen, _SLIDING: near} if self.mixed else near
