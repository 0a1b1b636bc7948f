"""Small Excel and OpenDocument files, written from their parts so that a test can bend any of them."""

import io
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

Rows = Sequence[Sequence[object]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = f"{_OFFICE}/worksheet"
_TYPES = (
    f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_OPEN_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP container with these members."""
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def letters(column: int) -> str:
    """Return what Excel calls the column, counted from 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def excel_cell(place: str, value: object) -> str:
    """Return one cell: text, number or truth; None is an empty cell with a format."""
    match value:
        case None:
            return f'<c r="{place}" s="0"/>'
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{value}</v></c>'
        case _:
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def excel_rows(rows: Rows) -> str:
    """Return the XML of rows."""
    return "".join(
        f'<row r="{number}">'
        + "".join(excel_cell(f"{letters(column)}{number}", value) for column, value in enumerate(row, 1))
        + "</row>"
        for number, row in enumerate(rows, 1)
    )


def excel_parts(sheets: Mapping[str, str], hidden: Sequence[str] = ()) -> dict[str, str]:
    """Return the members of an Excel file whose sheets have this XML."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"'
        + (' state="hidden"' if name in hidden else "")
        + "/>"
        for number, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_SHEET}" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    return {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        **{
            f"xl/worksheets/sheet{number}.xml": f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}">'
            f"{xml}</worksheet>"
            for number, xml in enumerate(sheets.values(), 1)
        },
    }


def excel(sheets: Mapping[str, Rows], hidden: Sequence[str] = (), after: str = "") -> bytes:
    """Return an Excel file; `after` stands behind the rows of each sheet."""
    xml = {name: f"<sheetData>{excel_rows(rows)}</sheetData>{after}" for name, rows in sheets.items()}
    return packed(excel_parts(xml, hidden))


def open_document_cell(value: object, repeated: int = 1) -> str:
    """Return one cell of an OpenDocument sheet."""
    again = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    if value is None:
        return f"<table:table-cell{again}/>"
    if isinstance(value, int | float) and not isinstance(value, bool):
        typed = f'office:value-type="float" office:value="{value}"'
    else:
        typed = 'office:value-type="string"'
    return f"<table:table-cell{again} {typed}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def open_document_rows(rows: Rows) -> str:
    """Return the XML of rows."""
    return "".join(f"<table:table-row>{''.join(map(open_document_cell, row))}</table:table-row>" for row in rows)


def open_document_parts(sheets: Mapping[str, str]) -> dict[str, str]:
    """Return the members of an OpenDocument file whose sheets have this XML."""
    tables = "".join(f'<table:table table:name="{escape(name)}">{xml}</table:table>' for name, xml in sheets.items())
    spaces = " ".join(f'xmlns:{one}="{_OPEN}:{one}:1.0"' for one in ("office", "table", "text"))
    return {
        "mimetype": _OPEN_TYPE,
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OPEN}:manifest:1.0"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{_OPEN_TYPE}"/></manifest:manifest>',
    }


def open_document(sheets: Mapping[str, Rows]) -> bytes:
    """Return an OpenDocument file."""
    return packed(open_document_parts({name: open_document_rows(rows) for name, rows in sheets.items()}))
