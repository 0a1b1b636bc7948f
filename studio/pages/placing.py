"""What stands at each place of Compare: which column, how it is called, and what can be ticked of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from storage.records import Column, Comparison
from studio.bench import Bench
from studio.pages.columns import Slot
from studio.pages.events import AT_ONCE
from studio.views.places import FURTHER, PLACES, Named, called, named, placed
from studio.wording import compare as words

Dressed = list[tuple[str, str] | None]  # what stands at each place: its look and its head; None where nothing does


@dataclass(frozen=True)
class Places:
    """The slots with what they were filled with last; `wide` tells which of them are widened.

    `further` changes whenever something new is shown at the places beyond the usual ones.
    """

    slots: tuple[Slot, ...]
    shown: gr.CheckboxGroup
    dressed: gr.State
    further: gr.State
    wide: tuple[gr.State, ...]

    @property
    def outputs(self) -> list[Any]:
        """What `filled` fills, in its order."""
        pairs = zip(self.slots, self.wide, strict=True)
        return [
            self.dressed,
            self.shown,
            *(part for slot, wide in pairs for part in (slot.box, slot.head, wide, slot.wider)),
        ]


def places(slots: tuple[Slot, ...], shown: gr.CheckboxGroup, usual: Sequence[Named]) -> Places:
    """Return the places as they stand when the page is laid out: the usual columns, and nothing at the further ones."""
    dressed: Dressed = [*((name.look, name.head) for name in usual), *[None] * (len(slots) - len(usual))]
    return Places(slots, shown, gr.State(dressed), gr.State(""), tuple(gr.State(False) for _ in slots))


def connect(parts: Places) -> None:
    """Let columns be widened, and hidden by their ticks."""
    for number, (slot, wide) in enumerate(zip(parts.slots, parts.wide, strict=True)):
        slot.wider.click(_turn(number), [wide, parts.dressed], [wide, slot.box, slot.wider], **AT_ONCE)

    def show(chosen: list[str]) -> list[Any]:
        return [gr.Column(visible=slot.place in chosen) for slot in parts.slots]

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


def filled(names: Sequence[Named | None], before: Dressed) -> list[Any]:
    """Return what the places show for `names`; all is left as it stands where they show it already."""
    now: Dressed = [None if name is None else (name.look, name.head) for name in names]
    before = [None if stood is None else (stood[0], stood[1]) for stood in before]
    if now == before:
        return [gr.skip()] * (2 + 4 * len(names))
    there = [(name.title, place) for place, name in zip(PLACES, names, strict=True) if name is not None]
    shown = gr.CheckboxGroup(choices=there, value=[place for _, place in there])
    parts = [part for stands in now for part in _column(stands)]
    return [now, shown, *parts]


def _column(stands: tuple[str, str] | None) -> list[Any]:
    if stands is None:
        return [gr.Column(visible=False), gr.skip(), False, gr.skip()]
    look, head = stands
    return [gr.Column(visible=True, elem_classes=_classes(look, wide=False)), head, False, words.WIDER]


def names_at(bench: Bench, comparison: Comparison) -> list[Named | None]:
    """Return how the columns of a comparison are called, place by place."""
    names = names_of(bench, comparison)
    standing = placed(comparison.columns, blind=comparison.blind)
    return [None if column is None else names[column.id] for column in standing]


def names_before(bench: Bench, columns: Sequence[Column]) -> list[Named | None]:
    """Return how columns are called, place by place, before they are asked."""
    adapters = bench.workspace.adapters.names([column.adapter_id for column in columns if column.adapter_id])
    return [None if column is None else named(column, adapters) for column in placed(columns)]


def names_of(bench: Bench, comparison: Comparison) -> dict[str, Named]:
    """Return how each column of a comparison is called, by id; by its letter alone while its name is sealed."""
    used = [column.adapter_id for column in comparison.columns if column.adapter_id]
    sealed = bench.workspace.comparisons.sealed(comparison)
    return called(comparison, bench.workspace.adapters.names(used), sealed=sealed)


def at_place(comparison: Comparison, place: str) -> Column | None:
    """Return the column that stands at a place of the page, or None where none does."""
    standing = placed(comparison.columns, blind=comparison.blind)
    return standing[PLACES.index(place)] if place in PLACES else None


def further(comparison: Comparison, at: float = 0.0) -> str:
    """Return what `further` becomes when a comparison is shown, or made known `at` a time; the same where all fit."""
    return f"{comparison.id} {at}" if len(comparison.columns) > len(PLACES) - len(FURTHER) else ""


def standing(bench: Bench, comparison_id: str, place: str) -> Column | None:
    """Return the column that stands at a place while this comparison is shown; None where none does or none is."""
    return at_place(bench.workspace.comparisons.get(comparison_id), place) if comparison_id else None
