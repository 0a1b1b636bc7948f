"""Read what a Word document (DOCX) shows, straight from its XML: no macro, no field, no deleted or hidden text.

The parser of the standard library is enough for that, and it alone sees which runs of text are hidden.
"""

from pathlib import Path
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from jobs.intake.readers.archives import chunks, opened
from jobs.retrieval.formats.seen import Seen, visible
from jobs.retrieval.formats.word_styles import Style, is_on, local, read_styles
from jobs.retrieval.formats.writing import Markdown
from storage.errors import UnreadableFile

_SAVE_AGAIN = "Open it, save it as a Word document (.docx) again and add that file."
_SPLIT = "Split it into smaller documents and add those."
_BODY = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
# What was deleted or moved away while changes are tracked, and what stands in for a drawing that is shown already.
_NOT_SHOWN = frozenset({"del", "moveFrom", "Fallback"})
_LETTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read_word(path: Path, name: str) -> Seen:
    """Return the visible text of a DOCX as Markdown, its notes last; raise UnreadableFile or TooLarge."""
    try:
        with opened(path, name, smaller=_SPLIT, again=_SAVE_AGAIN) as archive:
            return _read(archive, name)
    except expat.ExpatError as error:
        raise UnreadableFile(f"{name} is damaged: its text can't be read.", _SAVE_AGAIN) from error


def _read(archive: ZipFile, name: str) -> Seen:
    members = set(archive.namelist())
    if _BODY not in members:
        raise UnreadableFile(f"{name} is damaged: it has no text.", _SAVE_AGAIN)
    text = _Text(name, read_styles(archive))
    for member in (_BODY, *(one for one in _NOTES if one in members)):
        text.read(archive, member)
    return Seen(text.to.text, hidden=text.seen.hidden)


class _Paragraph:
    """One paragraph in the making. A text box is a paragraph within a paragraph."""

    def __init__(self) -> None:
        self.style = Style()
        self.level = 0
        self.depth = -1
        self.texts: list[str] = []


class _Text:
    """Takes the elements of a document as they come by."""

    def __init__(self, name: str, styles: dict[str, Style]) -> None:
        self.to = Markdown(name)
        self.seen = Seen("")
        self._name = name
        self._styles = styles
        self._open: list[_Paragraph] = []
        self._tables: list[list[list[list[str]]]] = []
        self._not_shown = 0
        self._in_properties = self._in_text = self._hidden_run = False

    def read(self, archive: ZipFile, member: str) -> None:
        """Read one part; raise UnreadableFile where it declares entities."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        for piece in chunks(archive, archive.getinfo(member)):
            parser.Parse(piece)
        parser.Parse(b"", True)

    def _refuse(self, *_: Any) -> None:
        raise UnreadableFile(f"{self._name} declares texts of its own (XML entities), as no Word does.", _SAVE_AGAIN)

    def _begin(self, qualified: str, attributes: dict[str, str]) -> None:
        tag = local(qualified)
        if tag in _NOT_SHOWN:
            self._not_shown += 1
        elif not self._not_shown:
            self._begin_shown(tag, attributes)

    def _begin_shown(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "p":
            self._open.append(_Paragraph())
        elif tag in ("tbl", "tr", "tc"):
            self._begin_table(tag)
        elif tag == "r":
            self._hidden_run = bool(self._open) and self._open[-1].style.hidden
        elif tag == "pPr":
            self._in_properties = True
        elif tag == "t":
            self._in_text = True
        elif tag in _LETTERS and self._open and not self._in_properties and not self._hidden_run:
            self._open[-1].texts.append(_LETTERS[tag])
        elif self._open:
            self._property(tag, {local(key): value for key, value in attributes.items()})

    def _property(self, tag: str, attributes: dict[str, str]) -> None:
        paragraph, value = self._open[-1], attributes.get("val", "")
        if tag == "pStyle":
            paragraph.style = self._styles.get(value, Style())
            paragraph.level = paragraph.level or paragraph.style.level
        elif tag == "rStyle" and value in self._styles:
            self._hidden_run = self._hidden_run or self._styles[value].hidden
        elif tag == "outlineLvl" and value.isascii() and value.isdigit() and int(value) < 9:
            paragraph.level = int(value) + 1
        elif tag == "numPr":
            paragraph.depth = max(paragraph.depth, 0)
        elif tag == "ilvl" and value.isascii() and value.isdigit():
            paragraph.depth = int(value[:2])
        elif tag == "vanish" and not self._in_properties:
            self._hidden_run = is_on(attributes)

    def _text(self, text: str) -> None:
        if not self._in_text or not self._open or self._not_shown:
            return
        if self._hidden_run:
            self.seen.hidden["part"] += bool(text.strip())
        else:
            self._open[-1].texts.append(visible(text, self.seen.hidden))

    def _end(self, qualified: str) -> None:
        tag = local(qualified)
        if tag in _NOT_SHOWN:
            self._not_shown -= 1
        elif self._not_shown:
            return
        elif tag == "t":
            self._in_text = False
        elif tag == "pPr":
            self._in_properties = False
        elif tag == "r":
            self._hidden_run = False
        elif tag == "p" and self._open:
            self._write(self._open.pop())
        elif tag == "tbl" and self._tables:
            self._end_table()

    def _begin_table(self, tag: str) -> None:
        if tag == "tbl":
            self._tables.append([])
        elif self._tables and tag == "tr":
            self._tables[-1].append([])
        elif self._tables and self._tables[-1]:
            self._tables[-1][-1].append([])

    def _end_table(self) -> None:
        rows = [[" ".join(cell) for cell in row] for row in self._tables.pop()]
        if self._cell is None:
            self.to.table(rows)
        else:  # a table within a cell is its text
            self._cell.append("; ".join(", ".join(filter(None, row)) for row in rows))

    @property
    def _cell(self) -> list[str] | None:
        """The cell of a table that is being read."""
        if not self._tables or not self._tables[-1] or not self._tables[-1][-1]:
            return None
        return self._tables[-1][-1][-1]

    def _write(self, paragraph: _Paragraph) -> None:
        text = "".join(paragraph.texts)
        if self._cell is not None:
            self._cell.append(text.strip())
        elif paragraph.level:
            self.to.heading(paragraph.level, text)
        elif paragraph.depth >= 0:
            self.to.item(paragraph.depth, "-", text)
        else:
            self.to.paragraph(text)
