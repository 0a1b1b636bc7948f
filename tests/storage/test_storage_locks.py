"""Locks of the kernel: one holder, handed to children, free when all are gone."""

import subprocess
import sys
from pathlib import Path

from storage.locks import Locks


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    locks = Locks(tmp_path)
    lock = locks.take("a")
    assert lock is not None
    assert locks.take("a") is None
    assert locks.held("a")
    lock.release()
    lock.release()
    assert not locks.held("a")


def test_a_child_that_inherits_the_lock_keeps_it(tmp_path: Path) -> None:
    locks = Locks(tmp_path)
    lock = locks.take("a")
    assert lock is not None
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[lock.descriptor]) as child:
        lock.release()
        assert locks.held("a")
        child.kill()
    assert not locks.held("a")


def test_a_removed_lock_is_not_taken_by_who_had_it_open(tmp_path: Path) -> None:
    locks = Locks(tmp_path)
    first = locks.take("job-1")
    assert first is not None
    assert locks.names("job-") == ["job-1"]
    first.remove()
    assert locks.names("job-") == []
    second = locks.take("job-1")
    assert second is not None
    assert second.path.is_file()
    second.release()


def test_a_place_keeps_its_id(tmp_path: Path) -> None:
    assert Locks(tmp_path).host() == Locks(tmp_path).host() != ""
