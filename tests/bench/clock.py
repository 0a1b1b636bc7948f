"""What is measured of a training, the same in every program that trains with transformers' Trainer."""

import json
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


@dataclass(frozen=True)
class Terms:
    """What a contender gets: the same base, rows, length and adapter for all; `best` asks for its best known flags.

    `bf16` tells whether this processor multiplies bf16 by itself: else fp32 is the faster one. `rows` is a JSON file of
    questions with their answers; the adapter goes to `out`.
    """

    base: str
    rows: str
    out: str
    rank: int
    alpha: int
    rate: float
    length: int
    batch: int
    seed: int
    best: bool
    bf16: bool

    @classmethod
    def given(cls) -> "Terms":
        """Return the terms that this process was started with."""
        return cls(**json.loads(sys.argv[1]))

    def pairs(self) -> list[dict[str, str]]:
        """Return the rows, each with its question and answer."""
        pairs: list[dict[str, str]] = json.loads(Path(self.rows).read_text(encoding="utf-8"))
        return pairs


class Clock(TrainerCallback):
    """Times a training from before its first step to after its last; what was loaded before does not count."""

    def __init__(self) -> None:
        self._began = self._ended = 0.0
        self._steps = 0
        self._tokens = 0

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Start."""
        self._began = time.monotonic()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Count the step and all tokens so far, padding left out."""
        self._ended = time.monotonic()
        self._steps, self._tokens = state.global_step, int(state.num_input_tokens_seen)

    def tell(self) -> None:
        """Print what was measured as the last line of this process."""
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = {
            "tokens": self._tokens,
            "seconds": self._ended - self._began,
            "steps": self._steps,
            "peak_bytes": most if sys.platform == "darwin" else most * 1024,
        }
        sys.stdout.write(f"\n{json.dumps(told)}\n")
        sys.stdout.flush()
