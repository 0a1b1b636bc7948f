"""The form in which a person adds tools of an MCP server."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from jobs.tools.mcp.adding import Terms
from studio.forms import Values
from studio.views.mcp import questions


@dataclass(frozen=True)
class McpForm:
    """Where a server lies and its secret, then what of its tools is ticked, with a question for each."""

    name: gr.Textbox
    address: gr.Textbox
    header: gr.Textbox
    inner: gr.Checkbox
    ticked: gr.CheckboxGroup
    questions: gr.Textbox

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return set(vars(self).values())

    def terms(self, values: Values) -> Terms:
        """Return what a person says of the server, with the secret."""
        name, address = (str(values[field] or "").strip() for field in (self.name, self.address))
        return Terms(name, address, str(values[self.header] or ""), bool(values[self.inner]))

    def chosen(self, values: Values) -> list[str]:
        """Return the names of the ticked tools."""
        return list(values[self.ticked] or [])

    def said(self, values: Values) -> str:
        """Return the lines with questions."""
        return str(values[self.questions] or "")

    def asked(self, values: Values, looked: Terms) -> Terms:
        """Return the terms under which it was looked at, with secret and questions; raise UserFault for an odd line."""
        said = questions(self.said(values).splitlines(), self.chosen(values))
        return replace(looked, secret=str(values[self.header] or ""), questions=said)
