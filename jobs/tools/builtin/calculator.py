"""The calculator: one written sum in, the sum with its result out."""

from decimal import Context
from fractions import Fraction

from jobs.tools.builtin.arithmetic import MOST_CHARACTERS, work_out
from jobs.tools.builtin.expressions import asked, expressions
from jobs.tools.tool import Arguments, Tool
from storage.records import Json

_DIGITS = 12
_LONGEST_WHOLE = 30

SCHEMA: Json = {
    "type": "object",
    "properties": {
        "expression": {
            "type": "string",
            "maxLength": MOST_CHARACTERS,
            "description": "A sum such as 12 * 14, 15% of 80, sqrt(2) or (3 + 4) / 2",
        }
    },
    "required": ["expression"],
    "additionalProperties": False,
}


def calculator() -> Tool:
    """Return the calculator."""
    return Tool(
        name="calculator",
        title="Calculator",
        description="Works out sums, products and percentages exactly.",
        schema=SCHEMA,
        run=_run,
        narrow=_narrow,
        sure=asked,
        examples=(
            ("How much is 19 times 23?", {"expression": "19 * 23"}),
            ("What is 8% of 250?", {"expression": "8% of 250"}),
        ),
    )


def written(value: Fraction) -> tuple[str, bool]:
    """Return `value` in decimal digits, and whether these are exact or rounded to twelve digits."""
    if value.denominator == 1 and len(str(value.numerator)) <= _LONGEST_WHOLE:
        return str(value.numerator), True
    context = Context(prec=_DIGITS)
    rounded = context.divide(context.create_decimal(value.numerator), context.create_decimal(value.denominator))
    plain = -7 <= rounded.adjusted() < _LONGEST_WHOLE
    return f"{rounded.normalize(context):{'f' if plain else ''}}", Fraction(rounded) == value


def _run(arguments: Arguments) -> str:
    expression = str(arguments["expression"]).strip()
    result, exact = written(work_out(expression))
    return f"{expression} {'=' if exact else '≈'} {result}"


def _narrow(question: str) -> Json | None:
    found = expressions(question)
    if not found:
        return None
    return {**SCHEMA, "properties": {"expression": {"enum": found}}}
