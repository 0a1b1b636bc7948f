"""Findings in words: what, how many, which rows, what can be done, and the rows themselves."""

from jobs.intake.checks import Bin, Finding, Lengths
from jobs.intake.table import Table
from studio.views import findings as view

TABLE = Table(["Asked", "Said"], [["Do you ship?", "We do."], ["Do you ship?", "No *never*."], ["", "x"]])
COLUMNS = {"question": "Asked", "answer": "Said"}
FOUND = Finding(
    "contradicting", "contradicting: the same question has another answer above", 1, (2,), ("use", "leave out"), "use",
    like=(1,),
)  # fmt: skip


def test_a_finding_is_a_line_with_its_rows_and_choices() -> None:
    assert view.line(FOUND) == "**Contradicting**: the same question has another answer above · 1 row (2)"
    assert view.actions(FOUND) == [("Use them", "use"), ("Leave them out", "leave out")]


def test_the_rows_behind_it_are_shown_as_they_stand_in_the_file() -> None:
    told = view.rows_behind(FOUND, TABLE, COLUMNS)
    assert "| 2 (as row 1) | Do you ship? | No \\*never\\*. |" in told
    many = Finding("odd", "odd", 40, tuple(range(1, 41)), ("use",), "use")
    assert "The first 20 of 40." in view.rows_behind(many, TABLE, COLUMNS)


def test_lengths_are_a_histogram_with_totals() -> None:
    told = view.lengths(Lengths((Bin(9, 16, 30), Bin(17, 24, 0), Bin(25, 32, 10)), 40, 700, 31), "starter")
    assert told.startswith("40 rows with 700 tokens (pieces of words) in all; the longest has 31.")
    assert "| 9 to 16 | " in told
    assert "17 to 24" not in told
    assert "once the model starter is on this computer" in view.lengths(None, "starter")
