"""What rests on a thing is counted, and only that."""

from collections.abc import Iterator

import pytest

from storage.dependants import Dependants, of_adapter, of_collection, of_dataset, of_tool
from storage.records import Column
from storage.removing import remove_scorecard
from storage.settings import Settings
from storage.workspace import Workspace
from tests.filled import Filled, fill


@pytest.fixture
def workspace(either_settings: Settings) -> Iterator[Workspace]:
    opened = Workspace.open(either_settings)
    yield opened
    opened.close()


@pytest.fixture
def filled(workspace: Workspace) -> Filled:
    return fill(workspace)


def test_examples_name_adapters_runs_and_scores(workspace: Workspace, filled: Filled) -> None:
    assert of_dataset(workspace.database, "FAQ") == Dependants(adapters=1, runs=1, scorecards=1)
    assert of_dataset(workspace.database, "Other") == Dependants()
    remove_scorecard(workspace.database, filled.card)
    assert of_dataset(workspace.database, "FAQ").scorecards == 0


def test_documents_tools_and_adapters_name_the_comparisons_that_used_them(workspace: Workspace, filled: Filled) -> None:
    workspace.comparisons.start("Other?", [Column("base", "base"), Column("tools", "tools", tools=("calculator",))])
    database = workspace.database
    used = [
        of_collection(database, "Manuals"),
        of_tool(database, "look_up_orders"),
        of_adapter(database, filled.adapter),
    ]
    assert used == [Dependants(comparisons=1)] * 3
    assert of_tool(database, "calculator") == Dependants(comparisons=1)
    assert of_collection(database, "Others") == of_adapter(database, "nobody") == Dependants()
