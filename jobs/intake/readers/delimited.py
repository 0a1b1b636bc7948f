"""Read the records of a text table (CSV, TSV and their kin), each with the line that it begins on."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from jobs.intake.readers.dialect import Dialect, dialect_of
from jobs.intake.readers.shaping import Row, shaped
from jobs.intake.table import Reader
from storage.errors import TooLarge, UnreadableFile

_SAMPLE_CHARACTERS = 256 * 1024
_LONGEST_CELL = 2**31 - 1
_MOST_LINES = 3_000_000
_BINARY_SHARE = 0.02
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff]")


def read_delimited(path: Path, name: str, codec: str) -> Reader:
    """Give the rows of the table that the text file holds. Raises UnreadableFile or TooLarge, naming the line."""
    csv.field_size_limit(_LONGEST_CELL)  # the file's own size is limited already
    with path.open(encoding=codec, newline="") as stream:
        sample = stream.read(_SAMPLE_CHARACTERS)
        whole = len(sample) < _SAMPLE_CHARACTERS
    if len(_CONTROL.findall(sample)) > max(10, len(sample) * _BINARY_SHARE):
        raise UnreadableFile(f"{name} is not text: it holds bytes that no table has.")
    dialect = dialect_of(_CONTROL.sub("", sample), whole=whole)
    with path.open(encoding=codec, newline="") as stream:
        lines = _Lines(stream, dialect)
        records = _records(lines, dialect, name)
        heading = yield from shaped(records, name, separator=dialect.separator, titled=dialect.skip > 0)
    if lines.removed:
        heading.notes.append(f"{lines.removed} invisible control characters were taken out.")
    return heading


class _Lines:
    """The file's lines without control characters; counts the quotes since it was last asked, and what it took out."""

    def __init__(self, stream: IO[str], dialect: Dialect) -> None:
        self._stream = stream
        self._backslash_quotes = dialect.backslash_quotes
        self.quotes = 0
        self.removed = 0

    def __iter__(self) -> Iterator[str]:
        for raw in self._stream:
            line = raw
            if _CONTROL.search(raw):
                line, count = _CONTROL.subn("", raw)
                self.removed += count
            self.quotes += line.count('"') - (line.count('\\"') if self._backslash_quotes else 0)
            yield line


def _records(lines: _Lines, dialect: Dialect, name: str) -> Iterator[Row]:
    """Yield every record with the line it begins on, without blank lines."""
    reader = csv.reader(
        iter(lines),
        delimiter=dialect.separator,
        skipinitialspace=dialect.space_before_quote,
        escapechar="\\" if dialect.backslash_quotes else None,
    )
    begin, last, open_quote = 1, 1, False
    try:
        for index, row in enumerate(reader):
            if index >= dialect.skip and row:
                yield begin, row
            elif index > _MOST_LINES:
                raise TooLarge(f"{name} has more than {_MOST_LINES:,} lines, most of them blank.")
            open_quote = lines.quotes % 2 == 1 and reader.line_num > begin
            last, begin, lines.quotes = begin, reader.line_num + 1, 0
    except csv.Error as error:
        raise UnreadableFile(f"Line {begin} can't be read as a row of a table ({error}).") from error
    if open_quote:
        raise UnreadableFile(
            f"Line {last} opens a quotation mark that is never closed, so all that follows looks like one text.",
            "Close it or take it out, save the file and upload it again.",
        )
