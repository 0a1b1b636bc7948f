"""Sound documents of every format that is read, to be bent."""

import io

from pypdf import PdfReader, PdfWriter

from tests.jobs.test_retrieval_reading import pdf
from tests.word_files import item, paragraph, run, table, word
from tests.workbooks import excel, open_document, packed

_PAGE = b"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Returns</title><style>p{color:red}</style></head>
<body><!-- hidden --><h1>Returns</h1><p style="display:none">no</p><p>Within <b>30</b> days&#33;<br>Free.
<ul><li>Pack it<ol><li>well</ol></ul><table><tr><th>Land<th>Days<tr><td>FR<td><table><tr><td>14</table></table>
<pre>a  b</pre><script>x("</p>")</script></body></html>"""
_NOTES = (
    "# Tents\n\n## Care\n\n- dry it\n- air it\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```\n# no heading\n```\nÄnde.\n"
)
_ROWS = [["tent", "weight", "notes"], *([f"Tent {number}", f"{number} lbs", "dry\nit"] for number in range(9))]


def document_seeds() -> list[tuple[str, bytes]]:
    """Return sound files by name."""
    plain = pdf(["The tent weighs", "twelve pounds."], ["Returns take", "30 days."])
    letter = word(
        paragraph("Returns", "Kop1"),
        paragraph(run("Within 30 days.") + run("hidden", "<w:vanish/>")),
        item("the tent", 1),
        table(["Land", "Days"], ["FR", table(["in", "it"])]),
        others={"word/footnotes.xml": paragraph("A note.")},
    )
    commas = "\n".join(",".join(f'"{cell}"' for cell in row) for row in _ROWS).encode()
    return [
        ("plain.pdf", plain),
        ("packed.pdf", _compressed(plain)),
        ("letter.docx", letter),
        ("other.docx", letter),
        ("page.html", _PAGE),
        ("notes.md", _NOTES.encode()),
        ("tents.csv", commas),
        ("tents.xlsx", excel({"Tents": _ROWS, "More": _ROWS})),
        ("tents.ods", open_document({"Tents": _ROWS})),
        ("all.zip", packed({"a.md": _NOTES, "b/page.html": _PAGE, "c.docx": letter, "d.pdf": plain})),
    ]


def _compressed(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        page.compress_content_streams()
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()
