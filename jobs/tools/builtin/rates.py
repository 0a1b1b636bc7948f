"""Currencies by a look-up table that a person uploaded: its columns are called currency and rate.

A rate is how much of a currency one unit of the person's own currency is worth; the own one stands there with 1.
"""

from fractions import Fraction

from jobs.tools.builtin.units import Unit
from storage.records import Json, ToolRecord
from storage.tools import Tools

_TABLE, _CURRENCY, _RATE = "table", "currency", "rate"
WORDS = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "dollar": "USD", "dollars": "USD", "£": "GBP",
    "pound": "GBP", "pounds": "GBP", "¥": "JPY", "yen": "JPY", "franc": "CHF", "francs": "CHF",
}  # fmt: skip


def currency(store: Tools, said: str) -> Unit | None:
    """Return a currency by its code, sign or name; None where no table tells its rate."""
    code = WORDS.get(said.casefold(), said.upper())
    for record in store.list():
        if names := _columns(record):
            for row in store.rows(record.name, code)[:1]:
                if rate := _rate(row.get(names[_RATE])):
                    return Unit(f"money by {record.config['name']}", code, (), 1 / rate)
    return None


def _columns(record: ToolRecord) -> dict[str, str]:
    """The columns of a table of rates by what they are called in small letters; none of any other table."""
    if record.kind != _TABLE:
        return {}
    named = {str(column).strip().casefold(): str(column) for column in record.config["columns"]}
    return named if {_CURRENCY, _RATE} <= set(named) and record.config["key"] == named[_CURRENCY] else {}


def _rate(cell: Json | str | None) -> Fraction | None:
    try:
        rate = Fraction(str(cell).strip())
    except (ValueError, ZeroDivisionError):
        return None
    return rate if rate > 0 else None
