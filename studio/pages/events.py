"""How the events of the pages run: silent ones, and those that need no place in the line."""

from typing import Any

import gradio as gr

# Hidden progress must also stand on no part. Otherwise, whenever any event says how it stands, the browser goes through
# the outputs of all events there ever were, each time searching the whole page: with six columns, a core's work.
QUIET: dict[str, Any] = {"show_progress": "hidden", "show_progress_on": []}
AT_ONCE: dict[str, Any] = {**QUIET, "queue": False}
LATEST: dict[str, Any] = {**QUIET, "trigger_mode": "always_last"}
TAIL: dict[str, Any] = {**QUIET, "trigger_mode": "multiple", "concurrency_limit": 64, "concurrency_id": "tail"}


def enable_after(opening: Any, button: gr.Button) -> None:
    """Let the button, which stands there switched off, be pressed once the page has been opened.

    Pressed before, it would act on what stood there before; `opening` may have failed, the button then says why.
    """
    opening.then(lambda: gr.Button(interactive=True), None, button, **AT_ONCE)
