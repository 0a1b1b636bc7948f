"""The blocks of a web page as Markdown: what each tag begins and ends."""

import re

from jobs.retrieval.formats.writing import Markdown

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins"}
    | {"kbd", "label", "mark", "q", "ruby", "rt", "rp", "s", "samp", "small", "span", "strike", "strong", "sub", "sup"}
    | {"time", "tt", "u", "var", "wbr", "output", "meter", "progress", "picture", "slot"}
)
_SPACE = re.compile(r"\s+")


class Blocks:
    """Gathers the text of a page until a block ends. What is no part of a sentence is a block, unknown tags too."""

    def __init__(self, name: str) -> None:
        self.headed = False
        self._to = Markdown(name)
        self._heading = 0
        self._verbatim = False
        self._lists: list[int] = []
        self._mark = ""
        self._line: list[str] = []
        self._tables: list[list[list[str]]] = []

    def written(self) -> str:
        """Return the whole page, with what no end tag has closed."""
        while self._tables:
            self._end_table()
        self._flush()
        return self._to.text

    def text(self, text: str) -> None:
        """Take a piece of visible text in."""
        self._line.append(text)

    def alone(self, tag: str) -> None:
        """Take a tag in that has no end."""
        if tag == "br":
            self._line.append("\n" if self._verbatim else "\v")
        elif tag == "hr":
            self._flush()

    def begin(self, tag: str) -> None:
        """Begin what the tag stands for."""
        if tag in INLINE:
            return
        self._flush()
        if tag in ("table", "tr", "td", "th"):
            self._begin_in_table(tag)
        elif self._tables:
            return
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._mark = self._next_mark()
        elif tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag == "pre":
            self._verbatim = True

    def end(self, tag: str) -> None:
        """End what the tag stands for."""
        if tag in INLINE:
            return
        if self._tables and tag in ("table", "tr", "td", "th"):
            self._end_in_table(tag)
            return
        self._flush()
        if tag in ("ul", "ol"):
            del self._lists[-1:]
        elif tag == "pre":
            self._verbatim = False

    def _next_mark(self) -> str:
        if not self._lists or self._lists[-1] < 0:
            return "-"
        self._lists[-1] += 1
        return f"{self._lists[-1]}."

    def _flush(self) -> None:
        """Write the line that has gathered as what it is; within a cell of a table it goes on."""
        if self._tables:
            self._line.append(" ")
            return
        whole = "".join(self._line)
        self._line.clear()
        if self._verbatim:
            self._to.verbatim(whole)
            return
        # Line breaks of the source are white space; those of the page stay.
        text = "\n".join(_SPACE.sub(" ", line).strip() for line in whole.split("\v"))
        if self._heading:
            self.headed = self.headed or bool(text.strip())
            self._to.heading(self._heading, text)
        elif self._mark and text.strip():
            self._to.item(max(len(self._lists) - 1, 0), self._mark, text)
            self._mark = ""
        else:
            self._to.paragraph(text)
        self._heading = 0

    def _begin_in_table(self, tag: str) -> None:
        if tag == "table":
            if self._tables:
                self._close_cell()
            self._tables.append([])
        elif self._tables and tag == "tr":
            self._close_cell()
            self._tables[-1].append([])
        elif self._tables:
            self._close_cell()
            self._tables[-1] = self._tables[-1] or [[]]
            self._tables[-1][-1].append("")

    def _end_in_table(self, tag: str) -> None:
        self._close_cell()
        if tag == "table":
            self._end_table()

    def _close_cell(self) -> None:
        """Put the text that has gathered in the cell that is open; what stands outside of cells comes before."""
        text = _SPACE.sub(" ", "".join(self._line)).strip()
        self._line.clear()
        rows = self._tables[-1]
        if rows and rows[-1]:
            rows[-1][-1] = f"{rows[-1][-1]} {text}".strip()
        elif text and len(self._tables) == 1:
            self._to.paragraph(text)

    def _end_table(self) -> None:
        self._close_cell()
        rows = self._tables.pop()
        if self._tables:  # a table within a cell is its text
            self._line.append("; ".join(", ".join(filter(None, row)) for row in rows))
        else:
            self._to.table(rows)
