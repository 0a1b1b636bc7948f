"""How long a training will take and how much memory, reckoned from a few real steps on its own rows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from storage.records import Json

# A record of this kind tells the forecast of a run, made before its first step.
FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class Timed:
    """One batch that went through the model and back: its tokens with their padding, the seconds, those of there."""

    tokens: int
    seconds: float
    there_s: float


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a rehearsal measured: `usual` a batch from the middle of the rows, `longest` one of the longest rows.

    `peak_bytes` is the memory at the height with all rows at once; where only `rows` of `batch_size` of the longest
    went through, to save time, it is reckoned from those. `loss` is the distance before anything was learned. Each of
    the `cards` had such a batch at the same time, and the seconds hold the sum of what they found.
    """

    usual: Timed
    longest: Timed
    rows: int
    batch_size: int
    peak_bytes: int
    loss: float
    cards: int = 1

    def seconds_of(self, tokens: int) -> float:
        """Return the seconds that a batch of so many tokens takes: on the line through what was timed.

        A batch has a cost of its own beside that of its tokens, so a line and no share; never below the proportion of
        the cheaper of the two, should the clock have been disturbed.
        """
        more = self.longest.tokens - self.usual.tokens
        slope = (self.longest.seconds - self.usual.seconds) / more if more > 0 else 0.0
        least = min(self.usual.seconds / self.usual.tokens, self.longest.seconds / self.longest.tokens)
        if slope <= 0:
            return tokens * self.usual.seconds / self.usual.tokens
        return max(tokens * least * 0.5, self.usual.seconds + slope * (tokens - self.usual.tokens))

    def seconds_a_pass(self, lengths: Sequence[int]) -> float:
        """Return the seconds of a pass over rows of these lengths, batched with rows of like length.

        Where rows are batched as they come, padding costs nothing either, and the sum is nearly the same. Of the
        batches that several cards have at once, the longest counts.
        """
        rows = sorted(lengths)
        batches = [rows[start : start + self.batch_size] for start in range(0, len(rows), self.batch_size)]
        counted = batches[(len(batches) - 1) % self.cards :: self.cards]
        return sum(self.seconds_of(len(batch) * batch[-1]) for batch in counted)

    def seconds_a_look(self, lengths: Sequence[int]) -> float:
        """Return the seconds in which one card lets rows of these lengths only go through, as watched ones do."""
        there = (self.usual.there_s + self.longest.there_s) / (self.usual.seconds + self.longest.seconds)
        return there * replace(self, cards=1).seconds_a_pass(lengths)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is said before the first step, in seconds from the start of the job to its end.

    `at_most`: it may stop earlier by itself. `room_bytes` is the memory that was free, `rows` of `batch_size` as
    rehearsed; `halvings` is how often it had to be made smaller until it fitted.
    """

    seconds: float
    at_most: bool
    steps: int
    passes: float
    step_s: float
    look_s: float
    peak_bytes: int
    room_bytes: int
    rows: int
    batch_size: int
    halvings: int = 0

    def body(self) -> Json:
        """Return it as a record keeps it."""
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}


def told(body: Json) -> Forecast:
    """Return the forecast that a record keeps."""
    return Forecast(**body)
