"""Components to typed requests: the only place that reads what stands in a field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import gradio as gr
from gradio.components import Component

from jobs.requests import Choices, Index, Learning, Request, Train
from storage.errors import UserFault
from storage.records import Json
from studio.asked import checked
from studio.uploaded import files_of, uploaded
from studio.wording import compare, documents, train

Values = Mapping[Component, Any]
MOST_CHARACTERS = 4000
EXPERT = (
    "epochs",
    "patience",
    "learning_rate",
    "rank",
    "batch_size",
    "max_length",
    "less_memory",
    "method",
    "judged_by",
    "keep",
    "all_rows",
    "seed",
)
AUTO = "Auto"


def title(request: type[Request], field: str) -> str:
    """Return the label of a request's field, from its one definition."""
    return request.model_fields[field].title or field


def knob(request: type[Request], field: str) -> Component:
    """Return the field of a knob, drawn from its one definition; where nothing is set, empty means Auto.

    A number is a field for text: the one for numbers shows 0 where nothing was written.
    """
    known = request.model_fields[field]
    shown: dict[str, Any] = {"label": known.title, "info": known.description, "elem_id": f"expert-{field}"}
    if isinstance(known.default, bool):
        return gr.Dropdown([("no", False), ("yes", True)], value=known.default, min_width=200, **shown)
    if choices := _choices(known.annotation):
        offered = [(AUTO, ""), *((one, one) for one in choices)] if known.default is None else list(choices)
        return gr.Dropdown(offered, value=known.default or "", min_width=200, **shown)
    return gr.Textbox(
        "" if known.default is None else str(known.default),
        placeholder=AUTO if known.default is None else None,
        max_lines=1,
        min_width=200,
        **shown,
    )


def _choices(annotation: Any) -> list[str]:
    """Return what a field of named values may be; empty for any other."""
    inner = [annotation, *get_args(annotation)]
    return [str(value) for one in inner if get_origin(one) is Literal for value in get_args(one)]


@dataclass(frozen=True)
class TrainForm:
    """What to teach, on which examples, how thoroughly; `key` is new for each form shown.

    `parent` is the run whose settings were taken over, empty where none was.
    """

    dataset: gr.Dropdown
    model: gr.Dropdown
    name: gr.Textbox
    preset: gr.Radio
    expert: dict[str, Component]
    key: gr.State
    parent: gr.State

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        chosen = {self.dataset, self.model, self.name, self.preset, self.key, self.parent}
        return {*chosen, *self.expert.values()}

    @property
    def filled(self) -> list[Any]:
        """The fields that `filling` fills, in its order."""
        return [self.dataset, self.model, self.name, self.preset, *self.expert.values()]

    def filling(self, request: Learning) -> list[Any]:
        """Return what stands in the fields where this is asked for; what Auto chose stays with Auto."""
        given = [getattr(request, name) for name in self.expert]
        texts = [one if isinstance(one, bool) else "" if one is None else str(one) for one in given]
        return [request.dataset_id, request.model, request.name, request.preset, *texts]

    def request(self, values: Values, base: str) -> Train:
        """Return the training asked for, of `base` where no model is chosen; raise UserFault for a field of no use."""
        if not values[self.dataset]:
            raise UserFault(train.CHOSEN_FIRST, "If there are none, add some on the Examples page.")
        model = values[self.model] or base
        fields = {"dataset_id": values[self.dataset], "model": model, "preset": values[self.preset]}
        written = {**fields, "name": str(values[self.name] or "").strip(), **self._knobs(values)}
        return checked(Train, written, "Change the field and press the button again.")

    def parent_of(self, values: Values) -> str | None:
        """Return the run whose settings were taken over, if there was one."""
        return str(values[self.parent] or "") or None

    def _knobs(self, values: Values) -> dict[str, Any]:
        """Return what stands in the expert fields; those that are empty are left to Auto."""
        given = {name: values[field] for name, field in self.expert.items()}
        texts = {name: value.strip().replace(",", ".") for name, value in given.items() if isinstance(value, str)}
        return {
            name: texts.get(name, value) for name, value in given.items() if texts.get(name, value) not in ("", None)
        }

    def idem_key(self, values: Values) -> str:
        """Return the key under which this form counts once, however often its button is pressed."""
        return str(values[self.key])


