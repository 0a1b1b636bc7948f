"""From messages to tokens, the same for learning and for asking; what people wrote never becomes a control token."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tokenizers import Tokenizer
from transformers import AutoTokenizer

from jobs.models.door import Message
from jobs.models.framing import TEMPLATE_WORDS, UnsafeText, runs_of, with_places, without_added_tokens

IGNORED = -100
Piece = tuple[str, Literal["read", "learned", "cut"]]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One conversation to learn from. `labels` are IGNORED but for the last answer and its end token.

    `cut` counts the answer's tokens that did not fit: they are taken from its end, and then no end token is taught.
    """

    input_ids: list[int]
    labels: list[int]
    cut: int = 0


class Encoder:
    """Encodes conversations with a tokenizer's own chat template."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        whole = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
        whole.no_truncation()
        whole.no_padding()
        self._control = whole
        self.control_ids = frozenset(whole.get_added_tokens_decoder())
        self._plain = without_added_tokens(whole)

    @classmethod
    def load(cls, folder: Path) -> "Encoder":
        """Return the encoder of the model in `folder`; nothing is fetched and no code of the model is run."""
        return cls(AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False))

    def prompt(self, messages: Sequence[Message], prefix: str = "") -> list[int]:
        """Return the tokens up to where the answer begins, and after them those of its decided beginning `prefix`."""
        ids: list[int] = []
        for text, written in self._split(messages, asking=True):
            ids += self.plain(text) if written else self._template(text)
        return ids + self.plain(prefix)

    def common(self, messages: Sequence[Message], shared: int) -> int:
        """Return how many tokens of the prompt stand before the text of message number `shared`, counted from 0."""
        before, texts = 0, 0
        for text, written in self._split(messages, asking=True) if 0 < shared < len(messages) else ():
            if written and texts == shared:
                return before
            texts += written
            before += len(self.plain(text) if written else self._template(text))
        return 0

    def learning(self, messages: Sequence[Message], max_length: int) -> Encoded:
        """Return the tokens and labels of a conversation that ends in the wanted answer, at most `max_length` long."""
        read, answer, end = self._parts(messages)
        fits = max(0, max_length - len(read))
        learned = [*answer, *end]
        if len(learned) > fits:
            learned = answer[:fits]
        ids = (read + learned)[:max_length]
        labels = ([IGNORED] * len(read) + learned)[:max_length]
        return Encoded(ids, labels, cut=max(0, len(answer) - fits))

    def pieces(self, messages: Sequence[Message], max_length: int) -> list[Piece]:
        """Return the conversation as text in runs: what is read, what is learned, what was cut."""
        if messages[-1]["role"] != "assistant":
            return [(self.decode(self.prompt(messages)), "read")]
        read, answer, _ = self._parts(messages)
        encoded = self.learning(messages, max_length)
        kept = encoded.input_ids[len(read) :]
        runs: list[Piece] = [(self.decode(read), "read"), (self.decode(kept), "learned")]
        runs.append((self.decode(answer[len(answer) - encoded.cut :]), "cut"))
        return [(text, kind) for text, kind in runs if text]

    def plain(self, text: str) -> list[int]:
        """Return the tokens of what somebody wrote; raise UnsafeText should one of them control the model."""
        ids = self._plain.encode(text, add_special_tokens=False).ids
        if not self.control_ids.isdisjoint(ids):
            raise UnsafeText("A text holds a character sequence that would control this model.")
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of tokens, control tokens included."""
        return self._control.decode(list(ids), skip_special_tokens=False)

    def _template(self, text: str) -> list[int]:
        return self._control.encode(text, add_special_tokens=False).ids

    def _parts(self, messages: Sequence[Message]) -> tuple[list[int], list[int], list[int]]:
        """Split a conversation into what is read, the last answer, and the token that ends it."""
        if not messages or messages[-1]["role"] != "assistant":
            raise ValueError("a conversation to learn from ends in an answer")
        after, written = self._split(messages, asking=False)[-1]
        closing = [] if written else self._template(after)
        ends = [token for token in closing if token in self.control_ids] or [self.tokenizer.eos_token_id]
        return self.prompt(messages[:-1]), self.plain(messages[-1]["content"]), ends[:1]

    def _split(self, messages: Sequence[Message], *, asking: bool) -> list[tuple[str, bool]]:
        """Render the template and return its runs in order, each with whether somebody wrote it."""
        hidden = with_places(messages)
        rendered = self.tokenizer.apply_chat_template(
            hidden, tokenize=False, add_generation_prompt=asking, **TEMPLATE_WORDS
        )
        return runs_of(rendered, messages)
