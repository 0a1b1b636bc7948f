"""What the model reads for a question: the shared message builder, fed with passages that fit and tool results."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.models.conversation import conversation
from jobs.models.door import Message
from jobs.retrieval.cutting import lead_in
from jobs.retrieval.words import estimate_tokens, sentence_spans
from storage.records import Column, Passage

# Small models lose the question in longer texts: on questions about a shop's manuals the starter model gave 19 of 22
# numbers right with two passages under the names of their documents, 16 with three, 12 with three without the names.
PASSAGES = 2
PASSAGE_TOKENS = 400
# A passage that matches clearly worse than the best one misleads a small model more often than it helps: of 15
# questions about the sample company's documents the starter model gave 13 right with the best alone, 5 with two.
_NEARLY_AS_GOOD = 0.85


@dataclass(frozen=True, slots=True)
class Prompt:
    """The messages, and in one word what they hold: `question`, `passages`, `results` or `passages+results`."""

    messages: list[Message]
    kind: str


def prompt_for(
    question: str,
    column: Column,
    passages: Sequence[Passage],
    results: Sequence[str],
    history: Sequence[tuple[str, str]] = (),
) -> Prompt:
    """Build the messages for one question from what was said before, what was found and what the tools gave."""
    messages = conversation(
        question,
        instruction=column.instruction,
        context=context_of(passages),
        results=tuple(results),
        history=(*column.shots, *history),
    )
    parts = [name for name, held in (("passages", passages), ("results", results)) if held]
    return Prompt(messages, "+".join(parts) or "question")


def worth_reading(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return the best passage, which comes first, and those that match the question nearly as well."""
    return tuple(passage for passage in passages if passage.score >= _NEARLY_AS_GOOD * passages[0].score)


def fitting(passages: Sequence[Passage], tokens: int = PASSAGE_TOKENS) -> tuple[Passage, ...]:
    """Return the passages that together stay within `tokens`, the last one cut at the end of a sentence."""
    kept: list[Passage] = []
    for passage in passages:
        left = tokens - estimate_tokens(context_of(kept)) - estimate_tokens(_about(passage))
        cut = _shortened(passage, left)
        if cut is None:
            break
        kept.append(cut)
    return tuple(kept)


def context_of(passages: Sequence[Passage]) -> str:
    """Return the passages as the model reads them: what a document is about stands once before its passages."""
    pieces: list[str] = []
    last = ""
    for passage in passages:
        about = _about(passage)
        pieces.append(f"{about}\n{passage.text}" if about and about != last else passage.text)
        last = about or last
    return "\n\n".join(pieces)


def _about(passage: Passage) -> str:
    """What the passage's document is about; nothing where the passage begins with it."""
    about = lead_in(passage.title)
    return "" if passage.start == 0 or passage.text.startswith(about) else about


def _shortened(passage: Passage, tokens: int) -> Passage | None:
    if estimate_tokens(passage.text) <= tokens:
        return passage
    ends = [end for _, end in sentence_spans(passage.text) if estimate_tokens(passage.text[:end]) <= tokens]
    return replace(passage, text=passage.text[: ends[-1]], end=passage.start + ends[-1]) if ends else None
