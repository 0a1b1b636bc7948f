"""What a session keeps of the pages: their parts and events, which change while they are walked through.

For each session Gradio copies both, adds to them where a list is drawn, in a thread, and walks through them at every
event, in others. A walk through a plain dictionary that grows meanwhile fails: that list is not drawn, or that press is
lost. And a part that is changed gets a new number in its old place, so the next event that reads it would keep it a
second time, under the new one: some thousands in an hour of a page that follows a training.
"""

from collections.abc import ItemsView, ValuesView
from typing import Self, TypeVar

import gradio as gr
from gradio.blocks import Block

Kept = TypeVar("Kept")


class Walkable(dict[int, Kept]):
    """A dictionary that may grow while it is walked through; a walk sees what was there when it began."""

    def values(self) -> ValuesView[Kept]:
        """What was there now."""
        return self.copy().values()

    def items(self) -> ItemsView[int, Kept]:
        """What was there now, with its numbers."""
        return self.copy().items()

    def __copy__(self) -> Self:
        """A session's own."""
        return type(self)(self)


class Parts(Walkable[Block]):
    """The parts by their numbers; a part that takes another's place takes its number, too."""

    def __setitem__(self, number: int, part: Block) -> None:
        """Keep `part` under `number`."""
        part._id = number
        super().__setitem__(number, part)


def keep_steady(pages: gr.Blocks) -> None:
    """Let every session that opens `pages` from now on keep its parts and events so."""
    kept = pages.default_config
    kept.blocks, kept.fns = Parts(kept.blocks), Walkable(kept.fns)
