"""Memory that really runs out: the kernel kills the job, the worker lives, and the person is told what happened."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.executors.dying import memory_kills
from jobs.queue import Queue
from storage.records import JobState
from storage.workspace import Workspace
from tests.faults.forked import fork_server, start_worker
from tests.faults.stub import HOG, Stub

LIMIT_BYTES = 200 << 20
GROUPS = Path("/sys/fs/cgroup")


@pytest.fixture
def control_group(workspace: Workspace) -> Iterator[Path]:
    """A group of processes that may take only so much memory; what wants to be killed finds its name in the home."""
    one = GROUPS / "memory" if (GROUPS / "memory").is_dir() else GROUPS
    group = one / f"triptych-{uuid.uuid4()}"
    try:
        group.mkdir()
        limit = next(group / name for name in ("memory.limit_in_bytes", "memory.max") if (group / name).exists())
        limit.write_text(str(LIMIT_BYTES))
    except (OSError, StopIteration) as error:
        pytest.skip(f"no control group can be made here: {error}")
    (workspace.home / HOG).write_text(str(group))
    yield group
    group.rmdir()


@pytest.mark.alone
def test_a_job_killed_for_memory_fails_in_words_and_harms_no_other(workspace: Workspace, control_group: Path) -> None:
    assert control_group.is_dir()
    queue, before = Queue(workspace.database, workspace.clock), memory_kills()
    worker = start_worker(fork_server(), workspace.settings)
    try:
        hog, after = (queue.enqueue(Stub(how=how), str(uuid.uuid4())) for how in ("hog", "finish"))
        assert queue.wait(hog.id, 60).failure_kind == "host_oom"
        assert "ran out of memory" in queue.get(hog.id).failure_text
        assert queue.get(hog.id).failure_next_step
        reasons = [event.reason for event in queue.events(hog.id)]
        assert reasons.count("killed for memory at step 0") == 3  # each time with less, then given up
        assert memory_kills() == before + 4
        assert queue.wait(after.id, 60).state is JobState.SUCCEEDED
        assert worker.is_alive()
    finally:
        worker.kill()
        worker.join()
