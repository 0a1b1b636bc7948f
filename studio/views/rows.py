"""Rows of a version: one a line, in the editor, as changes that wait, and against the version before."""

from collections.abc import Mapping, Sequence

from jobs.intake.comparing import Compared
from storage.records import Dataset, Example
from studio.views import markdown
from studio.wording import rows as words

_LONGEST_QUESTION, _LONGEST_ANSWER = 240, 360
Choice = tuple[str, str]


def version_choices(datasets: Sequence[Dataset]) -> list[Choice]:
    """Return every version, the newest first."""
    return [(f"{one.name}, version {one.version} ({one.used:,} rows)", one.id) for one in datasets]


def kind_choices(kinds: Sequence[str]) -> list[Choice]:
    """Return the kinds that can be chosen among."""
    return [(words.EVERY_KIND, ""), *((kind, kind) for kind in kinds if kind)]


def line(example: Example) -> str:
    """Return one row: its number and part, its question and its answer."""
    told = [f"**{words.row(example.row)}** · {words.PARTS[example.part]}"]
    told += [markdown.plain(example.kind)] if example.kind else []
    question = markdown.plain(markdown.shortened(example.question, _LONGEST_QUESTION))
    answer = markdown.plain(markdown.shortened(example.answer, _LONGEST_ANSWER))
    return f"{' · '.join(told)}\n\n**{question}**\n\n{answer}"


def editing(example: Example | None) -> str:
    """Return the heading of the editor, with what was said before in the row's conversation."""
    if example is None:
        return words.NEW_ROW
    said = [f"{markdown.plain(asked)} → {markdown.plain(answered)}" for asked, answered in example.history]
    before = f"\n\n{words.HISTORY}: {'; '.join(said)}" if said else ""
    return f"## {words.row(example.row)}{before}"


def heading(first: int, shown: int, total: int) -> str:
    """Return which rows are shown."""
    return f"## {words.page_of(first + 1, first + shown, total)}" if total else f"## {words.NOTHING}"


def pending(edited: Mapping[int, object], added: Sequence[object], deleted: Sequence[int]) -> str:
    """Return the changes that wait to be kept."""
    if not (edited or added or deleted):
        return words.NO_CHANGES
    told = words.pending({"changed": len(edited), "new": len(added), "taken out": len(deleted)})
    which = ", ".join(words.row(number) for number in sorted({*edited, *deleted})[: words.MOST_SHOWN])
    return f"{told} {which}" if which else told


def compared(told: Compared, before: Dataset) -> str:
    """Return what differs from the version before, with the rows themselves."""
    summary = words.compared(len(told.added), len(told.removed), len(told.changed), told.same, before.version)
    rows = [
        *((words.CHANGED, was, now) for was, now in told.changed),
        *((words.ADDED, None, now) for now in told.added),
        *((words.TAKEN_OUT, was, None) for was in told.removed),
    ]
    if not rows:
        return f"{summary} {words.SAME}"
    lines = [[what, _number(was or now), _pair(was), _pair(now)] for what, was, now in rows[: words.MOST_SHOWN]]
    return f"{summary}\n\n{markdown.table(('', 'Row', 'Before', 'Now'), lines)}"


def _number(example: Example | None) -> str:
    return "" if example is None else f"{example.row:,}"


def _pair(example: Example | None) -> str:
    if example is None:
        return "–"
    texts = (markdown.plain(markdown.shortened(text, _LONGEST_QUESTION)) for text in (example.question, example.answer))
    return "<br>".join(texts)


def take_away(dataset: Dataset) -> str:
    """Return the links to the files of a version."""
    address = f"/downloads/examples/{dataset.id}"
    return f"{words.EXPORT}: [{words.AS_CSV}]({address}.csv) · [{words.AS_JSONL}]({address}.jsonl)"
