"""What a question asks of the calendar: the calls of `date_and_time` that its words and days allow."""

import re
from collections.abc import Iterator
from datetime import date

from jobs.tools.builtin.dates import dates_in
from jobs.tools.builtin.numerals import with_digits
from jobs.tools.builtin.zones import zones_in
from storage.records import Json

MOST_READ = 2_000

_NOW = re.compile(
    r"what(?:'s| is) the (?:current |exact |local )?time\b|time is it\b|(?:current|local) time\b|time now\b"
)
_TODAY = re.compile(
    r"today's date|date today|(?:current|what(?:'s| is) the) date\b|(?:what|which) (?:day|year|month) is (?:it|today)"
    r"|day (?:of the week )?is (?:it )?today|(?:what|which) (?:day|date) (?:do we have|is it)"
)
_WEEKDAY = re.compile(r"\bweekday|day of the week|\b(?:what|which) day\b")
_BETWEEN = re.compile(
    r"how many (?:days|weeks|months|years|nights)|(?:days|weeks) (?:are )?(?:between|until|till|since|left|from|to)"
    r"|how long (?:until|till|since|is it)|how far (?:away|off)|number of days"
)
_DAY_ASKED = re.compile(r"\b(?:what|which) (?:exact )?(?:date|day|weekday)|\bdate\b|\bwhen (?:is|will|was)")
_SPAN = re.compile(
    r"\b([0-9]{1,5}|an?) (day|week|month|year)s? (from|after|before|ago|later|earlier|prior)"
    r"|\bin ([0-9]{1,5}|an?) (day|week|month|year)s?\b"
)
_BACKWARDS = {"before", "ago", "earlier", "prior"}


def calls_for(question: str, today: date) -> list[Json]:
    """Return one closed schema for each call that `question` may ask for, its values copied from the question."""
    text = with_digits(question[:MOST_READ]).casefold().replace("’", "'")
    days = [day.isoformat() for day in dates_in(text, today)]
    spans = list(_SPAN.finditer(text))
    if spans and (days or _DAY_ASKED.search(text)):
        # "10 days after Christmas" is one question about a day, not also one about Christmas.
        return [_span_call(span, days or [today.isoformat()]) for span in spans]
    return [*_clock_calls(text), *_day_calls(text, days, today.isoformat())]


def _clock_calls(text: str) -> Iterator[Json]:
    zones = {"zone": found} if (found := zones_in(text)) else {}
    if _NOW.search(text):
        yield _call("now", **zones)
    if _TODAY.search(text):
        yield _call("today", **zones)


def _day_calls(text: str, days: list[str], today: str) -> Iterator[Json]:
    if days and _BETWEEN.search(text):
        first, *others = days if len(days) > 1 else [today, *days]
        yield _call("days_between", date=[first], other_date=others)
    elif days and _WEEKDAY.search(text) and not _TODAY.search(text):
        yield _call("weekday", date=days)


def _span_call(span: re.Match[str], days: list[str]) -> Json:
    count, unit, direction = span[1] or span[4], span[2] or span[5], span[3] or "in"
    amount = int(count) if count.isdigit() else 1
    signed = -amount if direction in _BACKWARDS else amount
    return _call("add", date=days, amount=[signed], unit=[f"{unit}s"])


def _call(operation: str, **values: list[str] | list[int]) -> Json:
    properties = {"operation": {"enum": [operation]}, **{name: {"enum": allowed} for name, allowed in values.items()}}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
