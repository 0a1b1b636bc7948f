"""Generated word problems with one or two operations, beside their answers, for the calculator."""

import random
from collections.abc import Callable, Sequence
from fractions import Fraction

Problem = tuple[str, Fraction]
_Form = tuple[str, Callable[[int, int, int], float | int | Fraction]]

# a is the largest and c the smallest; b is a multiple of c where something is divided.
_ONE: Sequence[_Form] = (
    ("Anna has {a} stamps and buys {b} more. How many stamps does she have now?", lambda a, b, c: a + b),
    ("A baker made {a} rolls and sold {b} of them. How many are left?", lambda a, b, c: a - b),
    ("There are {b} boxes with {c} pens in each box. How many pens are there?", lambda a, b, c: b * c),
    ("{b} apples are shared equally among {c} children. How many does each child get?", lambda a, b, c: Fraction(b, c)),
    ("What is {a} plus {b}?", lambda a, b, c: a + b),
    ("How much is {a} minus {b}?", lambda a, b, c: a - b),
    ("How much is {b} times {c}?", lambda a, b, c: b * c),
    ("What is {b} divided by {c}?", lambda a, b, c: Fraction(b, c)),
    ("What is {c}% of {a}?", lambda a, b, c: Fraction(c * a, 100)),
    ("A train travels {b} km each hour. How far does it travel in {c} hours?", lambda a, b, c: b * c),
    ("I bought {c} tickets at {b} euros each. What do I pay?", lambda a, b, c: b * c),
    ("What do I pay for a coat of {a} euros with {c}% off?", lambda a, b, c: a - Fraction(c * a, 100)),
)
_TWO: Sequence[_Form] = (
    ("What is {a} plus {b} minus {c}?", lambda a, b, c: a + b - c),
    ("How much is {b} times {c} plus {a}?", lambda a, b, c: b * c + a),
    ("What is ({a} + {b}) * {c}?", lambda a, b, c: (a + b) * c),
    ("What is the average of {a}, {b} and {c}?", lambda a, b, c: Fraction(a + b + c, 3)),
    ("Calculate {a} - {b} * {c}.", lambda a, b, c: a - b * c),
    ("Tom had {a} coins. He found {b} more and gave {c} away. How many has he now?", lambda a, b, c: a + b - c),
    ("A shop has {b} shelves with {c} books each and {a} books in the cellar. How many books does it have?",
     lambda a, b, c: b * c + a),
    ("We pay {a} euros for the room and {b} euros for food, shared by {c} people. What does each pay?",
     lambda a, b, c: Fraction(a + b, c)),
)  # fmt: skip


def problems(count: int, seed: int) -> list[Problem]:
    """Return so many problems, half of them with two operations."""
    chance = random.Random(seed)
    made: dict[str, Fraction] = {}
    while len(made) < count:
        text, worked_out = chance.choice((_ONE, _TWO)[len(made) % 2])
        c = chance.randrange(2, 25)
        b = c * chance.randrange(2, 40)
        a = b + chance.randrange(3, 900)
        made[text.format(a=a, b=b, c=c)] = Fraction(worked_out(a, b, c))
    return list(made.items())
