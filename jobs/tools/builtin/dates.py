"""Find the days that stand in a question: 2026-12-24, 24 December, 12/24/2026, tomorrow, Christmas."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s+([0-9]{4}))?\b"
_ISO = re.compile(r"\b([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\b")
_DAY_MONTH = re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}{_YEAR}")
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}{_YEAR}")
_SLASHED = re.compile(r"\b([0-9]{1,2})([/.])([0-9]{1,2})\2([0-9]{4})\b")
_NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1}
_FEASTS = {
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "new year": (1, 1),
    "valentine's day": (2, 14),
    "halloween": (10, 31),
}
_NEAR_WORD = re.compile(rf"\b({'|'.join(_NEAR)})\b")
_FEAST_WORD = re.compile(rf"\b({'|'.join(_FEASTS)})\b(?:\s+(?:of\s+)?([0-9]{{4}})\b)?")
_PAST = re.compile(r"\bsince\s+(?:the\s+)?$")


def dates_in(text: str, today: date) -> list[date]:
    """Return the days named in `text` (small letters), in its order, each once.

    A day without a year is the next one, after "since" the last one. 5/6/2026 gives both its readings.
    """
    found = sorted(_dated(text, today), key=lambda place: place[0])
    return list(dict.fromkeys(day for _, day in found))


def _dated(text: str, today: date) -> Iterator[tuple[int, date]]:
    for match in _ISO.finditer(text):
        yield from _placed(match, [_day(int(match[1]), int(match[2]), int(match[3]))])
    for match in _DAY_MONTH.finditer(text):
        yield from _placed(match, [_in_year(match[3], _month(match[2]), int(match[1]), (text, match, today))])
    for match in _MONTH_DAY.finditer(text):
        yield from _placed(match, [_in_year(match[3], _month(match[1]), int(match[2]), (text, match, today))])
    for match in _FEAST_WORD.finditer(text):
        yield from _placed(match, [_in_year(match[2], *_FEASTS[match[1]], (text, match, today))])
    for match in _SLASHED.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        yield from _placed(match, [_day(year, first, second), _day(year, second, first)])
    for match in _NEAR_WORD.finditer(text):
        yield match.start(), today + timedelta(days=_NEAR[match[1]])


def _placed(match: re.Match[str], days: list[date | None]) -> Iterator[tuple[int, date]]:
    for day in days:
        if day is not None:
            yield match.start(), day


def _month(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def _in_year(year: str | None, month: int, day: int, where: tuple[str, re.Match[str], date]) -> date | None:
    if year:
        return _day(int(year), month, day)
    text, match, today = where
    past = _PAST.search(text[: match.start()])
    years = (today.year, today.year - 1) if past else (today.year, today.year + 1)
    days = [found for found in (_day(number, month, day) for number in years) if found]
    fitting = [found for found in days if (found <= today if past else found >= today)]
    return next(iter(fitting or days), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
