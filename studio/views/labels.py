"""Answers that are labels, as Markdown: how many, and how the rows spread over them."""

from collections import Counter
from collections.abc import Mapping

from jobs.metrics.labels import taught_labels
from jobs.metrics.scores import normalise
from studio.views import markdown
from studio.wording import labels as words

_MOST_ROWS = 8


def told(answers: Mapping[str, int]) -> str:
    """Return what is to know where answers, each with how often it stands, are labels; empty where they are none."""
    labels = taught_labels(answers)
    if not labels:
        return ""
    counts = Counter[str]()
    for text, times in answers.items():
        counts[normalise(text)] += times
    rows = [(label, counts[normalise(label)]) for label in labels]
    uneven = words.balance(rows[0], rows[-1])
    parts = [f"**{words.found(len(labels), counts.total())}** {markdown.plain(uneven)}".strip(), words.NEXT]
    table = [(markdown.plain(label), f"{times:,}", f"{times / counts.total():.0%}") for label, times in rows]
    parts.append(markdown.table(words.COLUMNS, table[:_MOST_ROWS]))
    if rest := rows[_MOST_ROWS:]:
        parts.append(words.more(len(rest), sum(times for _, times in rest)))
    return "\n\n".join(parts)
