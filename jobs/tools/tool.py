"""One tool as data: its name, its flat schema, what it does, and what in a question speaks for it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from storage.errors import UserFault
from storage.records import Json, Permission

Arguments = dict[str, Any]


class ToolFault(UserFault):
    """A tool can't do what it was asked; the sentence is shown as the tool's result."""

    next_step = "Change it and try again."


def offer_always(_question: str) -> Json | None:
    """Narrow nothing: the tool is offered for every question with its whole schema."""
    return {}


def nothing_after(_question: str, _answer: str) -> Arguments | None:
    """Call nothing after an answer."""
    return None


def never_sure(_question: str) -> bool:
    """Leave it to the model whether the tool is called."""
    return False


@dataclass(frozen=True, slots=True)
class Tool:
    """Something a model may call.

    `schema` is a flat JSON schema (an object of strings, numbers and enums). `run` takes arguments that satisfy it and
    returns text that is shown word for word; it raises ToolFault with a sentence. `narrow(question)` looks for values
    that stand in the question and returns a schema that admits only these, {} to leave the schema as it is, or None
    where nothing in the question speaks for this tool. `sure(question)` is whether what stands in the question can mean
    nothing but a call. `after(question, answer)` returns the arguments of a call that the question wants made of the
    answer once it is written, or None; only a tool that reads has one. `examples` are pairs of a question and the
    arguments for it.
    """

    name: str
    title: str
    description: str
    schema: Json
    run: Callable[[Arguments], str]
    effect: Literal["reads", "acts"] = "reads"
    permission: Permission = Permission.AUTO
    narrow: Callable[[str], Json | None] = offer_always
    sure: Callable[[str], bool] = never_sure
    after: Callable[[str, str], Arguments | None] = nothing_after
    examples: tuple[tuple[str, Arguments], ...] = ()

    @property
    def schema_sha256(self) -> str:
        """The identity of what a model is told about this tool."""
        told = {"name": self.name, "description": self.description, "schema": self.schema}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
