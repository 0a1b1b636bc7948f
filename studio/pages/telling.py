"""How a page says that something went wrong: a sentence under the field, and everything else left as it was."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr

from storage.errors import TriptychError
from studio.views import notices


def telling(count: int) -> Callable[[Callable[..., list[Any]]], Callable[..., list[Any]]]:
    """Decorate a callback that gives `count` values: its outputs are a notice and these.

    Where it raises an error that a person can act on, the notice says so and the other outputs keep what they show.
    """

    def decorate(callback: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
        @wraps(callback)
        def told(*arguments: Any) -> list[Any]:
            try:
                return ["", *callback(*arguments)]
            except TriptychError as error:
                return [notices.failed(error), *([gr.skip()] * count)]

        return told

    return decorate
