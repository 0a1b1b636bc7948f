"""The form in which a person adds a database: a file or an address, what may be read of it, and words for it."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.tools.database.adding import Source
from jobs.tools.database.sources import is_address
from storage.errors import UserFault
from studio.forms import Values
from studio.wording import databases as words


@dataclass(frozen=True)
class DatabaseForm:
    """Where the database is, what of it is ticked, how it is called, and the person's own words."""

    file: gr.File
    address: gr.Textbox
    tables: gr.CheckboxGroup
    columns: gr.CheckboxGroup
    name: gr.Textbox
    own_words: gr.Textbox

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return {self.file, self.address, self.tables, self.columns, self.name, self.own_words}

    def source(self, values: Values) -> Source:
        """Return where the database is; raise UserFault where nothing, both, or no address was given."""
        file, address = values[self.file], str(values[self.address] or "").strip()
        if file and address:
            raise UserFault(words.NOT_BOTH, words.ONE_OF_THEM)
        if file:
            return Source(str(file))
        # Anything else would be a path on this computer, which is nothing that a browser may name.
        if not is_address(address):
            raise UserFault("No database was chosen yet.", words.ONE_OF_THEM)
        return Source(address)

    def tables_chosen(self, values: Values) -> list[str]:
        """Return the ticked tables."""
        return list(values[self.tables] or [])

    def ticked(self, values: Values) -> list[str]:
        """Return the labels of the ticked columns."""
        return list(values[self.columns] or [])

    def named(self, values: Values) -> str:
        """Return the name."""
        return str(values[self.name] or "")

    def said(self, values: Values) -> str:
        """Return the person's own words."""
        return str(values[self.own_words] or "")
