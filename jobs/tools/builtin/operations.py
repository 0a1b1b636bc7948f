"""What a sum may do with exact numbers, each within limits: products, powers, and the functions by name."""

import math
from collections.abc import Callable
from fractions import Fraction

from jobs.tools.tool import ToolFault

MOST_EXPONENT = 64
MOST_BITS = 4096


class NoResult(ToolFault):
    """A sum that is written well and has no result."""


def checked(value: Fraction) -> Fraction:
    """Return `value`; raise ToolFault where it is too large to go on with."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS:
        raise ToolFault("The numbers get too large to work with.")
    return value


def _quotient(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise NoResult("Dividing by zero has no result.")
    return left / right


def remainder(left: Fraction, right: Fraction) -> Fraction:
    """Return what is left of `left` after taking away `right` as often as possible."""
    return left - right * math.floor(_quotient(left, right))


PRODUCTS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "*": lambda left, right: left * right,
    "/": _quotient,
    "//": lambda left, right: Fraction(math.floor(_quotient(left, right))),
    "mod": remainder,
    "of": lambda left, right: left * right,
    "off": lambda left, right: right - left * right,
}


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """Return `base` to the power of `exponent`: exact for whole exponents, else to 15 digits."""
    if abs(exponent) > MOST_EXPONENT:
        raise ToolFault(f"An exponent may be {MOST_EXPONENT} at most.")
    if base == 0 and exponent < 0:
        raise NoResult("Dividing by zero has no result.")
    if exponent.denominator == 1:
        return base ** int(exponent)
    if base < 0:
        raise NoResult("A root of a negative number has no result here.")
    try:
        return Fraction(float(base) ** float(exponent))
    except OverflowError as error:
        raise ToolFault("The numbers get too large to work with.") from error


def _root(value: Fraction) -> Fraction:
    if value < 0:
        raise NoResult("A root of a negative number has no result here.")
    exact = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
    return exact if exact * exact == value else power(value, Fraction(1, 2))


def _rounded(value: Fraction, digits: Fraction = Fraction(0)) -> Fraction:
    if digits.denominator != 1 or abs(digits) > MOST_EXPONENT:
        raise ToolFault("Round to a whole number of digits, as in round(2.345, 2).")
    # Half away from zero, as people round.
    scale = Fraction(10) ** int(digits)
    return Fraction(math.floor(abs(value) * scale + Fraction(1, 2)), 1) / scale * (-1 if value < 0 else 1)


_ONE: dict[str, Callable[[Fraction], Fraction]] = {
    "sqrt": _root,
    "abs": abs,
    "floor": lambda value: Fraction(math.floor(value)),
    "ceil": lambda value: Fraction(math.ceil(value)),
}
_MANY: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "min": min,
    "max": max,
    "sum": lambda values: sum(values, Fraction(0)),
    "mean": lambda values: sum(values, Fraction(0)) / len(values),
}


def call(name: str, values: list[Fraction]) -> Fraction:
    """Return the function `name` of `values`; raise ToolFault where it takes another count of numbers."""
    if name in _MANY:
        return _MANY[name](values)
    if name == "round" and len(values) <= 2:
        return _rounded(*values)
    if len(values) != 1:
        raise ToolFault(f"{name} takes one number.")
    return _ONE[name](values[0])
