"""Examples as tokens: what is learned, what is only watched, what was cut or left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.intake.prepare import MINIMUM_ROWS
from jobs.models.conversation import learning
from jobs.models.encoding import IGNORED, Encoded, Encoder
from storage.errors import UnusableRows
from storage.records import Example


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a training. `asked` are the examples of the part *watch*, which serve as samples where not learned.

    `cut` rows lost the end of their answer to `max_length`; `left_out` lost all of it and are not used.
    """

    learn: tuple[Encoded, ...]
    watch: tuple[Encoded, ...]
    asked: tuple[Example, ...]
    cut: int = 0
    left_out: int = 0

    @property
    def tokens(self) -> int:
        """Tokens of one pass, without padding."""
        return sum(len(row.input_ids) for row in self.learn)

    @property
    def longest(self) -> int:
        """Tokens of the longest row."""
        return max(len(row.input_ids) for row in (*self.learn, *self.watch))


def encode_rows(
    examples: Sequence[Example], encoder: Encoder, max_length: int, held_out: int = 0, *, all_rows: bool = False
) -> Rows:
    """Encode the examples of the parts *learn* and *watch*; those of the exam are never looked at.

    `held_out` is how many the exam has: they count as usable, too. With `all_rows` the watched ones are learned as
    well, and none is watched. Raises UnusableRows where too few remain.
    """
    seen = [example for example in examples if example.part != "exam"]
    encoded = [(example, encoder.learning(learning(example), max_length)) for example in seen]
    usable = [(example, row) for example, row in encoded if any(label != IGNORED for label in row.labels)]
    watched = [(example, row) for example, row in usable if example.part == "watch"]
    left_out = len(encoded) - len(usable)
    if len(usable) + held_out < MINIMUM_ROWS or not watched or len(watched) == len(usable):
        raise _too_few(len(usable) + held_out, left_out)
    return Rows(
        learn=tuple(row for example, row in usable if all_rows or example.part == "learn"),
        watch=() if all_rows else tuple(row for _, row in watched),
        asked=tuple(example for example, _ in watched),
        cut=sum(row.cut > 0 for _, row in usable),
        left_out=left_out,
    )


def _too_few(usable: int, left_out: int) -> UnusableRows:
    sentence = f"Training needs at least {MINIMUM_ROWS} usable examples; here are {usable}."
    if left_out:
        sentence += f" In {left_out} more the question alone is so long that nothing of the answer fits."
    return UnusableRows(sentence, "Add examples with a question and an answer each, and train on the new version.")
