"""The form in which a person takes a service from its own description."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.tools.service.openapi.adding import Terms
from jobs.tools.service.openapi.operations import Described, described
from jobs.tools.service.openapi.reading import MOST_BYTES, read_document
from storage.errors import UserFault
from studio.forms import Values
from studio.uploaded import uploaded
from studio.views.openapi import questions
from studio.wording import openapi as words


@dataclass(frozen=True)
class OpenApiForm:
    """The document as a file or pasted, what of it is ticked, and what holds for all that is ticked."""

    file: gr.File
    text: gr.Textbox
    server: gr.Textbox
    ticked: gr.CheckboxGroup
    questions: gr.Textbox
    header: gr.Textbox
    inner: gr.Checkbox

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return set(vars(self).values())

    def document(self, values: Values) -> Described:
        """Return what the document describes; raise UserFault where none, two, or no readable one was given."""
        file, text = values[self.file], str(values[self.text] or "")
        if file and text.strip():
            raise UserFault(words.NOT_BOTH, words.ONE_OF_THEM)
        if not file and not text.strip():
            raise UserFault(words.NOTHING_GIVEN, words.ONE_OF_THEM)
        if not file:
            return described(read_document(text.encode(errors="replace")))
        with uploaded(file).open("rb") as opened:
            return described(read_document(opened.read(MOST_BYTES + 1)))

    def chosen(self, values: Values) -> list[str]:
        """Return the ids of the ticked operations."""
        return list(values[self.ticked] or [])

    def said(self, values: Values) -> str:
        """Return the lines with questions."""
        return str(values[self.questions] or "")

    def terms(self, values: Values, document: Described) -> Terms:
        """Return what holds for all that is ticked; raise UserFault where a question belongs to none of it."""
        asked = questions(document, self.chosen(values), self.said(values))
        return Terms(str(values[self.server] or ""), str(values[self.header] or ""), bool(values[self.inner]), asked)
