"""How the events of the pages run: silent ones, and those that need no place in the line."""

from typing import Any

import gradio as gr

QUIET: dict[str, Any] = {"show_progress": "hidden"}
AT_ONCE: dict[str, Any] = {"show_progress": "hidden", "queue": False}
LATEST: dict[str, Any] = {"show_progress": "hidden", "trigger_mode": "always_last"}
TAIL: dict[str, Any] = {
    "show_progress": "hidden",
    "trigger_mode": "multiple",
    "concurrency_limit": 64,
    "concurrency_id": "tail",
}


def enable_after(opening: Any, button: gr.Button) -> None:
    """Let the button, which stands there switched off, be pressed once the page has been opened.

    Pressed before, it would act on what stood there before; `opening` may have failed, the button then says why.
    """
    opening.then(lambda: gr.Button(interactive=True), None, button, **AT_ONCE)
