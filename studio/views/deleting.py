"""What a workspace keeps as choices to delete, and how each is called."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.question_sets import QuestionSet
from storage.records import Adapter, Collection, Comparison, Dataset, Scorecard
from studio.views import markdown
from studio.views.scores import source_name
from studio.wording import deleting as words
from studio.wording.numbers import ago, count

Choice = tuple[str, str]
_LONGEST = 70


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that a person can delete. `tools` are name and title of those that did not come with Triptych."""

    datasets: Sequence[Dataset]
    collections: Sequence[Collection]
    tools: Sequence[tuple[str, str]]
    question_sets: Sequence[QuestionSet]
    adapters: Sequence[Adapter]
    cards: Sequence[Scorecard]
    comparisons: Sequence[Comparison]
    sample: bool


def choices(kept: Kept, now: float) -> list[Choice]:
    """Return what can be deleted: how it is called, and its kind and id with a colon between."""
    named = [
        *(("dataset", name, _versions(kept, name)) for name in _names(kept.datasets)),
        *(("collection", one.name, one.name) for one in kept.collections),
        *(("tool", name, title) for name, title in kept.tools),
        *(("questions", name, _question_versions(kept, name)) for name in _names(kept.question_sets)),
        *(("adapter", one.id, f"{one.name or one.id[:8]}, {ago(one.created_at, now)}") for one in kept.adapters),
        *(("scorecard", one.id, _scores(kept, one, now)) for one in kept.cards),
        *(("comparison", one.id, _asked(one, now)) for one in kept.comparisons),
    ]
    listed = [(f"{words.GROUPS[kind]}: {name}", f"{kind}:{thing}") for kind, thing, name in named]
    sample = [(words.SAMPLE, "sample:")] if kept.sample else []
    several = len(kept.comparisons) > 1
    return [*sample, *listed, *([(words.all_comparisons(len(kept.comparisons)), "comparisons:")] if several else [])]


def called(kept: Kept, chosen: str) -> str:
    """Return how a choice is called within a sentence; empty where it is not there any more or needs no name."""
    kind, thing = chosen.split(":", 1)
    names = {
        "dataset": {one.name: one.name for one in kept.datasets},
        "collection": {one.name: one.name for one in kept.collections},
        "tool": dict(kept.tools),
        "questions": {one.name: one.name for one in kept.question_sets},
        "adapter": {one.id: one.name or one.id[:8] for one in kept.adapters},
        "scorecard": {one.id: source_name(one, kept.datasets) for one in kept.cards},
        "comparison": {one.id: markdown.shortened(one.question, _LONGEST) for one in kept.comparisons},
    }
    name = names.get(kind, {}).get(thing, "")
    return f"“{markdown.plain(name)}”" if name else ""


def everything(kept: Kept, jobs: int) -> str:
    """Return what goes when everything is deleted."""
    rows = [
        (len({one.name for one in kept.datasets}), "set of examples", "sets of examples"),
        (len(kept.collections), "collection of documents", "collections of documents"),
        (len(kept.tools), "tool", ""),
        (len({one.name for one in kept.question_sets}), "set of test questions", "sets of test questions"),
        (len(kept.adapters), "adapter", ""),
        (len(kept.cards), "scorecard", ""),
        (len(kept.comparisons), "comparison", ""),
    ]
    return words.everything(rows, jobs)


def _versions(kept: Kept, name: str) -> str:
    mine = [one for one in kept.datasets if one.name == name]
    return f"{name}, {count(len(mine), 'version')}, {count(mine[0].used, 'row')}"


def _question_versions(kept: Kept, name: str) -> str:
    mine = [one for one in kept.question_sets if one.name == name]
    return f"{name}, {count(len(mine), 'version')}, {count(mine[0].questions, 'question')}"


def _names(versions: Sequence[Dataset] | Sequence[QuestionSet]) -> list[str]:
    return list(dict.fromkeys(one.name for one in versions))


def _scores(kept: Kept, card: Scorecard, now: float) -> str:
    return f"{source_name(card, kept.datasets)}, {ago(card.created_at, now)}"


def _asked(comparison: Comparison, now: float) -> str:
    return f"{markdown.shortened(comparison.question, _LONGEST)}, {ago(comparison.created_at, now)}"
