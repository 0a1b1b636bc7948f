"""What a session keeps of the pages: a list is drawn without a walk through it, and what changes is kept once."""

import gradio as gr
from gradio.blocks import Block, BlocksConfig
from gradio.renderable import Renderable


class _Parts(dict[int, Block]):
    """The parts by their numbers; one that takes another's place takes its number, too.

    Gradio gives a changed part a new number in its old place, so the next event that fills or reads it would keep it a
    second time, under that: some thousands in an hour of a page that follows a training.
    """

    def __setitem__(self, number: int, part: Block) -> None:
        part._id = number
        super().__setitem__(number, part)


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
    """Let every session that opens `pages` from now on keep its parts so."""
    kept = pages.default_config
    kept.__class__ = _Kept
    kept.blocks = _Parts(kept.blocks)
