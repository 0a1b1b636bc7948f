"""How many tokens examples take when they are learned, counted from a model's tokenizer file alone."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from tokenizers import Tokenizer

from jobs.models.chat_template import Render, load_render
from jobs.models.conversation import learning
from jobs.models.door import Message
from jobs.models.framing import runs_of, with_places, without_added_tokens
from jobs.models.installed import installed
from jobs.models.memory import longest_example
from jobs.models.own import known_model
from storage.records import Example

_Roles = tuple[Literal["system", "user", "assistant"], ...]
_ENDING = 1  # the token that ends an answer
_TOKENIZER = "tokenizer.json"


class Measured(NamedTuple):
    """The tokens of one example: all that are learned or read, those of the whole answer, and those cut off its end."""

    tokens: int
    answer: int
    cut: int


class Measure:
    """Counts what a training at `max_length` would make of examples, without learning from them."""

    def __init__(self, tokenizer: Tokenizer, render: Render, max_length: int) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.max_length = max_length
        self._control = tokenizer
        self._plain = without_added_tokens(tokenizer)
        self._render = render
        # What a template writes around texts depends on who speaks, never on what is said.
        self._around = cache(self._tokens_around)

    @classmethod
    def load(cls, folder: Path, max_length: int) -> "Measure":
        """Return the measure of the model in `folder`. Raises Damaged where its template can't be read."""
        return cls(Tokenizer.from_file(str(folder / _TOKENIZER)), load_render(folder), max_length)

    def __call__(self, examples: Sequence[Example]) -> list[Measured]:
        """Return the tokens of each example; give some hundreds at a time, they are counted on all cores."""
        conversations = [learning(example) for example in examples]
        texts = [message["content"] for messages in conversations for message in messages]
        counts = (len(encoded) for encoded in self._plain.encode_batch_fast(texts, add_special_tokens=False))
        return [self._measured(messages, counts) for messages in conversations]

    def _measured(self, messages: Sequence[Message], counts: Iterator[int]) -> Measured:
        *asked, answer = [next(counts) for _ in messages]
        read = self._around(tuple(message["role"] for message in messages[:-1])) + sum(asked)
        tokens = min(read + answer + _ENDING, self.max_length)
        return Measured(tokens, answer, max(0, answer - max(0, self.max_length - read)))

    def _tokens_around(self, roles: _Roles) -> int:
        messages = with_places([{"role": role, "content": ""} for role in roles])
        runs = runs_of(self._render(messages), messages)
        return sum(len(self._control.encode(text, add_special_tokens=False)) for text, written in runs if not written)


def measure_of(models: Path, model_id: str, asked_length: int | None = None) -> Measure | None:
    """Return the measure of a model at the length that a training would take.

    None where the model is not on this computer, or comes without a file from which its tokens can be counted.
    """
    found = installed(models, model_id)
    if found is None or not (found.folder / _TOKENIZER).is_file():
        return None
    return Measure.load(found.folder, longest_example(known_model(models, model_id).shape, asked_length))
