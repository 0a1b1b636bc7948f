"""Work out a written sum exactly, within limits; nothing of it is ever run as code."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from jobs.tools.builtin.operations import PRODUCTS, call, checked, power, remainder
from jobs.tools.builtin.terms import Term, terms
from jobs.tools.tool import ToolFault

MOST_CHARACTERS = 200
MOST_DEPTH = 20


def work_out(expression: str) -> Fraction:
    """Return the value of `expression`; raise ToolFault with a sentence."""
    if len(expression) > MOST_CHARACTERS:
        raise ToolFault(f"The sum is longer than {MOST_CHARACTERS} characters.")
    text = expression.casefold().strip().rstrip("=?").rstrip()
    read = list(terms(text))
    if not read:
        raise ToolFault("There is no sum to work out.")
    if read[-1].end < len(text):
        strange = text[read[-1].end :].strip()[:20]
        raise ToolFault(f"{strange!r} is not part of a sum. Use numbers, + - * / ^ % and ( ).")
    return _Reader(read).all()


class _Value(NamedTuple):
    amount: Fraction
    percent: bool = False


class _Reader:
    """Reads terms by precedence: sums of products of powers; each method leaves off at the first term not its own."""

    def __init__(self, read: Sequence[Term]) -> None:
        self._terms = read
        self._at = 0
        self._depth = 0

    def all(self) -> Fraction:
        """Read everything; raise ToolFault where something is left over."""
        value = self._sum()
        if self._at < len(self._terms):
            raise ToolFault(f"{self._terms[self._at].text!r} stands where an operator was expected.")
        return value.amount

    def _sum(self) -> _Value:
        left = self._product()
        while sign := self._take("+", "-"):
            right = self._product()
            # 80 + 15% means 15% of the 80.
            change = left.amount * right.amount if right.percent and not left.percent else right.amount
            total = left.amount + change if sign == "+" else left.amount - change
            left = _Value(checked(total), left.percent and right.percent)
        return left

    def _product(self) -> _Value:
        left = self._signed()
        while sign := self._take("*", "/", "//", "mod", "of", "off"):
            if sign in {"of", "off"} and not left.percent:
                raise ToolFault(f"{sign!r} needs a percentage before it, as in 15% {sign} 80.")
            left = _Value(checked(PRODUCTS[sign](left.amount, self._signed().amount)))
        return left

    def _signed(self) -> _Value:
        self._deeper()
        sign = self._take("+", "-")
        value = self._signed() if sign else self._power()
        self._depth -= 1
        return _Value(-value.amount, value.percent) if sign == "-" else value

    def _power(self) -> _Value:
        base = self._percentage()
        return _Value(checked(power(base.amount, self._signed().amount))) if self._take("**") else base

    def _percentage(self) -> _Value:
        value = self._atom()
        if self._take("%"):
            if self._operand_follows():
                return _Value(remainder(value, self._atom()))
            return _Value(value / 100, percent=True)
        return _Value(value)

    def _atom(self) -> Fraction:
        term = self._terms[self._at] if self._at < len(self._terms) else None
        if term is None:
            raise ToolFault("The sum breaks off: a number is missing at its end.")
        self._at += 1
        if term.kind == "number":
            return checked(term.amount)
        if term.kind == "name":
            return checked(call(term.text, self._bracketed()))
        if term.text == "(":
            self._at -= 1
            return self._one_in_brackets()
        raise ToolFault(f"{term.text!r} stands where a number was expected.")

    def _one_in_brackets(self) -> Fraction:
        values = self._bracketed()
        if len(values) != 1:
            raise ToolFault("There is a comma in brackets. Write decimals with a point, as in 3.5.")
        return values[0]

    def _bracketed(self) -> list[Fraction]:
        self._deeper()
        if not self._take("("):
            raise ToolFault("A function needs its numbers in brackets, as in sqrt(2).")
        values = [self._sum().amount]
        while self._take(","):
            values.append(self._sum().amount)
        if not self._take(")"):
            raise ToolFault("A closing bracket is missing.")
        self._depth -= 1
        return values

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > 2 * MOST_DEPTH:
            raise ToolFault(f"The sum has more than {MOST_DEPTH} brackets or signs inside each other.")

    def _take(self, *signs: str) -> str:
        if self._at < len(self._terms) and self._terms[self._at].text in signs:
            self._at += 1
            return self._terms[self._at - 1].text
        return ""

    def _operand_follows(self) -> bool:
        return self._at < len(self._terms) and (
            self._terms[self._at].kind != "operator" or self._terms[self._at].text == "("
        )
