"""Small Word documents, written from their parts so that a test can bend any of them."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from tests.workbooks import packed

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
STYLES = (
    '<w:style w:type="paragraph" w:styleId="Kop1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="My head"/><w:basedOn w:val="Kop1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Sub"><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:type="character" w:styleId="Ghost"><w:name w:val="Ghost"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


def run(text: str, properties: str = "") -> str:
    """Return a run of text with properties such as `<w:vanish/>`."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(content: str, style: str = "", properties: str = "") -> str:
    """Return a paragraph; content that is no XML yet becomes one run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = content if content.startswith("<") else run(content)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{inner}</w:p>"


def item(text: str, depth: int = 0) -> str:
    """Return an item of a list."""
    return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>')


def table(*rows: list[str]) -> str:
    """Return a table whose cells hold XML or plain texts."""
    cells = ["".join(f"<w:tc>{c if c.startswith('<') else paragraph(c)}</w:tc>" for c in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def word(*blocks: str, before: str = "", others: Mapping[str, str] | None = None) -> bytes:
    """Return a Word document of these blocks; `before` stands before its root, `others` are further parts."""
    inner = f"<w:body>{''.join(blocks)}</w:body>"
    body = f'<?xml version="1.0"?>{before}<w:document xmlns:w="{_MAIN}">{inner}</w:document>'
    styles = f'<?xml version="1.0"?><w:styles xmlns:w="{_MAIN}">{STYLES}</w:styles>'
    parts = {
        name: f'<w:footnotes xmlns:w="{_MAIN}">{content}</w:footnotes>' for name, content in (others or {}).items()
    }
    return packed({"[Content_Types].xml": _TYPES, "word/document.xml": body, "word/styles.xml": styles, **parts})
