"""Stand-ins at the door, for speed: a model that says what the script says."""

import hashlib
import math
import re
from collections.abc import Callable, Iterator, Sequence

from jobs.models.door import Chat, Chunk, Message

_DIMENSIONS = 384


class ScriptedModel:
    """A Door whose answers are given beforehand, in order or by a function of the chat; it remembers what was asked."""

    def __init__(self, replies: Sequence[str] | Callable[[Chat], str] = ()) -> None:
        self._replies = replies if callable(replies) else list(replies)
        self.chats: list[Chat] = []

    def chat(self, chat: Chat) -> Iterator[Chunk]:
        """Yield the next reply word by word, then the closing chunk with a made-up provenance."""
        self.chats.append(chat)
        text = self._replies(chat) if callable(self._replies) else self._replies.pop(0)
        words = re.findall(r"\S+\s*|\s+", text)
        for word in words:
            yield Chunk(word)
        adapter_id = chat.model.removeprefix("adapter:") if chat.model.startswith("adapter:") else None
        yield Chunk(
            finish_reason="stop",
            prompt_tokens=sum(len(message["content"].split()) for message in chat.messages),
            completion_tokens=len(words),
            provenance={
                "base_id": "starter",
                "base_sha256": "0" * 64,
                "adapter_id": adapter_id,
                "seed": chat.seed,
            },
        )

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        """Return one unit vector a text: its hashed words counted."""
        return "fake", [_bag_of_words(text) for text in texts]

    def render(self, messages: Sequence[Message], max_length: int = 1024) -> list[tuple[str, str]]:
        """Return each message with its role; what an assistant said is learned, cut after `max_length` letters."""
        pieces = list[tuple[str, str]]()
        for message in messages:
            text, kind = message["content"], "learned" if message["role"] == "assistant" else "read"
            pieces.append((f"<{message['role']}>", "read"))
            pieces += [(part, mark) for part, mark in ((text[:max_length], kind), (text[max_length:], "cut")) if part]
        return pieces


def _bag_of_words(text: str) -> list[float]:
    vector = [0.0] * _DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        vector[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % _DIMENSIONS] += 1.0
    length = math.sqrt(sum(value * value for value in vector)) or 1.0
    return [value / length for value in vector]
