"""Numbers, dates and times in one form each, whatever common way they are written in."""

import re
from datetime import date
from decimal import Decimal

_MONTH_NAMES = (
    "january jan januar jänner janvier enero gennaio",
    "february feb februar février febrero febbraio",
    "march mar märz mars marzo",
    "april apr avril abril aprile",
    "may mai mayo maggio",
    "june jun juni juin junio giugno",
    "july jul juli juillet julio luglio",
    "august aug août agosto",
    "september sep sept septembre septiembre settembre",
    "october oct oktober okt octobre octubre ottobre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre diciembre dicembre",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
NUMBER_WORDS = {
    **{word: number for number, word in enumerate(_ONES.split())},
    **{word: 10 * number for number, word in enumerate(_TENS.split(), 2)},
    **{
        f"{tens}-{one}": 10 * number + unit
        for number, tens in enumerate(_TENS.split(), 2)
        for unit, one in enumerate(_ONES.split()[1:10], 1)
    },
    **{word: number for number, word in enumerate(_ORDINALS.split(), 1)},
    "hundred": 100,
    "thousand": 1000,
}

_SPACES = str.maketrans("", "", " '’\u00a0\u202f")


def number_forms(written: str) -> frozenset[str]:
    """Return what a number can mean: "1.5" and "1,5" are one form, "1,234" may be a thousand or a decimal."""
    sign = "-" if written[0] in "-−" else ""
    digits = written.lstrip("-−").translate(_SPACES)
    marks = re.findall(r"[.,]", digits)
    if not marks:
        return frozenset({_plain(sign, digits)})
    thousands = _plain(sign, re.sub(r"[.,]", "", digits))
    head, tail = re.split(r"[.,](?=[^.,]*$)", digits)
    decimal = _plain(sign, re.sub(r"[.,]", "", head) + "." + tail)
    if len(set(marks)) == 2:
        return frozenset({decimal})
    if len(marks) > 1:
        return frozenset({thousands})
    return frozenset({thousands, decimal}) if len(tail) == 3 and head != "0" else frozenset({decimal})


def _plain(sign: str, digits: str) -> str:
    value = Decimal(digits)
    whole = f"{value:f}"
    return f"#{sign}{whole.rstrip('0').rstrip('.') if '.' in whole else whole}"


def date_forms(day: str, month: str, year: str | None) -> frozenset[str]:
    """Return the date as `@YYYY-MM-DD`, without a year as `@MM-DD`; nothing where there is no such day."""
    number = int(month) if month.isdecimal() else MONTHS[month.casefold()]
    try:
        found = date(_year(year), number, int(day))
    except ValueError:
        return frozenset()
    return frozenset({f"@{found:%Y-%m-%d}" if year else f"@{found:%m-%d}"})


def _year(year: str | None) -> int:
    if year is None:
        return 2000  # a leap year: the 29th of February is a day
    return int(year) + 2000 if len(year) == 2 else int(year)


def time_form(hour: str, minute: str | None, half: str | None) -> frozenset[str]:
    """Return the time of day as `:HH:MM`; nothing where there is no such time."""
    hours, minutes = int(hour), int(minute or 0)
    if half and hours <= 12:
        hours = hours % 12 + (12 if half.casefold().startswith("p") else 0)
    return frozenset({f":{hours:02}:{minutes:02}"}) if hours < 25 and minutes < 60 else frozenset()
