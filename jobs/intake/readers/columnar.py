"""Read Parquet and Arrow files as records, labels by their names."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import ipc, parquet

from jobs.intake.readers.records import tabulated
from jobs.intake.sizes import MOST_COLUMNS
from jobs.intake.table import Reader
from storage.errors import TooLarge, UnreadableFile

_ROWS_AT_ONCE = 100
_EXPORT_AGAIN = "Export it again from the program that it comes from, and upload that file."


def read_parquet(path: Path, name: str, _sheet: str | None) -> Reader:
    """Give the rows of a Parquet file; raise UnreadableFile or TooLarge with a sentence."""
    return (yield from tabulated(parquet_records(path, name), name))


def parquet_records(path: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a Parquet file as records."""
    with _told(name):
        file = parquet.ParquetFile(path, memory_map=False)
        _refuse_wide(file.schema_arrow, name)
        # One thread: each further one would take address space of which the child has little.
        batches = file.iter_batches(batch_size=_ROWS_AT_ONCE, use_threads=False)
        yield from _records(batches, file.schema_arrow)


def arrow_records(path: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of an Arrow stream, as `datasets` saves them to a disk, as records."""
    with _told(name), path.open("rb") as stream, ipc.open_stream(stream) as batches:
        _refuse_wide(batches.schema, name)
        pieces = (
            batch.slice(start, _ROWS_AT_ONCE) for batch in batches for start in range(0, len(batch), _ROWS_AT_ONCE)
        )
        yield from _records(pieces, batches.schema)


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, NotImplementedError, OverflowError) as error:
        raise UnreadableFile(f"{name} is damaged: its columns can't be read.", _EXPORT_AGAIN) from error


def _refuse_wide(schema: pa.Schema, name: str) -> None:
    if len(schema) > MOST_COLUMNS:
        raise TooLarge(f"{name} has {len(schema):,} columns; {MOST_COLUMNS} are the most that are read here.")


def _records(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[dict[str, Any]]:
    labels = _labels(schema)
    for batch in batches:
        for record in batch.to_pylist():
            for column, names in labels.items():
                record[column] = _label(record[column], names)
            yield record


def _labels(schema: pa.Schema) -> Mapping[str, list[str]]:
    """Return the names of labels by column, where `datasets` has noted them beside the numbers."""
    try:
        noted = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        features = noted["info"]["features"]
        return {
            column: [str(name) for name in feature["names"]]
            for column, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" and column in schema.names
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _label(value: Any, names: list[str]) -> Any:
    return names[value] if isinstance(value, int) and 0 <= value < len(names) else value
