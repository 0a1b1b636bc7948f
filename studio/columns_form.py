"""The form of the Examples page: a table, what its columns hold, and how it is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gradio as gr

from jobs.intake.formats import read_pasted, read_table
from jobs.intake.table import Table
from storage.errors import UserFault
from storage.uploads import shown_name
from studio.forms import Values
from studio.uploaded import uploaded
from studio.wording import examples as words


@dataclass(frozen=True)
class ColumnsForm:
    """A table, uploaded or pasted, what its columns hold, and how it is kept. `remedies` is by the check's id."""

    file: gr.File
    pasted: gr.Textbox
    sheet: gr.Dropdown
    columns: dict[str, gr.Dropdown]
    hold_out: gr.Slider
    name: gr.Textbox
    look_up: gr.Checkbox
    remedies: gr.State

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        brought = {self.file, self.pasted, self.sheet}
        return {*brought, self.hold_out, self.name, self.look_up, self.remedies, *self.columns.values()}

    def table(self, values: Values, sheet: str | None = None) -> Table:
        """Return the table that was brought; raise UserFault where there is none, and what reading raises."""
        if values[self.file]:
            path = self.path(values)
            return read_table(path, shown_name(path), sheet)
        text = str(values[self.pasted] or "")
        if not text.strip():
            raise UserFault(words.NOTHING_PASTED, words.PASTE_FIRST)
        return read_pasted(text)

    @contextmanager
    def brought(self, values: Values) -> Iterator[tuple[Path, str]]:
        """Give the file to keep and what it is called; what was pasted becomes a file for so long."""
        if values[self.file]:
            path = self.path(values)
            yield path, path.name
            return
        with TemporaryDirectory() as folder:
            file = Path(folder) / words.PASTED_FILE
            file.write_text(str(values[self.pasted] or ""), encoding="utf-8", errors="replace")
            yield file, file.name

    def chosen_sheet(self, values: Values) -> str | None:
        """Return the sheet that was chosen; None for a file with one table."""
        return values[self.sheet] or None

    def chosen_remedies(self, values: Values) -> dict[str, str]:
        """Return what is to be done about findings, by the check's id."""
        return dict(values[self.remedies] or {})

    def path(self, values: Values) -> Path:
        """Return where the uploaded file lies; raise UserFault where none was chosen."""
        return uploaded(values[self.file])

    def chosen(self, values: Values) -> dict[str, str]:
        """Return roles with the columns chosen for them, those without a column left out."""
        return {role: values[field] for role, field in self.columns.items() if values[field]}

    def share(self, values: Values) -> float:
        """Return the share of rows to hold back."""
        return float(values[self.hold_out] or 0) / 100

    def named(self, values: Values) -> str:
        """Return the name to keep the examples under; empty for the file's own."""
        return str(values[self.name] or "").strip()

    def looked_up(self, values: Values) -> bool:
        """Return whether the rows to learn from shall become documents, too."""
        return bool(values[self.look_up])
