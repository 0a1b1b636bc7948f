"""The one thread that computes: who asks gets the result or the fault, and nobody waits for a thread that ended."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from jobs.serving.computing import Computing, apart
from storage.errors import ModelUnavailable


@pytest.fixture
def running() -> Iterator[tuple[Computing, threading.Thread]]:
    computing = Computing()
    thread = threading.Thread(target=computing.run)
    thread.start()
    yield computing, thread
    computing.end()
    thread.join(10)


def until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        threading.Event().wait(0.005)
    raise AssertionError("it did not come")


def test_tasks_are_done_by_the_thread_that_runs_and_by_whoever_asks_where_none_does(
    running: tuple[Computing, threading.Thread],
):
    computing, thread = running
    until(lambda: computing.do(threading.get_ident) == thread.ident)
    assert computing.do(lambda: computing.do(threading.get_ident)) == thread.ident  # from within
    with pytest.raises(ZeroDivisionError):
        computing.do(lambda: 1 // 0)
    assert computing.do(lambda: 5) == 5
    computing.end()
    thread.join(10)
    assert not thread.is_alive()
    assert computing.do(threading.get_ident) == threading.get_ident()


def test_a_task_that_comes_too_late_is_refused_and_not_waited_for():
    computing, inside, told = Computing(), threading.Event(), dict[str, object]()
    go_on = threading.Event()

    def slow() -> None:
        inside.set()
        go_on.wait(10)

    def ask(name: str, task: Callable[[], object]) -> None:
        try:
            told[name] = computing.do(task)
        except ModelUnavailable as error:
            told[name] = error

    thread = threading.Thread(target=computing.run)
    thread.start()
    until(lambda: computing.do(threading.get_ident) == thread.ident)
    first = threading.Thread(target=ask, args=("first", slow))
    first.start()
    assert inside.wait(10)
    computing.end()
    late = threading.Thread(target=ask, args=("late", lambda: "late"))
    late.start()
    until(lambda: computing._tasks.qsize() == 2)
    go_on.set()
    for one in (first, late, thread):
        one.join(10)
        assert not one.is_alive()
    assert told["first"] is None
    assert isinstance(told["late"], ModelUnavailable)


def test_what_is_done_apart_leaves_no_thread_behind():
    before = threading.active_count()
    name = asyncio.run(apart(lambda: threading.current_thread().name))
    assert name.startswith("apart")
    until(lambda: threading.active_count() <= before)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(apart(lambda: 1 // 0))
