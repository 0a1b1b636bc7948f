"""Eighty-five files that break uploads elsewhere: each parses as its description says, or gets a sentence."""

import csv
import json
import random
from pathlib import Path

import pytest

from jobs.intake.formats import pieces_of
from jobs.intake.table import Table
from storage.errors import TriptychError

pytestmark = pytest.mark.shared_data

# (rows, columns) where the description counts otherwise: lines above the table, no names, empty columns at the end.
_COUNTED_OTHERWISE = {
    "frictionless/skip-rows-before-headers.csv": (2, 2),
    "frictionless/without-headers.csv": (3, 2),
    "csvkit/no_header_row.csv": (1, 3),
    "csvkit/test_empty_columns.csv": (3, 3),
    "csvkit/testfixed": (3, 1),
    "csvkit/realdata/FY09_EDU_Recipients_by_State.csv": (53, 9),
}
_INSERTED = (b'"', b",", b";", b"\n", b"\r", b"\x00", b"\xff", b"\xc3", b"\xe2\x82", b"\\", b"word", b"PK\x03\x04")
_REFUSED = {
    "csvkit/bad.csv": "Line 2 has 4 columns, the others 3.",
    "csvkit/empty.csv": "empty.csv is empty.",
    "frictionless/capital-invalid.csv": "Line 12 has 4 columns, the others 3.",
    "frictionless/defective-rows.csv": "Line 3 has 4 columns, the others 3.",
    "frictionless/empty.csv": "empty.csv is empty.",
}


def table_of(path: Path) -> Table:
    first, *pieces = pieces_of(str(path), path.name)
    return Table(first["columns"], [row for piece in pieces for row in piece], first["notes"])


def test_every_messy_file_parses_right_or_gets_a_sentence(shared_data: Path) -> None:
    folder = shared_data / "messy-csv"
    with (folder / "MANIFEST.csv").open(encoding="utf-8") as stream:
        listed = list(csv.DictReader(stream))
    wrong: list[str] = []
    for entry in listed:
        name = entry["file"]
        try:
            table = table_of(folder / name)
        except TriptychError as error:
            if entry["kind"] == "text table" and _REFUSED.get(name) != str(error):
                wrong.append(f"{name}: {error}")
            continue
        described = _COUNTED_OTHERWISE.get(name, (int(entry["rows"] or 0) - 1, int(entry["columns"] or 0)))
        if entry["kind"] != "text table" or described != (len(table.rows), len(table.columns)):
            wrong.append(f"{name}: {len(table.rows)} rows of {table.columns}")
    assert wrong == []
    assert len(listed) == 85


def test_csv_spectrum_is_parsed_as_expected(shared_data: Path) -> None:
    folder = shared_data / "messy-csv" / "csv-spectrum"
    files = sorted((folder / "csvs").glob("*.csv"))
    for path in files:
        expected = json.loads((folder / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        table = table_of(path)
        assert [dict(zip(table.columns, row, strict=True)) for row in table.rows] == expected, path.name
    assert len(files) == 11


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("cs-contoso-outdoor/faq.csv", 89, ["product", "source", "question", "answer"]),
        ("cs-banking77/train.csv", 10_003, ["text", "category"]),
        ("legal-zaragoza-faq/faq-en.csv", 503, ["id", "category", "q", "a", "sources"]),
    ],
)
def test_real_sets_are_read_whole(shared_data: Path, name: str, rows: int, columns: list[str]) -> None:
    table = table_of(shared_data / name)
    assert (len(table.rows), table.columns, table.notes) == (rows, columns, [])


def test_mutated_files_end_in_a_table_or_a_sentence(shared_data: Path, tmp_path: Path) -> None:
    chance = random.Random(7860)
    files = [path for path in sorted((shared_data / "messy-csv").rglob("*")) if path.is_file()]
    refused = 0
    for _ in range(600):
        data = bytearray(chance.choice(files).read_bytes()[:4000])
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(len(data) + 1)
            data[place : place + chance.choice((0, 1, 20))] = chance.choice(_INSERTED) * chance.randint(0, 3)
        (tmp_path / "mutant.csv").write_bytes(data)
        try:
            table = table_of(tmp_path / "mutant.csv")
        except TriptychError:
            refused += 1
            continue
        assert {len(row) for row in table.rows} == {len(table.columns)}
    assert 0 < refused < 600
