"""Ways are rows of a table; columns get what was chosen, or the newest of what there is."""

import pytest
from sqlalchemy import insert

from jobs.answering.picking import of_adapter, picked
from jobs.answering.taught import READING
from jobs.answering.ways import WAYS, columns_for, way_of
from jobs.queue import Queue
from jobs.requests import Choices, Train
from jobs.tools.registry import Registry
from storage import tables
from storage.errors import Deleted, NotFound
from storage.records import Example, Permission
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.documents import put_documents


def add_adapter(workspace: Workspace, name: str, base: str = "starter", at: float = 1.0) -> str:
    job = Queue(workspace.database, workspace.clock).enqueue(Train(dataset_id="d"), idem_key=name)
    with workspace.database.writing() as connection:
        connection.execute(
            insert(tables.adapters).values(
                id=name,
                job_id=job.id,
                name=name,
                base_id=base,
                base_sha256="",
                adapter_sha256="",
                dataset_id="d",
                path="",
                manifest_sha256="",
                report={},
                created_at=at,
            )
        )
    return name


def test_the_five_ways_are_points_of_three_switches() -> None:
    switches = {way.id: (way.adapter, way.passages, way.tools) for way in WAYS}
    assert switches == {
        "base": (False, False, False),
        "tuned": (True, False, False),
        "documents": (False, True, False),
        "tools": (False, False, True),
        "hybrid": (True, True, True),
    }
    with pytest.raises(NotFound, match="no way of answering called 'sixth'"):
        way_of("sixth")


def test_a_fresh_workspace_gives_five_columns_all_the_same(workspace: Workspace) -> None:
    columns = columns_for(Choices(), workspace)
    assert [column.id for column in columns] == [column.way for column in columns] == [way.id for way in WAYS]
    assert {column.adapter_id for column in columns} == {None}
    assert columns[3].tools == columns[4].tools == ("calculator", "date_and_time", "read_aloud", "convert_units")
    assert columns[0].tools == ()


def test_columns_get_the_newest_of_what_there_is(workspace: Workspace) -> None:
    for name, base, at in (("old", "starter", 1.0), ("new", "starter", 2.0), ("foreign", "larger", 3.0)):
        add_adapter(workspace, name, base, at)
    put_documents(workspace, {"tent.md": "A tent."})
    base, tuned, documents, tools, hybrid = columns_for(Choices(), workspace)
    assert [column.adapter_id for column in (base, tuned, documents, tools, hybrid)] == [None, "new", None, None, "new"]
    assert [column.collection for column in (base, documents, hybrid)] == [None, "Manuals", "Manuals"]


def test_what_was_chosen_is_taken(workspace: Workspace) -> None:
    add_adapter(workspace, "old", at=1.0)
    add_adapter(workspace, "new", at=2.0)
    choices = Choices(adapter_id="old", tools=("calculator",), ways=("hybrid", "tuned"))
    hybrid, tuned = columns_for(choices, workspace)
    assert (hybrid.way, hybrid.adapter_id, hybrid.tools) == ("hybrid", "old", ("calculator",))
    assert (tuned.way, tuned.adapter_id, tuned.tools) == ("tuned", "old", ())


def test_a_deleted_adapter_is_neither_the_newest_nor_to_be_chosen(workspace: Workspace) -> None:
    add_adapter(workspace, "old", at=1.0)
    adapter = keep_adapter(workspace, "Returns tone")
    assert columns_for(Choices(ways=("tuned",)), workspace)[0].adapter_id == adapter.id
    workspace.adapters.delete(adapter.id)
    assert columns_for(Choices(ways=("tuned",)), workspace)[0].adapter_id == "old"
    with pytest.raises(Deleted, match="“Returns tone” was deleted"):
        columns_for(Choices(adapter_id=adapter.id), workspace)


@pytest.mark.parametrize(
    "choices",
    [
        Choices(adapter_id="none"),
        Choices(collection="none"),
        Choices(tools=("none",)),
        Choices(tools=("date_and_time",)),
        Choices(ways=("none",)),
    ],
)
def test_what_is_not_there_can_not_be_chosen(workspace: Workspace, choices: Choices) -> None:
    Registry(workspace).set_permission("date_and_time", Permission.OFF)
    with pytest.raises(NotFound) as refused:
        columns_for(choices, workspace)
    assert refused.value.next_step


def test_documents_are_quoted_where_that_is_better_or_wished_and_never_beside_labels(workspace: Workspace) -> None:
    put_documents(workspace, {"a.md": "# A\n\nIt is a."})

    def quoting(**chosen: object) -> list[str]:
        return [column.id for column in columns_for(Choices.model_validate(chosen), workspace) if column.quote]

    assert quoting() == ["documents"], "Hybrid has nothing that was taught"
    assert quoting(adapter_id=keep_adapter(workspace).id) == ["documents"], "it was taught how to answer"
    assert quoting(model="qwen3-0.6b") == [], "measured with the starter model alone"
    assert quoting(wording="quote", model="qwen3-0.6b") == ["documents", "hybrid"]
    assert quoting(wording="free") == []


def test_who_was_taught_to_read_quotes_also_by_rows_that_were_edited(workspace: Workspace) -> None:
    rows = [Example(number, f"Question {number}?", f"It is {number}.", part="learn") for number in range(1, 10)]
    made = workspace.datasets.keep("Reading", rows, rows=9, columns={}, dropped=(), source=f"{READING}Manuals")
    edited = workspace.datasets.follow(made, rows[1:], rows=8, source="edited by hand")
    assert edited is not None
    other = workspace.datasets.keep("FAQ", rows, rows=9, columns={}, dropped=(), source="faq.csv")
    taught = [keep_adapter(workspace, name, dataset_id=kept.id) for name, kept in (("a", made), ("b", edited))]
    voiced = keep_adapter(workspace, "c", dataset_id=other.id)
    ids = [adapter.id for adapter in (*taught, voiced)]

    def quotes(**chosen: object) -> list[bool]:
        wanted = [Choices.model_validate({"ways": ("hybrid",), "adapter_id": one, **chosen}) for one in ids]
        return [column.quote for choices in wanted for column in columns_for(choices, workspace)]

    assert quotes() == [True, True, False]
    assert quotes(wording="free") == [False] * 3
    assert quotes(wording="quote") == [True] * 3
    side_by_side = picked([of_adapter("hybrid", one) for one in ids], Choices(), workspace)
    assert [column.quote for column in side_by_side] == [True, True, False]
    assert [column.adapter_id for column in side_by_side] == ids
