"""A process killed in the middle: the comparison keeps what it has, says what is missing, and is completed."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from jobs.answering.collect import CUT_OFF
from jobs.answering.compare import Comparing
from jobs.models.client import connect
from jobs.queue import Queue
from jobs.requests import Index
from storage.records import AnswerState, Column
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.fakes import ScriptedModel
from tests.jobs.asking_process import COLUMNS
from tests.processes import Processes, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def processes(fresh_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Processes of one home for all tests: a model server takes seconds to start."""
    made = Processes(tmp_path_factory.mktemp("killed") / "home")
    copytree(fresh_home, made.settings.home)
    yield made
    made.end()


@pytest.fixture(scope="module")
def workspace(processes: Processes) -> Iterator[Workspace]:
    opened = Workspace.open(processes.settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def serving(processes: Processes) -> subprocess.Popen[str]:
    """A model server that is ready."""
    server = processes.start()
    until(lambda: processes.file.exists() and connect(processes.settings).health()["phase"] == "ready", 90)
    return server


@pytest.fixture
def comparing(workspace: Workspace, processes: Processes) -> Comparing:
    return Comparing(workspace, connect(processes.settings))


def test_a_web_process_killed_while_columns_stream_leaves_their_words_and_the_next_completes_them(
    workspace: Workspace, processes: Processes, serving: subprocess.Popen[str]
) -> None:
    web = processes.run("tests.jobs.asking_process")
    assert web.stdout is not None
    comparison_id = web.stdout.readline().strip()
    until(lambda: any(event.type == "delta" for event in workspace.comparisons.events(comparison_id, "base")))
    web.kill()
    web.wait()
    comparing = Comparing(workspace, connect(processes.settings))
    cut = comparing.read(comparison_id, "base")
    assert (cut.state, cut.error, cut.next_step) == (AnswerState.STOPPED, CUT_OFF, "Press Again.")
    assert cut.text
    assert comparing.complete(comparison_id) == ["base", "other"]
    # What the killed process had asked for is not written to its end: the server has room for these at once.
    assert comparing.wait(60)
    assert {state for _, state in workspace.comparisons.states(comparison_id).values()} == {AnswerState.FINISHED}
    assert comparing.read(comparison_id, "base").text.startswith(cut.text)
    assert serving.poll() is None


def test_a_worker_killed_while_it_reads_keeps_a_column_waiting_until_the_next_has_read(
    workspace: Workspace, comparing: Comparing, processes: Processes, serving: subprocess.Popen[str]
) -> None:
    (workspace.folder("uploads") / "week").write_text("# Weeks\n\nA week has seven days.\n")
    queue = Queue(workspace.database, workspace.clock)
    reading = queue.enqueue(Index(collection="Manuals", files=(("uploads/week", "week.md"),)), "reading")
    worker = processes.run("jobs.worker", TRIPTYCH_FAILPOINT="claim.committed:1:kill")
    comparison = comparing.ask("How long is a week?", [Column("documents", "documents", collection="Manuals")])
    assert worker.wait(60) == -signal.SIGKILL
    assert [event.body.get("phase") for event in workspace.comparisons.events(comparison.id, "documents")] == ["read"]
    processes.run("jobs.worker")
    assert comparing.wait(60)
    answer = comparing.read(comparison.id, "documents")
    assert (answer.state, answer.provenance["index_version"]) == (AnswerState.FINISHED, 1)
    assert queue.get(reading.id).state.final
    assert serving.poll() is None


def test_a_model_server_killed_while_columns_stream_leaves_their_words_and_the_next_completes_them(
    comparing: Comparing, processes: Processes, serving: subprocess.Popen[str]
) -> None:
    comparison = comparing.ask("How long is a week?", COLUMNS)
    until(lambda: all(comparing.read(comparison.id, column.id).text for column in COLUMNS))
    serving.kill()
    serving.wait()
    assert comparing.wait(10)
    for column in COLUMNS:
        broken = comparing.read(comparison.id, column.id)
        assert (broken.state, broken.error) == (AnswerState.FAILED, "The model server does not answer.")
        assert "Press Again" in broken.next_step
        assert broken.text
    gone = processes.file.read_bytes()
    processes.start()
    until(lambda: processes.file.read_bytes() != gone, 90)
    assert comparing.complete(comparison.id) == ["base", "other"]
    assert comparing.wait(90)
    whole = comparing.read(comparison.id, "base")
    assert (whole.state, whole.attempt) == (AnswerState.FINISHED, 2)
    assert comparing.complete(comparison.id) == []


def test_no_column_is_left_that_nobody_began(workspace: Workspace, comparing: Comparing) -> None:
    left = workspace.comparisons.start("Well?", COLUMNS, owner="a process killed before it began any")
    Comparing(workspace, connect(workspace.settings))
    for column in COLUMNS:
        assert comparing.read(left.id, column.id).error == CUT_OFF
    assert comparing.unanswered(left.id) == ["base", "other"]


def test_a_column_that_lacked_a_part_is_asked_again_once_it_is_there(workspace: Workspace) -> None:
    comparing = Comparing(workspace, ScriptedModel(lambda _chat: "Thanks for asking!"))
    comparison = comparing.ask("How long is a week?", [Column("base", "base"), Column("tuned", "tuned")])
    assert comparing.wait(10)
    assert comparing.complete(comparison.id) == []
    keep_adapter(workspace)
    assert comparing.complete(comparison.id) == ["tuned"]
    assert comparing.wait(10)
    assert comparing.read(comparison.id, "tuned").text == "Thanks for asking!"
