"""Memory that the model server lends: asked for where it is short, renewed, and given back however a run ends."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from jobs.context import JobContext
from jobs.requests import Train
from jobs.training import lending as module
from jobs.training.hardware import Hardware
from jobs.training.lending import LENT, lending
from storage.errors import ModelUnavailable
from storage.locks import JOB_LOCK
from storage.workspace import Workspace
from tests.claimed import claimed_context


class Server:
    """A model server that has made room, or that is not there."""

    def __init__(self, *, there: bool = True) -> None:
        self.asked: list[tuple[str, int, str]] = []
        self._there = there

    def lease(self, device: str, size: int, lock: str) -> bool:
        if not self._there:
            raise ModelUnavailable("The model server is not running.")
        self.asked.append((device, size, lock))
        return size > 0


@pytest.fixture
def context(workspace: Workspace) -> JobContext:
    return claimed_context(workspace, Train(dataset_id="d"))


def test_nothing_is_asked_where_memory_suffices(context: JobContext) -> None:
    server = Server()
    with lending(context, lambda _: server):
        pass
    assert server.asked == []


def _break(loan: AbstractContextManager[Callable[[int], bool]], server: Server) -> None:
    """Borrow, wait for the loan to be renewed, and end in a fault."""
    with loan as make_room:
        assert make_room(2_000)
        while len(server.asked) < 3:
            time.sleep(0.01)
        raise ZeroDivisionError


def test_a_loan_is_told_renewed_and_given_back(context: JobContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_RENEW_S", 0.01)
    server, lock = Server(), JOB_LOCK + context.job.id
    with pytest.raises(ZeroDivisionError):
        _break(lending(context, lambda _: server), server)
    assert server.asked[:2] == [("cpu:0", 2_000, lock)] * 2
    assert ("cpu:0", 0, lock) in server.asked
    context.flush()
    (told,) = context.workspace.runs.records(context.job.id, LENT)
    assert told.body == {"bytes": 2_000}


def test_a_server_that_is_away_lends_nothing_and_is_no_fault(context: JobContext) -> None:
    with lending(context, lambda _: Server(there=False)) as make_room:
        assert not make_room(2_000)


def test_a_device_says_how_wide_its_weights_are() -> None:
    assert Hardware("cpu", "float32", 0).weight_bytes == 4
    assert Hardware("cuda", "float16", 0).weight_bytes == 2
