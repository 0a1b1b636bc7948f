"""No cell of a table that is taken away is a formula, in whichever spreadsheet it is opened."""

import csv

import pytest

from storage.spreadsheets import csv_lines, harmless

FORMULAS = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "－5", "＋1", "＠x", '="a"']


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula(cell: str):
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"a{cell}") == f"a{cell}"


@pytest.mark.parametrize("cell", [-5, 1.5, True, None, ""])
def test_numbers_stay_numbers(cell: object):
    assert harmless(cell) is cell


def test_a_text_with_the_separator_of_another_language_stays_one_cell() -> None:
    lines = list(csv_lines(["n", "text"], [[1, "a;=1+1"], [-2.5, None], [3, 'say "hi"\n=2']]))
    assert lines == ['"n","text"\r\n', '1,"a;=1+1"\r\n', '-2.5,""\r\n', '3,"say ""hi""\n=2"\r\n']
    assert list(csv.reader(lines))[1] == ["1", "a;=1+1"]
