"""What the first rows of a table tell about its columns."""

from jobs.intake.table import Table

_ROWS = 2000
_QUESTION_MARKS = ("?", "？", "؟", ";?", "⁇")
_LONGEST_ID = 80


class Sample:
    """The texts of the first rows, column by column, without space around them."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._rows = table.rows[:_ROWS]
        self._texts: dict[str, list[str]] = {}

    def filled(self, column: str) -> float:
        """Return the share of rows that have a text in this column."""
        return len(self._of(column)) / len(self._rows) if self._rows else 0.0

    def different(self, column: str) -> float:
        """Return the share of its texts that are different from each other."""
        texts = self._of(column)
        return len(set(texts)) / len(texts) if texts else 0.0

    def asking(self, column: str) -> float:
        """Return the share of its texts that end in a question mark."""
        texts = self._of(column)
        return sum(text.endswith(_QUESTION_MARKS) for text in texts) / len(texts) if texts else 0.0

    def length(self, column: str) -> int:
        """Return how many characters its texts have together."""
        return sum(map(len, self._of(column)))

    def words(self, column: str) -> float:
        """Return how many words its texts have on average."""
        texts = self._of(column)
        return sum(len(text.split()) for text in texts) / len(texts) if texts else 0.0

    def shared(self, column: str) -> bool:
        """Tell whether its texts could name groups of rows: short ones, of which some stand in several rows."""
        texts = self._of(column)
        return len(set(texts)) < len(texts) and max(map(len, texts)) <= _LONGEST_ID

    def numbered(self, column: str) -> bool:
        """Tell whether all its texts are whole numbers."""
        texts = self._of(column)
        return bool(texts) and all(text.removesuffix(".0").isdecimal() for text in texts)

    def holds_something(self, column: str) -> bool:
        """Tell whether any row of the whole table has a text in this column."""
        place = self._table.columns.index(column)
        return bool(self._of(column)) or any(row[place].strip() for row in self._table.rows)

    def _of(self, column: str) -> list[str]:
        if column not in self._texts:
            place = self._table.columns.index(column)
            self._texts[column] = [text for row in self._rows if (text := row[place].strip())]
        return self._texts[column]
