"""A person's own words for what a database holds: `revenue, sales = Line.Price * Line.Quantity`, one to a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from storage.errors import UserFault
from storage.outside.shape import Factor, Measure, Shape

_MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a person's words stand for: by words, the label of a column, the name of a table or of a measure."""

    meanings: dict[str, str]
    measures: tuple[Measure, ...]


def read_own_words(text: str, shape: Shape) -> OwnWords:
    """Return what the lines say; raise UserFault with the first that can't be understood."""
    meanings, measures = dict[str, str](), list[Measure]()
    for said, meant in _lines(text):
        names = [name for name in (" ".join(part.split()) for part in said.split(",")) if name]
        if not names:
            raise _unclear(f"{said} = {meant}")
        known = _known(meant, shape)
        if known is None:
            measures.append(_measure(names[0], meant, shape))
            known = names[0]
        meanings |= dict.fromkeys(names, known)
    return OwnWords(meanings, tuple(measures))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > _MOST_LINES:
        raise UserFault(f"There are {len(lines)} lines of words; {_MOST_LINES} is the most.")
    for line in lines:
        said, sign, meant = line.partition("=")
        if not sign:
            raise _unclear(line)
        yield said.strip(), meant.strip()


def _known(meant: str, shape: Shape) -> str | None:
    names = {one.casefold(): one for one in (*shape.labels, *shape.tables)}
    return names.get(meant.casefold())


def _measure(name: str, meant: str, shape: Shape) -> Measure:
    labels = {label.casefold(): label for label in shape.labels}
    parts = re.split(r"\s*([*/])\s*", f"* {meant}".strip())[1:]
    factors = tuple(
        Factor("*" if sign == "*" else "/", labels.get(of.casefold(), of))
        for sign, of in zip(parts[::2], parts[1::2], strict=True)
    )
    columns = [known for factor in factors if (known := shape.column(factor.of)) is not None]
    plain = all(shape.column(factor.of) or re.fullmatch(r"\d+(?:\.\d+)?", factor.of) for factor in factors)
    divides_by_nothing = any(factor.sign == "/" and re.fullmatch(r"0+(?:\.0+)?", factor.of) for factor in factors)
    one_table = len({column.table for column in columns}) == 1
    if not plain or divides_by_nothing or not one_table or any(column.kind != "number" for column in columns):
        raise _unclear(f"{name} = {meant}")
    return Measure(name, columns[0].table, factors)


def _unclear(line: str) -> UserFault:
    return UserFault(
        f"The line {line.strip()!r} can't be understood.",
        "Write words = a ticked table, a ticked column such as Orders.Total, or columns of numbers of one table with "
        "* and / between.",
    )
