"""A column as it was kept in JSON, and as a value again."""

from typing import Any

from storage.records import Column, Json

# JSON knows no tuples.
_SEVERAL = ("tools", "labels")


def column_from(kept: Json) -> Column:
    """Return the column that was kept; one that was kept before columns knew a field gets that field's usual value."""
    several: dict[str, Any] = {name: tuple(kept[name]) for name in _SEVERAL if name in kept}
    if "shots" in kept:
        several["shots"] = tuple((asked, answered) for asked, answered in kept["shots"])
    return Column(**{**kept, **several})
