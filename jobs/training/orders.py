"""What a helper of a training must know before it can take a share of a step."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from jobs.training.exchange import Meeting
from jobs.training.plan import Plan


@dataclass(frozen=True, slots=True)
class Orders:
    """What a helper must know: the training's settings, its base model, its longest row, and where to meet."""

    plan: Plan
    base: Path
    longest: int
    scratch: Path
    meeting: Meeting

    def text(self) -> str:
        """Return them as JSON."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def read(cls, text: str) -> "Orders":
        """Return what `text` gave."""
        told = json.loads(text)
        paths = {name: Path(told[name]) for name in ("base", "scratch")}
        return cls(plan=Plan(**told["plan"]), longest=told["longest"], meeting=Meeting(**told["meeting"]), **paths)
