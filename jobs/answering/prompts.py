"""What the model reads for a question: the shared message builder, fed with passages that fit and tool results."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.models.conversation import conversation
from jobs.models.door import Message
from jobs.retrieval.words import estimate_tokens, sentence_spans
from storage.records import Column, Passage

# Small models lose the question in longer texts.
PASSAGE_TOKENS = 400


@dataclass(frozen=True, slots=True)
class Prompt:
    """The messages, and in one word what they hold: `question`, `passages`, `results` or `passages+results`."""

    messages: list[Message]
    kind: str


def prompt_for(question: str, column: Column, passages: Sequence[Passage], results: Sequence[str]) -> Prompt:
    """Build the messages for one question from what was found and what the tools gave."""
    messages = conversation(
        question,
        instruction=column.instruction,
        context="\n\n".join(passage.text for passage in passages),
        results=tuple(results),
    )
    parts = [name for name, held in (("passages", passages), ("results", results)) if held]
    return Prompt(messages, "+".join(parts) or "question")


def fitting(passages: Sequence[Passage], tokens: int = PASSAGE_TOKENS) -> tuple[Passage, ...]:
    """Return the passages that together stay within `tokens`, the last one cut at the end of a sentence."""
    kept: list[Passage] = []
    left = tokens
    for passage in passages:
        cut = _shortened(passage, left)
        if cut is None:
            break
        kept.append(cut)
        left -= estimate_tokens(cut.text)
    return tuple(kept)


def _shortened(passage: Passage, tokens: int) -> Passage | None:
    if estimate_tokens(passage.text) <= tokens:
        return passage
    ends = [end for _, end in sentence_spans(passage.text) if estimate_tokens(passage.text[:end]) <= tokens]
    return replace(passage, text=passage.text[: ends[-1]], end=passage.start + ends[-1]) if ends else None
