"""Groups of options that several commands share, each a dataclass; and what lets typer read them."""

import dataclasses
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints

import typer

from jobs.requests import Choices, Kept, Method, Preset, Train, Wording, Yardstick

_WAYS = (
    "base, tuned, documents, tools or hybrid, or examples (base with three of your examples in its prompt); repeat it "
    "for several. All five without it."
)

_LABELS = str(Choices.model_fields["labels"].description)
_INSTRUCTION = f"{Choices.model_fields['instruction'].title}. {Choices.model_fields['instruction'].description}"
_WORDING = f"{Choices.model_fields['wording'].title}. {Choices.model_fields['wording'].description}"
_FREEDOM = str(Choices.model_fields["temperature"].description)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question may use, and which ways are asked."""

    adapter: Annotated[str | None, typer.Option(help="The adapter's id. The newest without it.")] = None
    documents: Annotated[str | None, typer.Option(help="The collection of documents.")] = None
    tool: Annotated[list[str] | None, typer.Option(help="A tool that may be used; repeat it for several.")] = None
    way: Annotated[list[str] | None, typer.Option(help=_WAYS)] = None
    temperature: Annotated[float, typer.Option(min=0, max=2, help=_FREEDOM)] = 0.0

    labels: Annotated[bool, typer.Option("--labels/--free", help=_LABELS)] = True
    quote: Annotated[bool | None, typer.Option("--quote/--own-words", help=_WORDING)] = None
    instruction: Annotated[str, typer.Option(help=_INSTRUCTION)] = ""

    @property
    def _wording(self) -> Wording:
        return "auto" if self.quote is None else "quote" if self.quote else "free"

    def choices(self, model: str) -> Choices:
        """Return them as the request that jobs understand."""
        return Choices(
            adapter_id=self.adapter,
            collection=self.documents,
            tools=tuple(self.tool or ()),
            ways=tuple(self.way or ()),
            model=model,
            temperature=self.temperature,
            labels=self.labels,
            wording=self._wording,
            instruction=self.instruction,
        )


@dataclass(frozen=True, slots=True)
class Roles:
    """Which column of a table holds what, or several joined, such as {product}: {question}; guessed where not said."""

    question: Annotated[str | None, typer.Option(help="The column with the questions.")] = None
    answer: Annotated[str | None, typer.Option(help="The column with the good answers.")] = None
    instruction: Annotated[str | None, typer.Option(help="The column with an instruction for each row.")] = None
    context: Annotated[str | None, typer.Option(help="The column with a passage for each row.")] = None
    kind: Annotated[str | None, typer.Option(help="The column with the kind of question.")] = None
    conversation: Annotated[str | None, typer.Option(help="The column that says which rows are one conversation.")] = (
        None
    )
    turn: Annotated[str | None, typer.Option(help="The column that numbers the rows of a conversation.")] = None

    def said(self) -> dict[str, str]:
        """Return the columns that were named, by role."""
        return {role: column for role, column in dataclasses.asdict(self).items() if column is not None}


def _knob(field: str) -> Any:
    return typer.Option(help=Train.model_fields[field].description)


@dataclass(frozen=True, slots=True)
class Knobs:
    """Every setting of a training, told by the request's own fields."""

    preset: Annotated[Preset | None, typer.Option(help="How thorough. What suits so many examples without it.")] = None
    model: Annotated[str | None, typer.Option(help="The model to teach. The one that answers here without it.")] = None
    name: Annotated[str, _knob("name")] = ""
    epochs: Annotated[float | None, _knob("epochs")] = None
    patience: Annotated[int | None, _knob("patience")] = None
    learning_rate: Annotated[float | None, _knob("learning_rate")] = None
    rank: Annotated[int | None, _knob("rank")] = None
    batch_size: Annotated[int | None, _knob("batch_size")] = None
    max_length: Annotated[int | None, _knob("max_length")] = None
    method: Annotated[Method | None, _knob("method")] = None
    less_memory: Annotated[int, _knob("less_memory")] = 0
    judged_by: Annotated[Yardstick, _knob("judged_by")] = "loss"
    keep: Annotated[Kept, _knob("keep")] = "best"
    all_rows: Annotated[bool, typer.Option("--all-rows", help=Train.model_fields["all_rows"].description)] = False
    seed: Annotated[int, _knob("seed")] = 0


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Let typer see each field of a dataclass parameter as an option of its own."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: hint for name, hint in hints.items() if dataclasses.is_dataclass(hint)}
    parameters: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        flat = _flattened(groups[name]) if name in groups else [parameter.replace(annotation=hints[name])]
        parameters += [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in flat]

    @functools.wraps(command)
    def run(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in dataclasses.fields(group)})
        command(**given)

    run.__signature__ = inspect.Signature(parameters)  # pyright: ignore[reportAttributeAccessIssue] - read by inspect
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def _flattened(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in dataclasses.fields(group)
    ]
