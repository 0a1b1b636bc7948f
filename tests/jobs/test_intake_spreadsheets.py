"""Excel and OpenDocument: the sheet with the table, its cells as they look, and nothing that makes a reader burst."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobs.intake.formats import read_table
from jobs.intake.readers import archives
from jobs.intake.table import Table
from storage.errors import NotFound, TooLarge, UnreadableFile, UserFault
from tests.tables import table_of
from tests.workbooks import (
    Rows,
    excel,
    excel_cell,
    excel_parts,
    excel_rows,
    open_document,
    open_document_cell,
    open_document_parts,
    packed,
)

Read = Callable[..., Table]

FAQ: Rows = [["question", "answer"], ["How big?", "Two metres"], ["How long?", "Three & a half"]]
TEXTS = [["How big?", "Two metres"], ["How long?", "Three & a half"]]
WRITERS = pytest.mark.parametrize("write", [excel, open_document])


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def parse(data: bytes, sheet: str | None = None) -> Table:
        (tmp_path / "faq").write_bytes(data)
        return table_of(tmp_path / "faq", "faq.xlsx", sheet)

    return parse


@WRITERS
def test_the_first_sheet_with_a_table_of_texts_is_read(read: Read, write: Callable[[Any], bytes]) -> None:
    sheets = {"Cover": [["All about tents"]], "Empty": [], "Sums": [["a", "b"], [1, 2]], "FAQ": FAQ, "More": FAQ}
    table = read(write(sheets))
    assert (table.columns, table.rows, table.notes) == (["question", "answer"], TEXTS, [])
    assert (table.sheets, table.sheet) == (list(sheets), "FAQ")


@WRITERS
def test_any_sheet_can_be_chosen_by_its_name(read: Read, write: Callable[[Any], bytes]) -> None:
    table = read(write({"FAQ": FAQ, "Sums": [["a", "b"], [1, 2.5]]}), "sums")
    assert (table.sheet, table.rows) == ("Sums", [["1", "2.5"]])


def test_a_sheet_that_is_not_there_is_a_sentence_with_those_that_are(read: Read) -> None:
    with pytest.raises(NotFound, match=r"faq\.xlsx has no sheet “Prices”") as caught:
        read(excel({"FAQ": FAQ, "More": FAQ}), "Prices")
    assert caught.value.next_step == "Choose one of these: “FAQ”, “More”."


def test_hidden_sheets_are_no_choice(read: Read) -> None:
    assert read(excel({"Secret": FAQ, "FAQ": FAQ}, hidden=["Secret"])).sheets == ["FAQ"]


def test_sheets_without_texts_are_read_where_there_is_nothing_better(read: Read) -> None:
    assert read(excel({"One": [], "Two": [["a", "b"], [1, 2]]})).sheet == "Two"


@WRITERS
def test_a_file_of_empty_sheets_is_a_sentence(read: Read, write: Callable[[Any], bytes]) -> None:
    with pytest.raises(UnreadableFile, match="no sheet has a row"):
        read(write({"One": [], "Two": []}))


def test_cells_look_as_in_the_sheet(read: Read) -> None:
    cells = [3, 2.50, 0.1 + 0.2, True, None, "1.0", " spaced "]
    table = read(excel({"S": [list("abcdefg"), cells]}))
    assert table.rows == [["3", "2.5", "0.3", "TRUE", "", "1.0", " spaced "]]


def test_dates_are_written_as_dates(read: Read) -> None:
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3">'
        '<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/>'
        "</cellXfs></styleSheet>"
    )
    cells = '<row r="2"><c r="A2" s="1"><v>45000</v></c><c r="B2" s="2"><v>45000.75</v></c></row>'
    parts = excel_parts({"S": f"<sheetData>{excel_rows([['day', 'time']])}{cells}</sheetData>"})
    related = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" '
        'Target="styles.xml"/></Relationships>',
    )
    table = read(packed({**parts, "xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": related}))
    assert table.rows == [["2023-03-15", "2023-03-15 18:00:00"]]


def test_sentences_above_the_table_and_blank_rows_are_left_out(read: Read) -> None:
    table = read(excel({"S": [["Our questions, 2026"], [], ["", "Draft of May"], *FAQ[:2], [], FAQ[2]]}))
    assert (table.columns, table.rows) == (["question", "answer"], TEXTS)
    assert table.notes == ["The table begins on line 4; what stands above it was left out."]


def test_merged_cells_are_read_in_each_of_their_rows(read: Read) -> None:
    rows = [
        ["product", "question", "answer"],
        ["Tent", "How big?", "So"],
        [None, "How long?", "So"],
        ["Stove", "?", "No"],
    ]
    table = read(excel({"S": rows}, after='<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'))
    assert [row[0] for row in table.rows] == ["Tent", "Tent", "Stove"]
    assert table.notes == ["Merged cells were read as the same text in each of their rows."]


def test_empty_cells_with_a_format_are_not_far_cells(read: Read) -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    parts = excel_parts({"S": f"<sheetData>{excel_rows(FAQ)}{far}</sheetData>"})
    assert read(packed(parts)).rows == TEXTS
    ends = f"<table:table-row table:number-rows-repeated='1048000'>{open_document_cell(None, 16384)}</table:table-row>"
    parts = open_document_parts({"S": _open_rows(FAQ, after=open_document_cell(None, 16382)) + ends})
    assert read(packed(parts)).rows == TEXTS


def _open_rows(rows: Rows, after: str = "") -> str:
    cells = ["".join(map(open_document_cell, row)) for row in rows]
    return "".join(f"<table:table-row>{row}{after}</table:table-row>" for row in cells)


def far_excel(place: str) -> bytes:
    digits = "".join(filter(str.isdigit, place))
    cell = f'<row r="{digits}">{excel_cell(place, "x")}</row>'
    return packed(excel_parts({"S": f"<sheetData>{excel_rows(FAQ)}{cell}</sheetData>"}))


def far_open_document(columns: int, rows: int) -> bytes:
    row = f"<table:table-row table:number-rows-repeated='{rows}'>{open_document_cell('x', columns)}</table:table-row>"
    return packed(open_document_parts({"S": _open_rows(FAQ) + row}))


def bomb(times: int) -> bytes:
    parts = excel_parts({"S": f"<sheetData>{excel_rows(FAQ)}</sheetData>"})
    return packed({**parts, "xl/media/picture.xml": "<a>" * times})


REFUSED = [
    (far_excel("XFD1048576"), "column 16,384; 256 columns"),
    (far_excel("A1048576"), "row 1,048,576; 1,000,000 rows"),
    (far_excel("IV900000"), "900,000 rows and 256 columns, mostly empty"),
    (far_open_document(16_384, 1), "column 16,384; 256 columns"),
    (far_open_document(2, 1_048_576), "1,000,000 rows"),
    (far_open_document(200, 500_000), "200 columns, mostly empty"),
    (bomb(4_000_000), "times its size"),
    (packed({**excel_parts({"S": ""}), **{f"xl/{number}": "" for number in range(1000)}}), "packed files; 1,000"),
]


@pytest.mark.parametrize(("data", "what"), REFUSED, ids=[what for _, what in REFUSED])
def test_far_cells_and_bombs_are_refused_at_once(tmp_path: Path, data: bytes, what: str) -> None:
    (tmp_path / "bomb.xlsx").write_bytes(data)
    begun = time.monotonic()
    with pytest.raises(TooLarge, match=what) as caught:
        read_table(tmp_path / "bomb.xlsx", "bomb.xlsx")
    assert time.monotonic() - begun < 5
    assert caught.value.next_step


def test_a_container_that_would_unpack_to_too_much_is_refused_before_it_is(
    monkeypatch: pytest.MonkeyPatch, read: Read
) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED_BYTES", 1000)
    with pytest.raises(TooLarge, match="would unpack to"):
        read(excel({"S": FAQ}))


def test_what_the_references_do_not_tell_ends_at_the_memory_limit(tmp_path: Path) -> None:
    """Cells without a reference stand in their row, whatever its number is."""
    wide = '<row r="1">' + "<c><v>1</v></c>" * 250 + '</row><row r="999999"><c><v>1</v></c></row>'
    (tmp_path / "sly.xlsx").write_bytes(packed(excel_parts({"S": f"<sheetData>{wide}</sheetData>"})))
    begun = time.monotonic()
    with pytest.raises(TooLarge, match=r"sly\.xlsx"):
        read_table(tmp_path / "sly.xlsx", "sly.xlsx")
    assert time.monotonic() - begun < 5


def test_a_part_that_holds_more_than_it_says_is_damaged(read: Read) -> None:
    data = bytearray(excel({"S": [*FAQ, ["x" * 900, "y"]]}))
    place = data.index(b"xl/worksheets/sheet1.xml", data.index(b"PK\x01\x02")) - 46 + 24
    data[place : place + 4] = (300).to_bytes(4, "little")
    with pytest.raises(UnreadableFile, match="damaged"):
        read(bytes(data))


@pytest.mark.parametrize("entity", ['<!ENTITY e SYSTEM "file:///etc/hostname">', '<!ENTITY e "spelled out">'])
def test_no_entity_is_ever_followed(read: Read, entity: str) -> None:
    xml = excel_parts({"S": f"<sheetData>{excel_rows([*FAQ, ['ENTITY', 'x']])}</sheetData>"})
    sheet = xml["xl/worksheets/sheet1.xml"].replace("?>", f"?><!DOCTYPE worksheet [{entity}]>", 1)
    data = packed({**xml, "xl/worksheets/sheet1.xml": sheet.replace(">ENTITY<", ">&e;<")})
    hostname = Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").exists() else "none"
    try:
        texts = str(read(data).rows)
    except UserFault:
        return
    assert hostname not in texts
    assert "spelled out" not in texts


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"xl/workbook.bin": "x"}, "binary Excel file"),
        ({"word/document.xml": "<w/>"}, "Word document"),
        ({"ppt/presentation.xml": "<p/>"}, "PowerPoint"),
        ({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}, "OpenDocument file without"),
        ({"xl/workbook.xml": "no xml"}, "damaged: its sheets"),
        ({"xl/workbook.xml": ""}, "damaged: its sheets"),
    ],
)
def test_what_is_no_spreadsheet_is_named(read: Read, members: dict[str, str], what: str) -> None:
    with pytest.raises(UnreadableFile, match=what):
        read(packed(members))
