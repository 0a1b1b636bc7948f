"""Time zones by the name of a city, a country or the zone itself."""

import re
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from jobs.tools.tool import ToolFault

_PLACE = re.compile(r"\b(?:in|at|for|and)\s+(?=([a-z][a-z' -]*[a-z]))")
_MOST_WORDS = 3


def zone(name: str) -> ZoneInfo:
    """Return the time zone called `name` (Asia/Tokyo, Tokyo or utc); raise ToolFault."""
    try:
        return ZoneInfo(_by_place().get(_folded(name), name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ToolFault(f"There is no time zone {name!r}. Use a name such as Europe/Berlin or Tokyo.") from error


def zones_in(text: str) -> list[str]:
    """Return the full names of the time zones that `text` (small letters) names after "in", "at", "for" or "and"."""
    found: list[str] = []
    for match in _PLACE.finditer(text):
        words = match[1].split()
        parts = [" ".join(words[:count]) for count in range(min(len(words), _MOST_WORDS), 0, -1)]
        found += [_by_place()[part] for part in parts if part in _by_place()][:1]
    return list(dict.fromkeys(found))


@cache
def _by_place() -> dict[str, str]:
    """Every zone by its own name and by its last part; a continent's city goes before an old alias."""
    names = sorted(available_timezones(), key=lambda name: ("/" not in name, name.startswith("Etc/"), name))
    places: dict[str, str] = {}
    for name in names:
        for place in (_folded(name), _folded(name.rsplit("/", 1)[-1])):
            places.setdefault(place, name)
    return places


def _folded(name: str) -> str:
    return name.strip().replace("_", " ").casefold()
