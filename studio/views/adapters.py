"""Adapters as entries of a list: where each comes from, how it did, what it fits; and those that were deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Adapter, Scorecard
from studio.views import markdown
from studio.wording import adapters as words
from studio.wording import scores, train
from studio.wording.numbers import ago, short_hash, size


@dataclass(frozen=True, slots=True)
class Score:
    """The best that one adapter reached in the newest scorecard which holds it."""

    card_id: str
    way: str
    right: int
    of: int


def best_score(adapter_id: str, cards: Sequence[Scorecard]) -> Score | None:
    """Return the adapter's best row of the newest scorecard that holds it; `cards` come with the newest first."""
    for card in cards:
        mine = [way for way in card.ways if way.get("adapter_id") == adapter_id and way["n"]]
        if mine:
            best = max(mine, key=lambda way: float(way["right"]))
            return Score(card.id, str(best["way"]), round(best["right"] * best["n"]), int(best["n"]))
    return None


def scored_with(adapter_id: str, cards: Sequence[Scorecard]) -> int:
    """Return how many scorecards hold the adapter."""
    return sum(any(way.get("adapter_id") == adapter_id for way in card.ways) for card in cards)


def name(adapter: Adapter) -> str:
    """Return what the person called it, as Markdown."""
    return f"**{markdown.plain(adapter.name) or words.UNNAMED}**"


def entry(adapter: Adapter, score: Score | None, size_bytes: int, now: float) -> str:
    """Return one adapter: name, run and score, base model, hash and size."""
    scored = f"[{words.right(score.way, score.right, score.of)}]({scores.address(score.card_id)})" if score else ""
    origin = f"[From this run]({train.address(adapter.job_id)})"
    base = f"For {markdown.plain(adapter.base_id)} {markdown.code(short_hash(adapter.base_sha256))}"
    own = f"its hash {markdown.code(short_hash(adapter.adapter_sha256))}"
    kept = size(size_bytes) if size_bytes else words.FILES_GONE
    first = " · ".join((origin, scored or words.NOT_SCORED, f"made {ago(adapter.created_at, now)}"))
    return f"{name(adapter)}\n\n{first}\n\n{' · '.join((base, own, kept))}"


def deleted_entry(adapter: Adapter, now: float) -> str:
    """Return one deleted adapter: name, when it was deleted, and until when it can be brought back."""
    at = adapter.deleted_at or now
    return f"{name(adapter)}\n\ndeleted {ago(at, now)} · {words.left(at, now)}"
