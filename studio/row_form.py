"""The editor of one row, and the changes that wait until they are kept as a version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr

from jobs.intake.editing import Changes, Texts
from storage.errors import UserFault
from storage.records import Example
from studio.forms import Values
from studio.wording import rows as words


@dataclass(frozen=True, slots=True)
class Pending:
    """Changes of one version that are not kept yet: edited rows, new ones, and numbers of those taken out."""

    edited: Mapping[int, Example] = field(default_factory=dict[int, Example])
    added: Sequence[Example] = ()
    deleted: Sequence[int] = ()

    def with_row(self, row: Example) -> "Pending":
        """Return the changes with this row edited; number 0 is a new one."""
        if row.row == 0:
            return replace(self, added=(*self.added, row))
        left = tuple(number for number in self.deleted if number != row.row)
        return replace(self, edited={**self.edited, row.row: row}, deleted=left)

    def without(self, number: int) -> "Pending":
        """Return the changes with this row taken out."""
        edited = {row: example for row, example in self.edited.items() if row != number}
        return replace(self, edited=edited, deleted=tuple(dict.fromkeys([*self.deleted, number])))

    def changes(self) -> Changes:
        """Return what is to be kept."""
        edited = {
            number: Texts(row.question, row.answer, row.instruction, row.context, row.kind)
            for number, row in self.edited.items()
        }
        return Changes(edited, self.added, self.deleted)


@dataclass(frozen=True)
class RowForm:
    """The texts of a row; `number` is 0 for a new one."""

    number: gr.State
    question: gr.Textbox
    answer: gr.Textbox
    instruction: gr.Textbox
    context: gr.Textbox
    kind: gr.Textbox

    @property
    def fields(self) -> list[gr.Textbox]:
        """The fields in the order in which `filled` gives their texts."""
        return [self.question, self.answer, self.instruction, self.context, self.kind]

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return {self.number, *self.fields}

    def example(self, values: Values) -> Example:
        """Return the row as it was written; raise UserFault where question or answer lacks."""
        texts = [str(values[field] or "").strip() for field in self.fields]
        if not all(texts[:2]):
            raise UserFault(words.BOTH_NEEDED, words.WRITE_BOTH)
        question, answer, instruction, context, kind = texts
        return Example(int(values[self.number] or 0), question, answer, instruction, context, kind)


def filled(row: Example | None) -> list[str]:
    """Return the texts of a row for the fields of its form; empty ones for a new row."""
    return ["", "", "", "", ""] if row is None else [row.question, row.answer, row.instruction, row.context, row.kind]
