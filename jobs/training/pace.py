"""How far a training goes and how large its corrections are on the way, adjusted to the speed of its real steps."""

from dataclasses import asdict, dataclass
from math import cos, pi

from storage.records import Json

_WARM_SHARE = 0.05
# The first step also sets up memory and kernels; it tells nothing about the others.
_UNTIMED = 1
MEASURED_AFTER = 3
_LOOKS = 4


@dataclass
class Pace:
    """Counts steps and seconds. `last` is the step at which the run ends; it only ever comes nearer.

    `look_s` are the seconds that a look at the watched rows takes. `expected` are the tokens a second that a rehearsal
    promised; they count until enough real steps were timed.
    """

    steps_a_pass: int
    tokens_a_pass: int
    least: int
    last: int
    steps: int = 0
    look_s: float = 0.0
    expected: float = 0.0
    _seconds: float = 0.0
    _tokens: int = 0

    def facts(self) -> Json:
        """Return what `put_back` needs."""
        return asdict(self)

    def put_back(self, facts: Json) -> None:
        """Go on from where another pace of the same run was."""
        for name, value in facts.items():
            setattr(self, name, value)

    def stepped(self, seconds: float, tokens: int) -> None:
        """Count one step over `tokens` real tokens."""
        self.steps += 1
        if self.steps > _UNTIMED:
            self._seconds += seconds
            self._tokens += tokens

    @property
    def tokens_a_second(self) -> float:
        """Real tokens, padding not counted, learned in a second; 0 before anything was timed."""
        if self._seconds and (self.steps >= MEASURED_AFTER or not self.expected):
            return self._tokens / self._seconds
        return self.expected

    @property
    def measured(self) -> bool:
        """Whether it can be told how long the rest takes."""
        return self.steps >= MEASURED_AFTER or self.expected > 0

    @property
    def just_measured(self) -> bool:
        """Whether this step was the one after which the speed is known."""
        return self.steps == MEASURED_AFTER

    def ends_a_look(self) -> bool:
        """Whether the watched rows are looked at after this step: at the end of a pass, and at the very end.

        A run that ends within its first pass has a look at every quarter of it.
        """
        every = self.steps_a_pass if self.last >= self.steps_a_pass else max(1, self.last // _LOOKS)
        return self.steps % every == 0 or self.steps >= self.last

    @property
    def learning_s(self) -> float:
        """Seconds of a pass over all rows without any look; 0 before anything was timed."""
        speed = self.tokens_a_second
        return self.tokens_a_pass / speed if speed else 0.0

    @property
    def pass_s(self) -> float:
        """Seconds of a pass with the look that ends it; 0 before anything was timed."""
        return self.learning_s + self.look_s if self.learning_s else 0.0

    def fit(self, seconds: float) -> None:
        """Bring the end nearer where no more fits into `seconds` from now: to whole passes, or into the first one."""
        if not self.measured:
            return
        reached = self.steps + seconds / self.pass_s * self.steps_a_pass
        whole = int(reached / self.steps_a_pass) * self.steps_a_pass
        self.last = max(self.least, self.steps, min(self.last, whole or int(reached)))

    def seconds_left(self) -> float | None:
        """Seconds until the last step; None before it can be told."""
        if not self.measured:
            return None
        return max(0, self.last - self.steps) / self.steps_a_pass * self.pass_s

    def factor(self, step: int) -> float:
        """The size of the correction at `step` as a share of the largest: it rises shortly, then falls to nothing."""
        warm = max(1, round(self.last * _WARM_SHARE))
        if step < warm:
            return (step + 1) / (warm + 1)
        done = (step - warm) / max(1, self.last - warm)
        return 0.5 * (1 + cos(pi * min(1.0, done)))
