"""Eighty-five files that break uploads elsewhere: each parses as its description says, or gets a sentence."""

import csv
import json
import random
from pathlib import Path

import pytest

from storage.errors import TriptychError
from tests.tables import table_of

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
# (rows, columns) of what is no text table.
_OTHERS = {
    "frictionless/adjust-floating-point-error.xlsx": (5, 4),
    "frictionless/compression/implicit-zip.csv": (2, 2),
    "frictionless/compression/explicit.csv.zip": (2, 2),
    "frictionless/doublequote.csv.zip": (5, 17),
    "frictionless/multiline-headers.xlsx": (3, 4),
    "frictionless/number-format-multicode.xlsx": (3, 1),
    "frictionless/preserve-formatting.xlsx": (1, 11),
    "frictionless/sheets.xlsx": (1, 2),
    "frictionless/table.jsonl": (2, 2),
    "frictionless/table.ods": (2, 2),
    "csvkit/sheets.xlsx": (5, 8),
    "csvkit/testjson_nested.json": (2, 7),
}
_OLD_EXCEL = "is an older Excel or Word file, or one locked with a password, not a table."
_REFUSED = {
    "csvkit/bad.csv": "Line 2 has 4 columns, the others 3.",
    "csvkit/dummy.csv.bz2": "dummy.csv.bz2 is a packed file (bzip2), not a table.",
    "csvkit/dummy.csv.gz": "dummy.csv.gz is a packed file (gzip), not a table.",
    "csvkit/empty.csv": "empty.csv is empty.",
    "frictionless/capital-invalid.csv": "Line 12 has 4 columns, the others 3.",
    "frictionless/defective-rows.csv": "Line 3 has 4 columns, the others 3.",
    "frictionless/empty.csv": "empty.csv is empty.",
    "frictionless/merged-cells.xls": f"merged-cells.xls {_OLD_EXCEL}",
    "frictionless/merged-cells.xlsx": "merged-cells.xlsx has names of columns and no rows below them.",
    "frictionless/table-with-ints-floats-dates.xls": f"table-with-ints-floats-dates.xls {_OLD_EXCEL}",
}
_INSERTED = (b'"', b",", b";", b"\n", b"\r", b"\x00", b"\xff", b"\xc3", b"\xe2\x82", b"\\", b"word", b"PK\x03\x04")


def listed(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "messy-csv" / "MANIFEST.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def expected(entry: dict[str, str]) -> tuple[int, int] | str:
    name = entry["file"]
    described = (int(entry["rows"] or 0) - 1, int(entry["columns"] or 0))
    return _REFUSED.get(name) or _OTHERS.get(name) or _COUNTED_OTHERWISE.get(name) or described


def test_every_messy_file_parses_right_or_gets_a_sentence(shared_data: Path) -> None:
    found: dict[str, tuple[int, int] | str] = {}
    wanted = {entry["file"]: expected(entry) for entry in listed(shared_data)}
    for name in wanted:
        try:
            table = table_of(shared_data / "messy-csv" / name)
            found[name] = (len(table.rows), len(table.columns))
        except TriptychError as error:
            found[name] = str(error)
    twins = [name for name in wanted if name.startswith("csv-spectrum/json/")]
    for name in twins:
        wanted[name] = wanted[name.replace("json/", "csvs/").replace(".json", ".csv")]
    assert found == wanted
    assert (len(found), len(twins)) == (85, 11)


def test_csv_spectrum_is_parsed_as_expected_from_both_of_its_forms(shared_data: Path) -> None:
    folder = shared_data / "messy-csv" / "csv-spectrum"
    files = sorted((folder / "csvs").glob("*.csv"))
    for path in files:
        expected = json.loads((folder / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        for table in (table_of(path), table_of(folder / "json" / f"{path.stem}.json")):
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
