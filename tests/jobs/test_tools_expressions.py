"""Sums are copied out of questions; what only looks like one is left alone."""

import time

import pytest

from jobs.tools.builtin.calculator import calculator
from jobs.tools.builtin.expressions import asked, expressions
from jobs.tools.builtin.numerals import with_digits


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What is 12 * 14?", ["12 * 14"]),
        ("what's 15% of 80", ["15% of 80"]),
        ("What is twenty-five times four?", ["25 * 4"]),
        ("How much is 1,234.50 plus 19%?", ["1234.50 + 19%"]),
        ("Is (3 + 4) * 2 - 1 (see page 3) prime?", ["(3 + 4) * 2 - 1"]),
        ("What is the square root of 144?", ["sqrt(144)"]),
        ("The sum of 3, 4 and 1,500?", ["sum(3, 4, 1500)"]),
        ("average of 10, 20, and 60?", ["mean(10, 20, 60)"]),
        ("half of 90", ["90 / 2"]),
        ("Subtract 3 from 10", ["10 - 3"]),
        ("split $120 among 4 people", ["120 / 4"]),
        ("What percentage of 80 is 12?", ["12 / 80 * 100"]),
        ("What's an 18% tip on $46.50?", ["18% of 46.50"]),
        ("How much do 3 tents at $250 cost?", ["3 * 250"]),
        ("5 lamps for 12.50 each", ["5 * 12.50"]),
        ("a $180 jacket with 25% off", ["180 - 25%"]),
        ("9 divided by 0", ["9 / 0"]),
        ("-5 + 3", ["-5 + 3"]),
        ("what is 12-5", ["12 - 5"]),
        ("What is 48 x 24?", ["48 * 24"]),
        ("3 squared plus 4 squared", ["3 ** 2", "4 ** 2"]),
        ("7 * 8 and then 12 * 12 * 12", ["12 * 12 * 12", "7 * 8"]),
    ],
)
def test_a_sum_in_a_question_is_found(question: str, found: list[str]) -> None:
    assert expressions(question) == found


@pytest.mark.parametrize(
    "question",
    [
        "Shipping takes 3-5 days",
        "We are open 24/7",
        "Call 555-123-4567",
        "My number is 555-1234",
        "on 2026-12-24 or 12/24/2026",
        "It measures 48 x 24 inches",
        "Order ORD-1042 plus 3",
        "the X4 Tent",
        "two times a day",
        "3 apples and 4 pears",
        "Explain the 80/20 rule",
        "",
    ],
)
def test_what_only_looks_like_a_sum_is_none(question: str) -> None:
    assert expressions(question) == []
    assert calculator().narrow(question) is None


def test_the_schema_admits_only_what_was_found() -> None:
    narrowed = calculator().narrow("Which is more, 3 * 4 or 15% of 90?")
    assert narrowed is not None
    assert narrowed["properties"] == {"expression": {"enum": ["15% of 90", "3 * 4"]}}


@pytest.mark.parametrize("piece", ["1,", "of ", "1 and ", "((", "3 x ", "sum of 1, ", "9", "$", "1 one two ", "sqrt("])
def test_long_questions_are_read_quickly(piece: str) -> None:
    began = time.process_time()
    expressions(piece * 5_000)
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("two hundred and six plus one", "206 plus 1"),
        ("two thousand five hundred", "2500"),
        ("one million two hundred thousand", "1200000"),
        ("two three", "2 3"),
        ("the weight of ninety nine", "the weight of 99"),
        ("twelve and Thirteen", "12 and 13"),
    ],
)
def test_written_numbers_become_digits(words: str, digits: str) -> None:
    assert with_digits(words) == digits


@pytest.mark.parametrize(
    ("question", "is_asked"),
    [
        ("What is 12 times 14?", True),
        ("what’s the square root of 144", True),
        ("How much do 3 tents at $250 cost?", True),
        ("Please calculate: 12 * 14", True),
        ("12 * 14 = ?", True),
        ("Where is order 10443, and what is 3 + 4?", True),
        ("My teacher wrote 3 + 4 on the board. Who was she?", False),
        ("Why do people say that 2 + 2 is five?", False),
        ("What is the 80/20 rule?", False),
        ("12 * 14 was on the board.", False),
    ],
)
def test_a_sum_whose_result_is_asked_for_leaves_no_doubt(question: str, is_asked: bool) -> None:
    assert asked(question) is is_asked
