"""How a page says that something went wrong: a sentence under the field, and everything else left as it was."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import gradio as gr

from storage.errors import TriptychError
from studio.views import notices

Callback = Callable[..., list[Any] | None]


def telling(count: int, failed: Sequence[Any] | None = None) -> Callable[[Callback], Callable[..., list[Any]]]:
    """Decorate a callback that gives `count` values: its outputs are a notice and these.

    Where it raises an error that a person can act on, the notice says so, and the other outputs become `failed` or keep
    what they show. A callback that gives None touches nothing.
    """
    untouched = [gr.skip()] * count

    def decorate(callback: Callback) -> Callable[..., list[Any]]:
        @wraps(callback)
        def told(*arguments: Any) -> list[Any]:
            try:
                values = callback(*arguments)
            except TriptychError as error:
                return [notices.failed(error), *(untouched if failed is None else failed)]
            return [gr.skip(), *untouched] if values is None else ["", *values]

        return told

    return decorate
