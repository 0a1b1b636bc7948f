"""The calculator is exact, explains its faults, and never runs what it is given."""

import random
import time

import pytest

from jobs.tools.builtin.arithmetic import work_out
from jobs.tools.builtin.calculator import calculator
from jobs.tools.tool import ToolFault

TOOL = calculator()


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("12 * 14", "168"),
        ("0.1 + 0.2", "0.3"),
        ("15% of 80", "12"),
        ("15 percent of 1,200", "180"),
        ("80 + 15%", "92"),
        ("80 - 15%", "68"),
        ("20% off $50", "40"),
        ("17 % 5", "2"),
        ("17 mod 5", "2"),
        ("-17 // 5", "-4"),
        ("2^10", "1024"),
        ("2 ** -2", "0.25"),
        ("-2 ** 2", "-4"),
        ("2 ** 3 ** 2", "512"),
        ("(3 + 4) * 2 - 1", "13"),
        ("7 times 8", "56"),
        ("3x4", "12"),
        ("9 divided by 3 minus 1", "2"),
        ("sqrt(9 / 4)", "1.5"),
        ("max(1,234)", "234"),
        ("1,234 + 1 =", "1235"),
        ("round(2.345, 2)", "2.35"),
        ("round(-2.5)", "-3"),
        ("mean(1, 2, 6)", "3"),
        ("sum(1, 2) + min(4, 3) - abs(-1) + floor(1.7) + ceil(1.2)", "8"),
    ],
)
def test_a_sum_is_worked_out_exactly(expression: str, result: str) -> None:
    assert TOOL.run({"expression": expression}) == f"{expression} = {result}"


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("1 / 3", "1 / 3 ≈ 0.333333333333"),
        ("sqrt(2)", "sqrt(2) ≈ 1.41421356237"),
        ("10 ** 40", "10 ** 40 = 1E+40"),
        ("1 / 10 ** 9", "1 / 10 ** 9 = 1E-9"),
        ("2 ** 64", "2 ** 64 = 18446744073709551616"),
        ("100 * 1.50", "100 * 1.50 = 150"),
    ],
)
def test_what_is_rounded_says_so(expression: str, shown: str) -> None:
    assert TOOL.run({"expression": expression}) == shown


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("", "no sum"),
        ("1 +", "breaks off"),
        ("1 2", "'2' stands where an operator"),
        (") + 1", r"'\)' stands where a number"),
        ("1 / 0", "zero"),
        ("5 mod 0", "zero"),
        ("0 ** -1", "zero"),
        ("sqrt(-1)", "negative"),
        ("(-8) ** 0.5", "negative"),
        ("9**9**9", "exponent may be 64"),
        ("9 ** 64 ** 1 * 9 ** 64 * (9 ** 64) ** 64", "too large"),
        ("(10 ** 64) ** 9.5", "too large"),
        ("(" * 10_000 + "1", "longer than 200"),
        ("(" * 60 + "1" + ")" * 60, "more than 20"),
        ("(1 + 2", "closing bracket"),
        ("(1, 2)", "comma in brackets"),
        ("3,5 + 1", "','"),
        ("sqrt 2", "in brackets"),
        ("sqrt(1, 2)", "takes one number"),
        ("round(1.5, 0.5)", "whole number of digits"),
        ("5 of 3", "needs a percentage"),
        ("__import__('os')", "no sum"),
        ("(1).__class__", "not part of a sum"),
        ("1 + y", "'y' is not part of a sum"),
        ("nan", "no sum"),
        ("1e999", "no sum"),
        ("١ + ١", "no sum"),
        ("²", "no sum"),
    ],
)
def test_a_fault_is_a_sentence(expression: str, sentence: str) -> None:
    began = time.process_time()
    with pytest.raises(ToolFault, match=sentence):
        work_out(expression)
    assert time.process_time() - began < 0.1


def test_nothing_breaks_or_hangs_on_random_text() -> None:
    chance = random.Random(7)
    pieces = [
        *"0123456789+-*/%^().,x e=$",
        "**",
        "//",
        "sqrt(",
        "round(",
        "max(",
        " of ",
        "times",
        "9" * 50,
        "\x00",
        "٣",
        "__",
        "\n",
        "é",
    ]
    slowest = 0.0
    for _ in range(10_000):
        expression = "".join(chance.choice(pieces) for _ in range(chance.randrange(1, 60)))
        began = time.process_time()
        try:
            said = TOOL.run({"expression": expression})
        except ToolFault as fault:
            said = str(fault)
        slowest = max(slowest, time.process_time() - began)
        assert "=" in said or "≈" in said or said.endswith(".")
    assert slowest < 0.1
