"""Units and currencies: a value in one unit in, the same value in another one out, exact where it can be."""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from jobs.tools.builtin.calculator import written
from jobs.tools.builtin.rates import WORDS, currency
from jobs.tools.builtin.units import Unit, units
from jobs.tools.tool import Arguments, Tool, ToolFault
from storage.records import Json
from storage.tools import Tools

NAME = "convert_units"
_LONGEST_QUESTION = 1_000
_MOST = 10.0**30
_SIGNS = "€$£¥"
_SIGN_FIRST = re.compile(rf"([{_SIGNS}])\s*([0-9][0-9.,]*[0-9]|[0-9])")
_NUMBER = r"(?P<amount>-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|-?[0-9]+(?:\.[0-9]+)?|an?|one)"
_SCHEMA: Json = {
    "type": "object",
    "properties": {
        "amount": {"type": "number", "description": "How much"},
        "from": {"type": "string", "maxLength": 40, "description": "A unit such as miles or °F, or a currency: EUR"},
        "to": {"type": "string", "maxLength": 40, "description": "The unit or currency that it is wanted in"},
    },
    "required": ["amount", "from", "to"],
    "additionalProperties": False,
}


def conversion(store: Tools) -> Tool:
    """Return the tool; currencies are those of a look-up table with the columns currency and rate."""
    made = _Conversion(store)
    return Tool(
        name=NAME,
        title="Units and currencies",
        description="Converts between units of length, mass, volume, area, speed, temperature, time, data and energy, "
        "and between the currencies of your own table with the columns currency and rate.",
        schema=_SCHEMA,
        run=made.answer,
        narrow=made.narrow,
        sure=lambda question: made.narrow(question) is not None,
        examples=(("How many kilometres are 26 miles?", {"amount": 26, "from": "miles", "to": "km"}),),
    )


@dataclass(frozen=True)
class _Conversion:
    store: Tools

    def narrow(self, question: str) -> Json | None:
        """Return a schema of the one conversion that the question asks for, None where it asks for none."""
        plain = _SIGN_FIRST.sub(r"\2 \1", question[:_LONGEST_QUESTION])
        for pattern in _patterns():
            for match in pattern.finditer(plain):
                if self._pair(match["from"], match["to"]):
                    told = {"amount": _amount(match["amount"]), "from": match["from"], "to": match["to"]}
                    return {**_SCHEMA, "properties": {name: {"enum": [value]} for name, value in told.items()}}
        return None

    def answer(self, arguments: Arguments) -> str:
        """Return both values with their units; raise ToolFault where they can't be converted."""
        said, wanted, amount = str(arguments["from"]), str(arguments["to"]), float(arguments["amount"])
        pair = self._pair(said, wanted)
        if pair is None:
            raise ToolFault(self._why_not(said, wanted))
        if not math.isfinite(amount) or abs(amount) > _MOST:
            raise ToolFault("The amount is too large to be converted.")
        source, target = pair
        value = Fraction(str(arguments["amount"]))
        if source.dimension == "temperature" and value * source.scale + source.offset < 0:
            raise ToolFault(f"Nothing is as cold as {written(value)[0]} {source.name}.")
        result, exact = written(source.into(target, value))
        rates = f" ({source.dimension.removeprefix('money ')})" if source.dimension.startswith("money") else ""
        return f"{written(value)[0]} {source.name} {'=' if exact else '≈'} {result} {target.name}{rates}"

    def _pair(self, said: str, wanted: str) -> tuple[Unit, Unit] | None:
        """Return both as units of one dimension: a pound beside kilograms is no money."""
        for source in self._meanings(said):
            for target in self._meanings(wanted):
                if source.dimension == target.dimension and source != target:
                    return source, target
        return None

    def _meanings(self, said: str) -> list[Unit]:
        plain = " ".join(said.split()).casefold()
        may_be_money = plain in WORDS or re.fullmatch(r"[a-z]{3}", plain)
        found = [units().get(plain), currency(self.store, plain) if may_be_money else None]
        return [unit for unit in found if unit is not None]

    def _why_not(self, said: str, wanted: str) -> str:
        for one in (said, wanted):
            if not self._meanings(one):
                return (
                    f"{one!r} is no unit that is known here. For currencies, add a look-up table with the columns "
                    "currency and rate, found by currency."
                )
        return f"{said} can't be converted to {wanted}."


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """The ways in which a conversion is asked for; a unit is one of the table, or any code of three letters."""
    names = sorted({*units(), *WORDS}, key=len, reverse=True)
    unit = "|".join(re.escape(name) for name in names) + "|[a-z]{3}"
    source, target = rf"(?P<from>{unit})(?!\w)", rf"(?P<to>{unit})(?!\w)"
    between = r"\s+(?:expressed\s+)?(?:in|into|to|as)\s+"
    number = rf"(?<![\w.,]){_NUMBER}"
    many = r"how\s+(?:many|much)\s+"
    asks = (
        rf"{number}\s*{source}{between}{target}",
        rf"{many}{target}\s+(?:are|is|make|makes|equal|equals)\s+(?:there\s+)?(?:in\s+)?{number}\s*{source}",
        rf"{many}{target}\s+(?:in|to)\s+{number}\s*{source}",
    )
    return tuple(re.compile(ask, re.IGNORECASE) for ask in asks)


def _amount(said: str) -> int | float:
    if said.casefold() in {"a", "an", "one"}:
        return 1
    number = said.replace(",", "")
    return float(number) if "." in number else int(number)
