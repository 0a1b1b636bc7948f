"""A real worker killed while all documents are read anew: the old index answers, and what was embedded is not again."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from jobs.queue import Queue
from jobs.requests import Index
from jobs.retrieval.embedding import BATCH
from jobs.retrieval.search import search
from storage.records import JobState
from storage.workspace import Workspace
from tests.conftest import PROJECT
from tests.documents import put_documents
from tests.fakes import ScriptedModel
from tests.faults.reindexing import GIVEN

PARTS = 120


@contextmanager
def worker(workspace: Workspace) -> Iterator[None]:
    """Let a worker of this workspace run until it is killed at the end of the block."""
    environment = {**os.environ, "TRIPTYCH_HOME": str(workspace.home), "CUDA_VISIBLE_DEVICES": ""}
    process = subprocess.Popen([sys.executable, "-m", "tests.faults.reindexing"], cwd=PROJECT, env=environment)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def given(workspace: Workspace) -> list[int]:
    file = workspace.home / GIVEN
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def test_a_worker_killed_while_all_is_read_anew_loses_nothing(workspace: Workspace) -> None:
    filler = "It stands in the long hall beside the others and is opened with the small key that hangs there. " * 5
    text = "".join(f"## Box {nr}\n\nIts code is B{nr}.\n{filler}\n\n" for nr in range(PARTS))
    put_documents(workspace, {"boxes.md": text})
    before = workspace.collections.get("Manuals")
    queue = Queue(workspace.database, workspace.clock)
    job_id = queue.enqueue(Index(collection="Manuals", cutting="short"), "key").id
    with worker(workspace):
        until = time.monotonic() + 60
        while len(given(workspace)) < 3:
            assert time.monotonic() < until, "nothing is embedded"
            time.sleep(0.02)
    assert workspace.collections.get("Manuals") == before
    found = search(workspace.collections, ScriptedModel(), "Manuals", f"Its code is B7. {filler}")
    assert (found.index_version, "B7." in found.passages[0].text) == (before.index_version, True)
    with worker(workspace):
        done = queue.wait(job_id, 60)
    assert (done.state, done.fence) == (JobState.SUCCEEDED, 2)
    after, passages = workspace.collections.get("Manuals"), workspace.collections.passages_of("Manuals")
    assert (after.embedder, after.cutting, after.index_version) == ("newer", "short", before.index_version + 1)
    assert len(passages) == done.result["cut"]["passages"] == len(workspace.collections.index("Manuals").passage_ids)
    # One batch may have been given and not kept yet.
    distinct = len({(one.title, one.text) for one in passages})
    assert distinct <= sum(given(workspace)) <= distinct + BATCH
