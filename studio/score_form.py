"""The form of Scores: which questions are asked, in which ways, and what these use."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from jobs.requests import Choices
from storage.errors import UserFault
from studio.forms import Values
from studio.pages.sealing import Sealing
from studio.wording import scores as words


@dataclass(frozen=True)
class ScoreForm:
    """Test questions, those held back of a set of examples or a table, and columns; `key` is new for each form."""

    source: gr.Dropdown
    file: gr.File
    ways: gr.CheckboxGroup
    adapter: gr.Dropdown
    another: gr.Dropdown
    collection: gr.Dropdown
    labels: gr.Checkbox
    wording: gr.Radio
    freedom: gr.Slider
    repeats: gr.Slider
    fresh: gr.Checkbox
    sealing: Sealing
    key: gr.State

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        used = {self.adapter, self.another, self.collection, self.labels, self.wording}
        return {
            self.source,
            self.file,
            self.ways,
            *used,
            self.freedom,
            self.repeats,
            self.fresh,
            *self.sealing.inputs,
            self.key,
        }

    def own_file(self, values: Values) -> Path | None:
        """Return where a new table of test questions lies, or None where one of those kept is meant."""
        return Path(values[self.file]) if values[self.file] else None

    def choices(self, values: Values, model: str) -> Choices:
        """Return what the columns may use; what is left at the newest is chosen when Score is pressed."""
        if not values[self.ways]:
            raise UserFault(words.NO_WAY, words.CHOOSE_WAYS)
        return Choices(
            adapter_id=values[self.adapter] or None,
            collection=values[self.collection] or None,
            ways=tuple(values[self.ways]),
            model=model,
            temperature=float(values[self.freedom] or 0),
            labels=bool(values[self.labels]),
            wording=values[self.wording] or "auto",
        )

    def asking(self, values: Values) -> dict[str, Any]:
        """Return how often each question is asked, and whether all of them anew, as fields of the request."""
        return {"repeats": int(values[self.repeats] or 1), "fresh": bool(values[self.fresh])}

    def another_adapter(self, values: Values) -> str | None:
        """Return the adapter that is scored as one more column, or None."""
        return values[self.another] or None

    def chosen(self, values: Values) -> str:
        """Return the id of the examples or the kept table whose questions are asked; raise UserFault without one."""
        if not values[self.source]:
            raise UserFault(words.NO_SOURCE, words.ADD_SOME)
        return str(values[self.source])

    def idem_key(self, values: Values) -> str:
        """Return the key under which this form counts once."""
        return str(values[self.key])
