"""Make a table of records, whatever file they come from: objects, plain lists, or whole conversations."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from jobs.intake.readers.conversations import conversations, messages_in
from jobs.intake.readers.flattening import Columns, flat, text_of
from jobs.intake.readers.shaping import Row, shaped
from jobs.intake.table import Heading, Reader

_ALONE = "text"


def tabulated(records: Iterable[Any], name: str) -> Reader:
    """Give a row for each record, or for each pair of question and answer where the records are conversations."""
    rest = iter(records)
    first = list(islice(rest, 1))
    every = chain(first, rest)
    if any(messages_in(record) for record in first):
        return (yield from conversations(every))
    if any(isinstance(record, list) for record in first):
        return (yield from shaped(_positional(every), name))
    columns = Columns()
    for record in every:
        yield columns.row(flat(record) if isinstance(record, dict) else {_ALONE: text_of(record)})
    return Heading(columns.names)


def _positional(records: Iterable[Any]) -> Iterator[Row]:
    for number, record in enumerate(records, 1):
        row = list(map(text_of, record if isinstance(record, list) else [record]))
        if any(row):
            yield number, row
