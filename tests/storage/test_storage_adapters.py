"""A deleted adapter leaves the list, comes back for thirty days, and keeps its name for whoever used it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from storage.adapters import RESTORABLE_S
from storage.checks import file_problems, job_problems
from storage.errors import Deleted, NotFound
from storage.settings import Settings
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(either_settings: Settings, clock: Clock) -> Iterator[Workspace]:
    opened = Workspace.open(either_settings, clock)
    yield opened
    opened.close()


def test_a_deleted_adapter_is_neither_listed_nor_found(workspace: Workspace, clock: Clock) -> None:
    old = keep_adapter(workspace, "Old tone")
    clock.now += 10
    new = keep_adapter(workspace, "New tone")
    assert workspace.adapters.list() == [new, old]
    assert workspace.adapters.delete(new.id) == new
    assert workspace.adapters.list() == [old]
    assert workspace.adapters.newest() == old
    assert workspace.adapters.deleted() == [replace(new, deleted_at=clock.now)]
    for gone in (workspace.adapters.get, workspace.adapters.delete):
        with pytest.raises(Deleted, match="“New tone” was deleted") as refused:
            gone(new.id)
        assert refused.value.next_step == "Restore it on the Train page, or choose another one."


def test_a_restored_adapter_is_as_before(workspace: Workspace) -> None:
    adapter = keep_adapter(workspace)
    workspace.adapters.delete(adapter.id)
    assert workspace.adapters.restore(adapter.id) == adapter
    assert workspace.adapters.list() == [adapter]
    assert workspace.adapters.deleted() == []
    with pytest.raises(NotFound, match="no adapter 'x'"):
        workspace.adapters.restore("x")


def test_only_what_was_deleted_long_ago_is_given_up(workspace: Workspace, clock: Clock) -> None:
    kept, early, late = (keep_adapter(workspace, name) for name in ("kept", "early", "late"))
    workspace.adapters.delete(early.id)
    clock.now += RESTORABLE_S
    workspace.adapters.delete(late.id)
    clock.now += 1
    gone = workspace.adapters.purge(clock.now - RESTORABLE_S)
    assert [adapter.path for adapter in gone] == [early.path]
    assert workspace.adapters.purge(clock.now - RESTORABLE_S) == []
    assert [adapter.id for adapter in workspace.adapters.deleted()] == [late.id]
    assert workspace.adapters.list() == [kept]
    with pytest.raises(Deleted, match="“early” was deleted") as refused:
        workspace.adapters.restore(early.id)
    assert refused.value.next_step == "Choose another one on the Train page."


def test_names_outlive_deleting_and_giving_up(workspace: Workspace, clock: Clock) -> None:
    adapter = keep_adapter(workspace)
    workspace.adapters.delete(adapter.id)
    workspace.adapters.purge(clock.now + 1)
    assert workspace.adapters.names([adapter.id, "x"]) == {adapter.id: "Returns tone"}
    assert workspace.adapters.names([]) == {}


def test_the_checks_stay_right_while_an_adapter_goes(workspace: Workspace, clock: Clock) -> None:
    adapter = keep_adapter(workspace)
    workspace.adapters.delete(adapter.id)
    assert file_problems(workspace) == job_problems(workspace.database) == []
    (workspace.home / adapter.path / "adapter_model.safetensors").write_bytes(b"other")
    assert len(file_problems(workspace)) == 1, "what can come back must be whole"
    workspace.adapters.purge(clock.now + 1)
    assert file_problems(workspace) == job_problems(workspace.database) == []
