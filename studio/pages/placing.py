"""What stands at each place of Compare: which column, how it is called, and what can be ticked of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from storage.records import Column, Comparison
from studio.bench import Bench
from studio.names import names_in
from studio.pages.columns import Slot
from studio.pages.events import AT_ONCE, QUIET
from studio.views.places import FURTHER, PLACES, Named, called, named, placed
from studio.wording import compare as words

Dressed = list[tuple[str, str, str] | None]  # the look, head and title at each place; None where nothing stands


@dataclass(frozen=True)
class Places:
    """The slots, and in `dressed` what stands there; whenever that changes, the columns are drawn anew.

    `wide` tells which of them are widened. `further` changes whenever something new is shown at the places beyond the
    usual ones.
    """

    slots: tuple[Slot, ...]
    shown: gr.CheckboxGroup
    dressed: gr.State
    further: gr.State
    wide: tuple[gr.State, ...]

    @property
    def outputs(self) -> list[Any]:
        """What `drawn` fills, in its order."""
        pairs = zip(self.slots, self.wide, strict=True)
        return [self.shown, *(part for slot, wide in pairs for part in (slot.box, slot.head, wide, slot.wider))]

    @property
    def usual(self) -> tuple[Slot, ...]:
        """The slots of the usual columns."""
        return tuple(slot for slot in self.slots if slot.place not in FURTHER)


def places(slots: tuple[Slot, ...], shown: gr.CheckboxGroup, usual: Sequence[Named]) -> Places:
    """Return the places as they stand when the page is laid out: the usual columns, and nothing at the further ones."""
    dressed = gr.State(as_dressed([*usual, *[None] * (len(slots) - len(usual))]))
    return Places(slots, shown, dressed, gr.State(""), tuple(gr.State(False) for _ in slots))


def connect(parts: Places) -> None:
    """Let the columns be drawn when others stand there, be widened, and be hidden by their ticks."""
    for number, (slot, wide) in enumerate(zip(parts.slots, parts.wide, strict=True)):
        slot.wider.click(_turn(number), [wide, parts.dressed], [wide, slot.box, slot.wider], **AT_ONCE)

    def show(chosen: list[str]) -> list[Any]:
        return [gr.Column(visible=slot.place in chosen) for slot in parts.slots]

    parts.dressed.change(drawn, parts.dressed, parts.outputs, **QUIET)
    parts.shown.input(show, parts.shown, [slot.box for slot in parts.slots], **AT_ONCE)


def _turn(number: int) -> Any:
    def turn(is_wide: bool, dressed: Dressed) -> list[Any]:
        stands = dressed[number]
        if stands is None:
            return [gr.skip()] * 3
        classes = _classes(stands[0], wide=not is_wide)
        return [not is_wide, gr.Column(elem_classes=classes), words.WIDER if is_wide else words.NARROWER]

    return turn


def _classes(look: str, *, wide: bool) -> list[str]:
    return ["way", f"way-{look}", *(["widened"] if wide else [])]


def as_dressed(names: Sequence[Named | None]) -> Dressed:
    """Return what stands at the places as it is kept for the page."""
    return [None if name is None else (name.look, name.head, name.title) for name in names]


def drawn(dressed: Dressed) -> list[Any]:
    """Return the ticks and the columns for what stands at the places."""
    there = [(stands[2], place) for place, stands in zip(PLACES, dressed, strict=True) if stands is not None]
    shown = gr.CheckboxGroup(choices=there, value=[place for _, place in there])
    return [shown, *(part for stands in dressed for part in _column(stands))]


def _column(stands: tuple[str, str, str] | None) -> list[Any]:
    if stands is None:
        return [gr.Column(visible=False), gr.skip(), False, gr.skip()]
    look, head, _ = stands
    return [gr.Column(visible=True, elem_classes=_classes(look, wide=False)), head, False, words.WIDER]


def dressed_for(bench: Bench, comparison: Comparison) -> Dressed:
    """Return what stands at the places while a comparison is shown."""
    names = names_of(bench, comparison)
    standing = placed(comparison.columns, blind=comparison.blind)
    return as_dressed([None if column is None else names[column.id] for column in standing])


def dressed_before(bench: Bench, columns: Sequence[Column]) -> Dressed:
    """Return what stands at the places before these columns are asked."""
    names = names_in(bench.workspace, columns)
    return as_dressed([None if column is None else named(column, names) for column in placed(columns)])


def names_of(bench: Bench, comparison: Comparison) -> dict[str, Named]:
    """Return how each column of a comparison is called, by id; by its letter alone while its name is sealed."""
    sealed = bench.workspace.comparisons.sealed(comparison)
    return called(comparison, names_in(bench.workspace, comparison.columns), sealed=sealed)


def at_place(comparison: Comparison, place: str) -> Column | None:
    """Return the column that stands at a place of the page, or None where none does."""
    standing = placed(comparison.columns, blind=comparison.blind)
    return standing[PLACES.index(place)] if place in PLACES else None


def further(comparison: Comparison, at: float = 0.0) -> str:
    """Return what `further` becomes when a comparison is shown, or made known `at` a time; the same where all fit."""
    return f"{comparison.id} {at}" if len(comparison.columns) > len(PLACES) - len(FURTHER) else ""
