"""Date and time: now, today, weekdays, days between two days, and a span before or after a day."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from jobs.tools.builtin.date_questions import calls_for
from jobs.tools.builtin.dates import dates_in
from jobs.tools.builtin.zones import zone
from jobs.tools.tool import Arguments, Tool, ToolFault
from storage.records import Json

_UNITS = ("days", "weeks", "months", "years")
_FURTHEST = 100_000

SCHEMA: Json = {
    "type": "object",
    "properties": {
        "operation": {
            "enum": ["now", "today", "weekday", "days_between", "add"],
            "description": "The time now, the date today, the weekday of a date, the days between two dates, "
            "or a span added to a date",
        },
        "date": {"type": "string", "description": "A date such as 2026-12-24; without one: today"},
        "other_date": {"type": "string", "description": "The second date for days_between; without one: today"},
        "amount": {"type": "integer", "description": "How many to add; a negative number goes back"},
        "unit": {"enum": list(_UNITS), "description": "What is added"},
        "zone": {"type": "string", "description": "A place or time zone; without one: this computer's"},
    },
    "required": ["operation"],
    "additionalProperties": False,
}


def date_and_time(clock: Callable[[], float], home: tzinfo | None = None) -> Tool:
    """Return the tool; `clock` gives epoch seconds, `home` is the time zone (without one: this computer's)."""
    calendar = _Calendar(clock, home)
    return Tool(
        name="date_and_time",
        title="Date and time",
        description="Tells the current time, today's date, the weekday of a date, and counts days.",
        schema=SCHEMA,
        run=calendar.answer,
        narrow=calendar.narrow,
        examples=(
            ("What time is it now?", {"operation": "now"}),
            ("How many days are between 2026-03-01 and 2026-04-15?", {"operation": "days_between"}),
        ),
    )


@dataclass(frozen=True)
class _Calendar:
    clock: Callable[[], float]
    home: tzinfo | None

    def narrow(self, question: str) -> Json | None:
        """Return the calls that the question's words and days allow, or None."""
        calls = calls_for(question, self._now().date())
        return ({"anyOf": calls} if len(calls) > 1 else calls[0]) if calls else None

    def answer(self, arguments: Arguments) -> str:
        """Return a sentence for checked arguments; raise ToolFault."""
        match arguments["operation"]:
            case "now":
                return f"It is {self._now(arguments.get('zone')):%H:%M on {self._today(arguments)} (%Z)}."
            case "today":
                return f"Today is {self._today(arguments)}."
            case "weekday":
                day = self._day(arguments.get("date"))
                return f"{_short(day)} is a {day:%A}."
            case "days_between":
                return _between(self._day(arguments.get("date")), self._day(arguments.get("other_date")))
            case _:
                return self._added(arguments)

    def _now(self, place: str | None = None) -> datetime:
        moment = datetime.fromtimestamp(self.clock()).astimezone(self.home)
        return moment.astimezone(zone(place)) if place else moment

    def _today(self, arguments: Arguments) -> str:
        return _long(self._now(arguments.get("zone")).date())

    def _day(self, said: str | None) -> date:
        today = self._now().date()
        found = dates_in(said.casefold(), today) if said else [today]
        if not found:
            raise ToolFault(f"{said!r} is not a date. Write it as in 2026-12-24.")
        return found[0]

    def _added(self, arguments: Arguments) -> str:
        amount, unit = arguments.get("amount"), arguments.get("unit", "days")
        if amount is None:
            raise ToolFault("How much to add is missing.")
        start = self._day(arguments.get("date"))
        count = f"{abs(amount)} {unit if abs(amount) != 1 else unit.removesuffix('s')}"
        return f"{count} {'before' if amount < 0 else 'after'} {_short(start)} is {_long(_plus(start, amount, unit))}."


def _plus(start: date, amount: int, unit: str) -> date:
    if abs(amount) > _FURTHEST:
        raise ToolFault(f"At most {_FURTHEST} can be added.")
    try:
        if unit in {"days", "weeks"}:
            return start + timedelta(days=amount * (7 if unit == "weeks" else 1))
        year, month = divmod(start.year * 12 + start.month - 1 + amount * (12 if unit == "years" else 1), 12)
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError) as error:
        raise ToolFault("That day is outside of the calendar.") from error


def _between(first: date, other: date) -> str:
    days = abs((other - first).days)
    weeks = f" ({days // 7} weeks and {days % 7} days)" if days >= 14 else ""
    return f"From {_short(min(first, other))} to {_short(max(first, other))}: {_count(days)}{weeks}."


def _count(days: int) -> str:
    return f"{days} day" if days == 1 else f"{days} days"


def _short(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _long(day: date) -> str:
    return f"{day:%A}, {_short(day)}"
