"""Findings of the checks as lines and tables, and the lengths of rows as a small picture in text."""

from collections.abc import Mapping

from jobs.intake.checks import Finding, Lengths
from jobs.intake.table import Table
from jobs.intake.templates import filler
from studio.views import markdown
from studio.wording import findings as words
from studio.wording.numbers import few

MOST_ROWS = 20
_LONGEST = 160
_BAR = 24
Choice = tuple[str, str]


def line(finding: Finding) -> str:
    """Return what was found, in how many rows, and which."""
    what, _, why = finding.title.partition(": ")
    head = f"**{markdown.plain(what[:1].upper() + what[1:])}**" + (f": {markdown.plain(why)}" if why else "")
    told = f"{head} · {words.rows(finding.count)}"
    which = f" ({few(finding.rows[:MOST_ROWS], finding.count)})" if finding.rows else ""
    detail = f"\n\n{markdown.plain(finding.detail)}" if finding.detail else ""
    return f"{told}{which}{detail}"


def actions(finding: Finding) -> list[Choice]:
    """Return what can be done about a finding."""
    return [(words.ACTIONS[action], action) for action in finding.actions]


def rows_behind(finding: Finding, table: Table, columns: Mapping[str, str]) -> str:
    """Return the rows that a finding is about, as they stand in the file, at most 20."""
    fill = {role: filler(columns[role], table.columns) for role in ("question", "answer") if columns.get(role)}
    lines = list[list[str]]()
    for place, number in enumerate(finding.rows[:MOST_ROWS]):
        if not 1 <= number <= len(table.rows):
            continue
        cells = table.rows[number - 1]
        texts = [markdown.plain(markdown.shortened(write(cells), _LONGEST)) or "–" for write in fill.values()]
        like = f" ({words.AS} {finding.like[place]:,})" if place < len(finding.like) and finding.like[place] else ""
        lines.append([f"{number:,}{like}", *texts])
    more = f"\n\n{words.shown_of(MOST_ROWS, finding.count)}" if finding.count > MOST_ROWS else ""
    return markdown.table(words.HEAD[: 1 + len(fill)], lines) + more


def lengths(told: Lengths | None, model: str) -> str:
    """Return the histogram of lengths with its totals, or that the model is not there to tell them."""
    if told is None:
        return words.not_measured(markdown.plain(model))
    most = max((one.rows for one in told.bins), default=0)
    rows = [
        [f"{one.first:,} to {one.last:,}", f"{'█' * max(1, round(_BAR * one.rows / most))} {one.rows:,}"]
        for one in told.bins
        if one.rows
    ]
    totals = words.lengths(told.rows, told.tokens, told.longest)
    return f"{totals}\n\n{markdown.table(('Tokens', 'Rows'), rows)}"
