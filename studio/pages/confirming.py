"""A button that asks once more in its place before it does what can't be undone; no dialog."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import gradio as gr

from studio.pages.events import AT_ONCE, QUIET


@dataclass(frozen=True)
class Confirmed:
    """The button, and what takes its place until the person has decided."""

    button: gr.Button
    sure: gr.Row
    yes: gr.Button
    no: gr.Button

    def then(self, action: Callable[..., Any], inputs: Any, outputs: Sequence[Any]) -> None:
        """Let `action` follow on a yes."""
        self.button.click(lambda: gr.update(visible=True), None, self.sure, **AT_ONCE)
        self.no.click(_hidden, None, self.sure, **AT_ONCE)
        # Through the line: of what is done at once, the framework does not notice the change of a state. In one event:
        # a second one would be asked of a list that the action has had drawn anew, and whose buttons are gone.
        self.yes.click(_then_hidden(action), inputs, [*outputs, self.sure], **QUIET)


def _hidden() -> Any:
    return gr.update(visible=False)


def _then_hidden(action: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(action)
    def act(*arguments: Any) -> list[Any]:
        values = action(*arguments)
        return [*(values if isinstance(values, list) else [values]), _hidden()]

    return act


def question(text: str, yes: str, no: str, elem_id: str) -> tuple[gr.Row, gr.Button, gr.Button]:
    """Lay out the question that takes the button's place, hidden."""
    with gr.Row(visible=False, elem_classes=["buttons", "sure"], elem_id=f"{elem_id}-sure") as row:
        gr.Markdown(text)
        agreed = gr.Button(yes, size="sm", variant="stop", scale=0, min_width=0, elem_id=f"{elem_id}-yes")
        refused = gr.Button(no, size="sm", scale=0, min_width=0, elem_id=f"{elem_id}-no")
    return row, agreed, refused