@dataclass(frozen=True)
class QuestionForm:
    """A question and what its columns may use."""

    question: gr.Textbox
    adapter: gr.Dropdown
    collection: gr.Dropdown
    labels: gr.Checkbox
    wording: gr.Radio
    freedom: gr.Radio
    follow_up: gr.Checkbox
    comparison: gr.State

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        chosen = {self.adapter, self.collection, self.labels, self.wording, self.freedom}
        return {self.question, *chosen, self.follow_up, self.comparison}

    def goes_on_from(self, values: Values) -> str | None:
        """Return the comparison that the question goes on from; None where it stands for itself."""
        return str(values[self.comparison] or "") or None if values[self.follow_up] else None

    def asked(self, values: Values) -> str:
        """Return the question; raise UserFault where there is none or it is too long."""
        question = str(values[self.question] or "").strip()
        if not question:
            raise UserFault(compare.NO_QUESTION, compare.WRITE_ONE)
        if len(question) > MOST_CHARACTERS:
            raise UserFault(f"The question has {len(question):,} characters.", f"Use at most {MOST_CHARACTERS:,}.")
        return question

    def choices(self, values: Values, model: str) -> Choices:
        """Return what the columns may use; what is left at the newest is chosen when the question is asked."""
        return Choices(
            adapter_id=values[self.adapter] or None,
            collection=values[self.collection] or None,
            model=model,
            labels=bool(values[self.labels]),
            wording=values[self.wording] or "auto",
            temperature=values[self.freedom] or 0.0,
        )


@dataclass(frozen=True)
class FilesForm:
    """Files to read into a collection; `key` is new for each form shown."""

    files: gr.File
    collection: gr.Dropdown
    key: gr.State

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return {self.files, self.collection, self.key}

    def shown(self, values: Values) -> str:
        """Return the collection that is shown."""
        return str(values[self.collection] or "")

    def paths(self, values: Values) -> list[Path]:
        """Return where the uploaded files lie."""
        return files_of(values[self.files])

    def request(self, kept: Sequence[tuple[str, str]], collection: str) -> Index:
        """Return the reading asked for; `kept` are the files as they are kept, with their names."""
        return Index(collection=collection, files=tuple(kept))

    def idem_key(self, values: Values) -> str:
        """Return the key under which this form counts once."""
        return str(values[self.key])


@dataclass(frozen=True)
class SearchForm:
    """A question put to the documents alone."""

    question: gr.Textbox
    most: gr.Number
    collection: gr.Dropdown

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return {self.question, self.most, self.collection}

    def shown(self, values: Values) -> str:
        """Return the collection that is shown."""
        return str(values[self.collection] or "")

    def asked(self, values: Values) -> tuple[str, int]:
        """Return the question and how many passages to show; raise UserFault where there is no question."""
        question = str(values[self.question] or "").strip()
        if not question:
            raise UserFault(documents.NO_QUESTION, "Write a question first.")
        return question[:MOST_CHARACTERS], min(10, max(1, int(values[self.most] or 3)))


@dataclass(frozen=True)
class TableForm:
    """A table to look rows up in, the column that finds a row, and a name."""

    file: gr.File
    key: gr.Dropdown
    name: gr.Textbox

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return {self.file, self.key, self.name}

    def path(self, values: Values) -> Path:
        """Return where the uploaded file lies; raise UserFault where none was chosen."""
        return uploaded(values[self.file])

    def chosen(self, values: Values) -> str:
        """Return the key column."""
        return str(values[self.key] or "")

    def named(self, values: Values) -> str:
        """Return the table's name."""
        return str(values[self.name] or "")


@dataclass(frozen=True)
class ToolForm:
    """The arguments of a tool, one field each."""

    fields: dict[str, Component]

    @property
    def inputs(self) -> set[Any]:
        """The fields to read."""
        return set(self.fields.values())

    def arguments(self, values: Values) -> dict[str, Any]:
        """Return what stands in the fields; empty fields are left out."""
        return {name: values[field] for name, field in self.fields.items() if values[field] not in (None, "")}


def tool_fields(schema: Json, tool: str, example: Json) -> dict[str, Component]:
    """Return a field for each argument of a tool, drawn from its schema."""
    return {
        name: _tool_field(name, known, f"try-{tool}-{name}", (example.get(name), name in schema.get("required", ())))
        for name, known in schema["properties"].items()
    }


def _tool_field(name: str, known: Json, elem_id: str, usual: tuple[Any, bool]) -> Component:
    """Draw a field; `usual` is an example for it, and whether it must be filled: else a choice is empty at first."""
    example, needed = usual
    label, info = name.replace("_", " ").capitalize(), known.get("description")
    placeholder = f"For example: {example}" if example is not None else None
    if "enum" in known:
        return gr.Dropdown(
            known["enum"], value=known["enum"][0] if needed else None, label=label, info=info, elem_id=elem_id
        )
    return gr.Textbox(label=label, info=info, placeholder=placeholder, max_lines=3, elem_id=elem_id)
