"""Comparisons as choices and lists: what a page offers before and after a question is asked."""

from collections.abc import Mapping, Sequence

from storage.records import Adapter, Collection, Comparison, Example
from studio.views import markdown
from studio.wording import compare as words
from studio.wording.answers import VOTES
from studio.wording.numbers import ago

MOST_EXAMPLES = 3
_LONGEST_EXAMPLE = 140
Choice = tuple[str, str]


def adapter_choices(adapters: Sequence[Adapter], now: float) -> list[Choice]:
    """Return what can be chosen as adapter, the newest first; the empty value means whatever is newest then."""
    return [(words.NEWEST, ""), *((_adapter(adapter, now), adapter.id) for adapter in adapters)]


def _adapter(adapter: Adapter, now: float) -> str:
    return f"{adapter.name or adapter.id[:8]}, {ago(adapter.created_at, now)}"


def collection_choices(collections: Sequence[Collection]) -> list[Choice]:
    """Return what can be chosen as documents; the empty value means the newest."""
    return [(words.NEWEST, ""), *((collection.name, collection.name) for collection in collections)]


def vote_choices(titles: Mapping[str, str]) -> list[Choice]:
    """Return the answers that can be chosen as the one to send, a tie and none; `titles` are the columns' by id."""
    return [*((title, column) for column, title in titles.items()), *((title, value) for value, title in VOTES.items())]


def example_questions(examples: Sequence[Example]) -> list[str]:
    """Return a few questions to begin with: short ones first, each once."""
    questions = dict.fromkeys(example.question.strip() for example in examples if not example.context)
    return sorted((text for text in questions if len(text) <= _LONGEST_EXAMPLE), key=len)[:MOST_EXAMPLES]


def earlier(comparisons: Sequence[Comparison], now: float) -> str:
    """Return the list of what was asked before, each with its link."""
    if not comparisons:
        return words.NONE_EARLIER
    return "\n".join(f"- {_linked(one)}, {ago(one.created_at, now)}" for one in comparisons)


def _linked(comparison: Comparison) -> str:
    return f"[{markdown.plain(markdown.shortened(comparison.question, 110))}]({words.address(comparison.id)})"
