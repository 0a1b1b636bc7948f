"""What a session keeps of the pages: a list that is drawn does not walk through parts that others change meanwhile."""

import gradio as gr
from gradio.blocks import BlocksConfig
from gradio.renderable import Renderable


class _Kept(BlocksConfig):
    """The parts and events of the pages, of which each session has a copy.

    When a list is drawn, in a thread, Gradio goes through all parts of the session for those whose value is a function.
    An event in another thread may add one meanwhile: the walk fails, and the list stays empty. What our lists draw has
    its values already.
    """

    def attach_load_events(self, rendered_in: Renderable | None = None) -> None:
        """Look through the parts when the pages are made, not when a list is drawn."""
        if rendered_in is None:
            super().attach_load_events()

    def __copy__(self) -> BlocksConfig:
        """A session's own."""
        new = super().__copy__()
        new.__class__ = type(self)
        return new


def keep_steady(pages: gr.Blocks) -> None:
    """Let no session that opens `pages` from now on walk through its parts for a list."""
    pages.default_config.__class__ = _Kept
