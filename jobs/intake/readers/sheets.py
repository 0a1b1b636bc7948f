"""Choose among the tables that one file holds: sheets of a spreadsheet, lists of a JSON file, splits of a folder."""

from collections.abc import Sequence

from storage.errors import NotFound

_MOST_NAMED = 20


def chosen(wanted: str | None, names: Sequence[str], file_name: str) -> str:
    """Return the wanted one of `names`, whatever its capitals, by default the first; raise NotFound for any other."""
    if wanted is None:
        return names[0]
    for name in [one for one in names if one == wanted] or names:
        if name.strip().casefold() == wanted.strip().casefold():
            return name
    listed = ", ".join(f"“{name}”" for name in names[:_MOST_NAMED])
    raise NotFound(
        f"{file_name} has no sheet “{wanted}”." if names else f"{file_name} is one table, without sheets.",
        f"Choose one of these: {listed}." if names else "Read it without naming a sheet.",
    )
