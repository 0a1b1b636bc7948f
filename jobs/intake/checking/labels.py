"""Answers that are labels: few short ones, many times each; whether some are far rarer than others."""

from collections import Counter

from jobs.intake.checking.findings import Tally
from jobs.intake.checking.texts import spacing_evened
from storage.records import Example

# The most frequent label stands at least so many times as often as the rarest before it is remarked on.
TIMES_RARER = 10
_LONGEST_LABEL = 40
_MOST_LABELS = 200
_ROWS_A_LABEL = 5
_LABELS_SHOWN = 12


def check_labels(examples: list[Example], tally: Tally) -> None:
    """Find the rows of labels that are more than ten times rarer than the most frequent one."""
    counts = label_counts(examples)
    if not counts:
        return
    most = max(counts.values())
    rare = {label for label, count in counts.items() if count * TIMES_RARER < most}
    for example in examples:
        if spacing_evened(example.answer) in rare:
            tally.add("imbalance", example)
    if rare:
        tally.explain("imbalance", _listed(counts))


def label_counts(examples: list[Example]) -> dict[str, int]:
    """Return how often each label stands, the most frequent first; none where the answers are no labels."""
    counts: Counter[str] = Counter()
    for example in examples:
        label = spacing_evened(example.answer)
        counts[label] += 1
        if len(label) > _LONGEST_LABEL or len(counts) > _MOST_LABELS:
            return {}
    many_each = len(counts) > 1 and counts.total() >= _ROWS_A_LABEL * len(counts)
    return dict(counts.most_common()) if many_each else {}


def _listed(counts: dict[str, int]) -> str:
    listed = [f"{label} ({count:,})" for label, count in counts.items()]
    if len(listed) > _LABELS_SHOWN:
        half = _LABELS_SHOWN // 2
        listed = [*listed[:half], "…", *listed[-half:]]
    return f"Rows of each answer: {', '.join(listed)}."
