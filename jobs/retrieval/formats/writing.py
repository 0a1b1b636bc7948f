"""Write what a document shows as Markdown: headings, paragraphs, items of lists and tables, in the order they come."""

from collections.abc import Sequence

from jobs.retrieval.formats.seen import refuse_long

_LEVELS = 6


class Markdown:
    """Collects blocks; items of one list and lines of one block stay together, all else is parted by an empty line."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._pieces: list[str] = []
        self._length = 0
        self._in_list = False

    @property
    def text(self) -> str:
        """All blocks so far."""
        return "".join(self._pieces) + ("\n" if self._pieces else "")

    def heading(self, level: int, text: str) -> None:
        """Add a heading of level 1 to 6."""
        if line := " ".join(text.split()):
            self._add(f"{'#' * min(max(level, 1), _LEVELS)} {line}")

    def paragraph(self, text: str) -> None:
        """Add a paragraph; its line breaks stay."""
        lines = [" ".join(line.split()) for line in text.split("\n")]
        if whole := "\n".join(filter(None, lines)):
            self._add(whole)

    def item(self, depth: int, mark: str, text: str) -> None:
        """Add an item of a list; `depth` 0 is the outermost list, `mark` stands before the text."""
        if line := " ".join(text.split()):
            self._add(f"{'  ' * min(depth, _LEVELS)}{mark} {line}", in_list=True)

    def verbatim(self, text: str) -> None:
        """Add a text whose white space counts, such as a program."""
        if text.strip():
            fence = "~~~" if "```" in text else "```"
            self._add(f"{fence}\n{text.strip(chr(10))}\n{fence}")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table, its first row as the head; a table of one column is a row of paragraphs."""
        kept = [[" ".join(cell.split()) for cell in row] for row in rows]
        kept = [row for row in kept if any(row)]
        width = max(map(len, kept), default=0)
        if width <= 1:
            for row in kept:
                self.paragraph(row[0])
            return
        lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in kept]
        self._add("\n".join([lines[0], "|" + " --- |" * width, *lines[1:]]))

    def _add(self, block: str, *, in_list: bool = False) -> None:
        if self._pieces:
            self._pieces.append("\n" if in_list and self._in_list else "\n\n")
        self._pieces.append(block)
        self._in_list = in_list
        self._length += len(block) + 2
        refuse_long(self._length, self._name)
