"""The five ways of answering and a baseline, as rows of a table, and the columns that a question is put to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobs.answering.labels import labels_of
from jobs.answering.shots import shots_of
from jobs.answering.taught import reads_passages
from jobs.models.door import ADAPTER
from jobs.requests import Choices
from jobs.tools.registry import Registry
from storage.errors import NotFound
from storage.records import Adapter, Column
from storage.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Way:
    """One way of answering: its switches and the one line that says what it is."""

    id: str
    says: str
    adapter: bool = False
    passages: bool = False
    tools: bool = False
    shots: bool = False


WAYS = (
    Way("base", "The model as published"),
    Way("tuned", "Trained on your examples", adapter=True),
    Way("documents", "Reads your documents", passages=True),
    Way("tools", "May use your tools", tools=True),
    Way("hybrid", "All together", adapter=True, passages=True, tools=True),
)


# What the five are measured against, asked only on a wish.
BASELINES = (Way("examples", "The model as published, with three of your examples in its prompt", shots=True),)


# With these models, as they came or taught to read, a quote held the expected answer more often than their own words
# did: decision 12.
_BETTER_IN_QUOTES = frozenset({"starter"})


def way_of(way_id: str) -> Way:
    """Return the row of a way or of a baseline; raise NotFound."""
    for way in (*WAYS, *BASELINES):
        if way.id == way_id:
            return way
    known = ", ".join(way.id for way in (*WAYS, *BASELINES))
    raise NotFound(f"There is no way of answering called {way_id!r}.", f"Choose one of: {known}.")


def served_as(column: Column) -> str:
    """Return the name of the column's model at the door."""
    return f"{ADAPTER}{column.adapter_id}" if column.adapter_id else column.model


def columns_for(choices: Choices, workspace: Workspace) -> list[Column]:
    """Return one column for each way asked for (all five without a wish), keyed by the way's id.

    What was not chosen is the newest adapter of the model, the newest collection and every tool that is on; a way
    whose part does not exist yet gets its column all the same and will answer that it is missing.
    Raises NotFound where something chosen by name does not exist.
    """
    adapter = _adapter(choices, workspace)
    labels = labels_of(adapter, workspace) if adapter and choices.labels else ()
    collection = _collection(choices, workspace)
    tools = _tools(choices, workspace)
    ways = [way_of(way_id) for way_id in choices.ways] or WAYS
    shots = shots_of(adapter, workspace) if any(way.shots for way in ways) else ()
    return [
        Column(
            id=way.id,
            way=way.id,
            model=choices.model,
            adapter_id=adapter.id if way.adapter and adapter else None,
            collection=collection if way.passages else None,
            tools=tools if way.tools else (),
            instruction=choices.instruction,
            temperature=choices.temperature,
            labels=labels if way.adapter else (),
            shots=shots if way.shots else (),
            quote=_quotes(way, choices, adapter, workspace) and not (way.adapter and labels),
        )
        for way in ways
    ]


def completed(column: Column, workspace: Workspace) -> Column:
    """Return the column with the parts that it lacked when it was made, where there are any by now."""
    (now,) = columns_for(Choices(model=column.model, ways=(column.way,)), workspace)
    return replace(
        column,
        labels=column.labels if column.adapter_id else now.labels,
        adapter_id=column.adapter_id or now.adapter_id,
        collection=column.collection or now.collection,
        tools=column.tools or now.tools,
        shots=column.shots or now.shots,
    )


def with_another(columns: Sequence[Column], adapter: Adapter, labels: Sequence[str] = ()) -> list[Column]:
    """Return the columns with one more: Tuned once again, by another adapter with its `labels`, else like the first."""
    again = Column(
        f"tuned-{adapter.id[:8]}",
        "tuned",
        adapter.base_id,
        adapter.id,
        temperature=columns[0].temperature,
        labels=tuple(labels),
    )
    return [*columns, again]


def _quotes(way: Way, choices: Choices, adapter: Adapter | None, workspace: Workspace) -> bool:
    if choices.wording != "auto" or not way.passages:
        return way.passages and choices.wording == "quote"
    if choices.model not in _BETTER_IN_QUOTES:
        return False
    return not way.adapter or (adapter is not None and reads_passages(adapter.id, workspace))


def _adapter(choices: Choices, workspace: Workspace) -> Adapter | None:
    if choices.adapter_id is not None:
        return workspace.adapters.get(choices.adapter_id)
    return next((adapter for adapter in workspace.adapters.list() if adapter.base_id == choices.model), None)


def _collection(choices: Choices, workspace: Workspace) -> str | None:
    if choices.collection is not None:
        return workspace.collections.get(choices.collection).name
    kept = workspace.collections.list()
    return kept[0].name if kept else None


def _tools(choices: Choices, workspace: Workspace) -> tuple[str, ...]:
    on = [tool.name for tool in Registry(workspace).tools(None)]
    for name in choices.tools:
        if name not in on:
            raise NotFound(f"There is no tool {name!r} that is switched on.", "Look at the Tools page for their names.")
    return tuple(choices.tools or on)
