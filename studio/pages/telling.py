"""How a page says that something went wrong: a sentence under the field, and everything else left as it was."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import gradio as gr

from storage.errors import TriptychError
from studio.views import notices

Callback = Callable[..., list[Any] | None]


def telling(count: int, failed: Sequence[Any] | None = None) -> Callable[[Callback], Callable[..., Any]]:
    """Decorate a callback that gives `count` values: its outputs are a notice and these.

    Where it raises an error that a person can act on, the notice says so, and the other outputs become `failed` or keep
    what they show. A callback that gives None touches nothing.
    """
    untouched = [gr.skip()] * count

    def decorate(callback: Callback) -> Callable[..., Any]:
        @wraps(callback)
        def told(*arguments: Any) -> Any:
            try:
                values = callback(*arguments)
            except TriptychError as error:
                return _given(notices.failed(error), untouched if failed is None else failed)
            return _given(gr.skip(), untouched) if values is None else _given("", values)

        return told

    return decorate


def _given(notice: Any, others: Sequence[Any]) -> Any:
    """An event with a single output wants the value itself and no list of one."""
    return [notice, *others] if others else notice
