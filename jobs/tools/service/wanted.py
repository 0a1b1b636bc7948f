"""What a question must hold so that a tool of others is offered: a word that speaks for it, and each of its values."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.tools.service.values import Parameter, telling
from jobs.tools.tool import Arguments
from storage.records import Json


@dataclass(frozen=True, slots=True)
class Wanted:
    """The name of a tool, a question that it answers, and the values that it needs."""

    name: str
    example: str
    parameters: Sequence[Parameter]

    @property
    def schema(self) -> Json:
        """The flat schema: one field for each parameter, all of them needed."""
        properties = {one.name: one.schema for one in self.parameters}
        return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}

    @property
    def shown(self) -> Arguments:
        """The values that stand in the example."""
        return {one.name: found[0] for one in self.parameters if (found := one.standing(self.example))}

    def narrow(self, question: str) -> Json | None:
        """Return a schema of the values in the question; None where one lacks or no word speaks for the tool."""
        if not self._about & telling([question]):
            return None
        found = {one.name: one.standing(question) for one in self.parameters}
        if not all(found.values()):
            return None
        return {**self.schema, "properties": {name: {"enum": values} for name, values in found.items()}}

    @property
    def _about(self) -> set[str]:
        """The words that speak for this tool: of its name and its example, without the values in it."""
        values = [str(value) for one in self.parameters for value in one.standing(self.example)[:1]]
        return telling([self.name]) | (telling([self.example]) - telling(values))
