"""The server as a process: one a home, found by its file, gone without a trace."""

import json
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.models.client import connect
from jobs.models.conversation import conversation
from jobs.models.door import Chat
from storage.errors import ModelUnavailable
from storage.settings import Settings
from tests.processes import Processes
from tests.timing import quickest


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    made = Processes(tmp_path / "home")
    yield made
    made.end()


def test_a_server_is_found_by_its_file_answers_and_leaves_nothing(processes: Processes):
    server = processes.start()
    written = processes.listening()
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert json.loads(written.read_bytes())["pid"] == server.pid
    door = connect(processes.settings)
    assert door.health()["phase"] in {"loading", "ready"}
    assert list(door.chat(Chat(conversation("Hello"), max_tokens=3)))[-1].finish_reason
    second = processes.start()
    assert second.wait(60) == 1
    assert "runs already" in second.communicate()[1]
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0
    assert not written.exists()
    with pytest.raises(ModelUnavailable):
        door.health()


def test_no_reply_waits_for_its_first_part_to_be_acknowledged(processes: Processes):
    """Linux acknowledges after 40 ms what comes in small parts over a connection that is kept open."""
    processes.start()
    processes.listening()
    door = connect(processes.settings)
    assert quickest(door.health) < 0.03


def test_a_killed_server_is_replaced_and_the_door_finds_the_new_one(processes: Processes):
    first = processes.start()
    door = connect(Settings(home=processes.settings.home))
    before = json.loads(processes.listening().read_bytes())
    assert door.health()
    first.kill()
    first.wait()
    processes.start()
    while json.loads(processes.listening().read_bytes()) == before:
        time.sleep(0.05)
    assert door.health()["phase"] in {"loading", "ready"}


def test_beyond_this_computer_it_listens_only_with_a_token(processes: Processes):
    refused = processes.start("--host", "0.0.0.0")
    assert refused.wait(60) == 1
    assert "only with a token" in refused.communicate()[1]
    processes.environment["TRIPTYCH_MODEL_TOKEN"] = "given"
    processes.start("--host", "0.0.0.0")
    assert json.loads(processes.listening().read_bytes())["token"] == "given"


def test_a_taken_port_is_a_sentence(processes: Processes, tmp_path: Path):
    processes.start()
    port = json.loads(processes.listening().read_bytes())["url"].rpartition(":")[2]
    processes.environment["TRIPTYCH_HOME"] = str(tmp_path / "other")
    refused = processes.start("--port", port)
    assert refused.wait(60) == 1
    assert f"Port {port}" in refused.communicate()[1]
