"""The form in which a person adds a service."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from jobs.tools.service.adding import Service
from studio.forms import Values


@dataclass(frozen=True)
class ServiceForm:
    """What a person says of a service; each field is the one of the same name in `Service`."""

    name: gr.Textbox
    description: gr.Textbox
    method: gr.Radio
    address: gr.Textbox
    parameters: gr.Textbox
    example: gr.Textbox
    header: gr.Textbox
    inner: gr.Checkbox

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return set(vars(self).values())

    def service(self, values: Values) -> Service:
        """Return what stands in the fields."""
        texts: dict[str, Any] = {
            name: str(values[field] or "") for name, field in vars(self).items() if isinstance(field, gr.Textbox)
        }
        method = "POST" if values[self.method] == "POST" else "GET"
        return Service(**texts, method=method, inner=bool(values[self.inner]))
