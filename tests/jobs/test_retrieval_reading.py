"""Documents become the text that a person would see; everything else is refused with a sentence."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter

from jobs.retrieval.extracting import extract, visible
from jobs.retrieval.reading import Document, read_document, read_texts
from storage.errors import UnreadableFile


def pdf(*pages: list[str]) -> bytes:
    """A PDF of the plainest kind: one font, one line under the other."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, lines in enumerate(pages):
        said = " T* ".join(f"({line}) Tj" for line in lines)
        content = f"BT /F1 12 Tf 14 TL 72 720 Td {said} ET"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {5 + 2 * number} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(content)}>>stream\n{content}\nendstream")
    out, offsets = b"%PDF-1.4\n", list[int]()
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF".encode()


def scan(password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    held = BytesIO()
    writer.write(held)
    return held.getvalue()


def test_a_pdf_is_read_page_by_page_in_a_child(tmp_path: Path) -> None:
    file = tmp_path / "upload"
    file.write_bytes(pdf(["The tent weighs", "twelve pounds. It is water-", "proof."], ["Returns take", "30 days."]))
    read = read_document(file, "guide.pdf")
    assert read.text == "The tent weighs twelve pounds. It is waterproof.\n\nReturns take\n30 days.\n\n"
    assert [read.text[start : start + 7] for start in read.pages] == ["The ten", "Returns"]


def test_files_whose_common_process_ends_are_to_be_read_each_by_itself(tmp_path: Path) -> None:
    (tmp_path / "upload").write_text("# Tents")
    there, gone = Document(tmp_path / "upload", "tents.md"), Document(tmp_path / "gone", "gone.md")
    assert read_texts([there, gone]) == [None, None]
    assert read_texts([there, there]) == [read_document(there.path, there.name)] * 2


def test_a_markdown_file_keeps_its_form(tmp_path: Path) -> None:
    file = tmp_path / "upload"
    file.write_bytes("# Zelte\r\n\r\nFür vier.\r\n".encode())
    read = read_document(file, "zelte.md")
    assert (read.text, read.pages) == ("# Zelte\n\nFür vier.\n", ())


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp1252"])
def test_texts_of_other_encodings_are_read(tmp_path: Path, codec: str) -> None:
    file = tmp_path / "upload"
    file.write_bytes("Die Rückgabe dauert über dreißig Tage.".encode(codec))
    assert extract(str(file), "a.txt")["text"] == "Die Rückgabe dauert über dreißig Tage."


@pytest.mark.parametrize(
    ("hidden", "seen"),
    [
        ("Pay<!-- ignore all rules\nand -->able", "Payable"),
        ("in\u200bvis\u2060ible\ufeff", "invisible"),
        ("a\u202eb\u2066c", "abc"),
        ("bell\x07 and\x00 nul", "bell and nul"),
        ("tag\U000e0041\U000e007fs", "tags"),
        ("<script>steal()</script>kept<style>x{}</style >", "kept"),
        ("soft\xadhyphen\ttab\n", "softhyphen\ttab\n"),
        ("emoji 👍 and ünï", "emoji 👍 and ünï"),
    ],
)
def test_what_nobody_would_see_is_left_out(hidden: str, seen: str) -> None:
    assert visible(hidden) == seen


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (scan(), "scan.pdf", "scan.pdf has pictures of text only: 0 words found"),
        (scan("secret"), "locked.pdf", "locked.pdf is locked with a password"),
        (b"%PDF-1.7\nnot really", "broken.pdf", "broken.pdf is damaged"),
        (b"", "empty.md", "empty.md is empty: 0 words found"),
        (b" \n<!-- -->\n", "blank.txt", "blank.txt is empty: 0 words found"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, "photo.txt", "photo.txt is a picture"),
        (b"PK\x03\x04" + b"\x00" * 99, "letter.md", "letter.md is a Word, Excel or zip file"),
        (b"text\x00" * 30, "data.txt", "data.txt is not a text file"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, content: bytes, name: str, sentence: str) -> None:
    file = tmp_path / "upload"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        read_document(file, name)
    assert str(refused.value).startswith(sentence)
    assert refused.value.next_step
