"""Ticked operations become tools; what is kept already is set beside what the document says now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from jobs.tools.service.adding import Service, add_service, kept
from jobs.tools.service.asking import PREFIX
from jobs.tools.service.openapi.operations import Described, Operation
from jobs.tools.tables import slug
from storage.errors import UserFault
from storage.records import Json, ToolRecord
from storage.workspace import Workspace

State = Literal["new", "same", "changed", "replaces"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person says of all ticked operations: where the service lies, its secret header, and questions by id.

    `inner`: it lies on this computer or in an inner network, and may be asked all the same.
    """

    server: str
    header: str = field(default="", repr=False)
    inner: bool = False
    questions: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Standing:
    """How an operation stands to what is kept: a new tool, the same, a changed one, or one that comes from elsewhere.

    `question` is the one that its tool has already, or a proposal.
    """

    state: State
    question: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one ticked operation: the tool, or the fault that a person can mend."""

    operation: Operation
    made: ToolRecord | UserFault


def add_operations(workspace: Workspace, document: Described, ticked: Sequence[str], terms: Terms) -> Sequence[Outcome]:
    """Make a tool of each ticked operation, replacing one of the same name; raise UserFault where none can be.

    A permission that a person gave stays, and whatever is not only read asks: a document decides nothing of that.
    """
    if not ticked:
        raise UserFault("No operation is ticked.", "Tick what may be asked.")
    _refuse_server(terms.server)
    chosen = [document.operation(name) for name in ticked]
    proposed = {name: one.question for name, one in standing(workspace, document).items()} | terms.questions
    return [_added(workspace, document, one, terms, proposed[one.id]) for one in chosen]


def standing(workspace: Workspace, document: Described) -> Mapping[str, Standing]:
    """Return by id how each usable operation stands to the tool of its name, and a question for it."""
    records = _records(workspace)
    return {one.id: _standing(document, one, records.get(_tool(one))) for one in document.usable}


def gone(workspace: Workspace, document: Described) -> Sequence[ToolRecord]:
    """Return the tools that were made of this document, by its title, and that it holds no more, or not as usable."""
    there = {one.id for one in document.usable}
    origins = [(one, one.config.get("origin") or {}) for one in _records(workspace).values()]
    return [
        one for one, origin in origins
        if origin.get("document") == document.title and origin.get("operation") not in there
    ]  # fmt: skip


def _standing(document: Described, one: Operation, record: ToolRecord | None) -> Standing:
    if record is None:
        return Standing("new", one.question)
    origin = record.config.get("origin") or {}
    if (origin.get("document"), origin.get("operation")) != (document.title, one.id):
        return Standing("replaces", one.question)
    config, parameters = record.config, [kept(each.parameter) for each in one.inputs]
    now = [one.method, one.address(""), one.description, parameters]
    same = now == [config["method"], origin["path"], config["description"], config["parameters"]]
    return Standing("same" if same else "changed", config["example"])


def _added(workspace: Workspace, document: Described, one: Operation, terms: Terms, example: str) -> Outcome:
    origin: Json = {"document": document.title, "operation": one.id, "path": one.address("")}
    service = Service(
        one.name, one.description, one.address(terms.server), example, one.lines, one.method, terms.header, terms.inner,
        origin,
    )  # fmt: skip
    try:
        return Outcome(one, add_service(workspace, service))
    except UserFault as fault:
        return Outcome(one, fault)


def _refuse_server(server: str) -> None:
    if not server.strip():
        raise UserFault("The document does not say where the service lies.", "Write its address, as https://host.")
    if set("{}?#") & set(server):
        raise UserFault("The service's address holds one of { } ? #.", "Write it as https://host or https://host/path.")


def _tool(operation: Operation) -> str:
    return f"{PREFIX}{slug(operation.name)}"


def _records(workspace: Workspace) -> dict[str, ToolRecord]:
    return {one.name: one for one in workspace.tools.list()}
