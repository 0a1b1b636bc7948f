"""Numbers as people say them: with a unit, rounded to what they can use."""

from datetime import UTC, datetime

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def count(number: int, noun: str, plural: str = "") -> str:
    """Return `number` with its noun: `1 example`, `1,203 examples`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def duration(seconds: float) -> str:
    """Return how long something took: `less than 0.1 s`, `2.8 s`, `41 s`, `3 min 20 s`, `1 h 5 min`."""
    if seconds < 0.05:
        return "less than 0.1 s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return _two(whole // _MINUTE, "min", whole % _MINUTE, "s")
    return _two(whole // _HOUR, "h", whole % _HOUR // _MINUTE, "min")


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit}" + (f" {small} {small_unit}" if small else "")


def about(seconds: float) -> str:
    """Return a forecast: `a few seconds`, `about 40 seconds`, `about 2 minutes`, `about 3 hours`."""
    if seconds < 8:
        return "a few seconds"
    if seconds < 55:
        return f"about {max(10, round(seconds / 10) * 10)} seconds"
    if seconds < 90 * _MINUTE:
        return f"about {count(max(1, round(seconds / _MINUTE)), 'minute')}"
    return f"about {count(round(seconds / _HOUR), 'hour')}"


def percent(done: int, whole: int) -> int:
    """Return the share in percent, never above 100 and 0 where nothing is known yet."""
    return min(100, 100 * done // whole) if whole > 0 else 0


def ago(at: float, now: float) -> str:
    """Return when something happened: `just now`, `4 minutes ago`, `2 days ago`, `12 March 2026`."""
    passed = max(0.0, now - at)
    if passed < _MINUTE:
        return "just now"
    if passed < _HOUR:
        return f"{count(int(passed // _MINUTE), 'minute')} ago"
    if passed < _DAY:
        return f"{count(int(passed // _HOUR), 'hour')} ago"
    if passed < 7 * _DAY:
        return f"{count(int(passed // _DAY), 'day')} ago"
    day = datetime.fromtimestamp(at, tz=UTC)
    return f"{day.day} {day:%B %Y}"


def until(at: float, now: float) -> str:
    """Return when something will happen: `within the next hour`, `in about 5 hours`, `in 30 days`."""
    left = at - now
    if left < _HOUR:
        return "within the next hour"
    return f"in {about(left)}" if left < _DAY else f"in {count(round(left / _DAY), 'day')}"


def size(number: int) -> str:
    """Return how much room something takes: `640 bytes`, `9.2 MB`, `1.4 GB`."""
    for unit, one in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if number >= one:
            return f"{number / one:.1f} {unit}"
    return count(number, "byte")


def short_hash(digest: str) -> str:
    """Return a fingerprint that people can compare at a glance: its first and last four characters."""
    return digest if len(digest) <= 9 else f"{digest[:4]}…{digest[-4:]}"


def few(numbers: tuple[int, ...], of: int) -> str:
    """Return row numbers for reading: `17, 44, 81` and, where there are more, `… and 3 more`."""
    listed = ", ".join(f"{number:,}" for number in numbers)
    more = of - len(numbers)
    return f"{listed} … and {more:,} more" if listed and more > 0 else listed
