import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from storage.errors import OurFault
from storage.files import write_atomically
from storage.locks import Locks
from storage.settings import Settings
from studio.health import health, model_server_runs, model_state, page_answers, well, worker_runs
from studio.needing import Needed, models_lack, needing
from tests.conftest import PROJECT
from tests.running import free_port


@contextmanager
def a_server(body: bytes, content_type: str = "application/json", delay_s: float = 0) -> Iterator[str]:
    """Serve `body` for every path and yield the address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(delay_s)
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def announced(settings: Settings, url: str) -> None:
    """Write where the home's model server listens."""
    written = {"url": url, "token": "secret", "pid": 1}
    write_atomically(settings.home / "run" / "server.json", json.dumps(written).encode())


def test_nothing_runs_in_a_home_that_is_not_there(settings: Settings):
    assert health(settings)["parts"] == {
        "web": {"state": "running"}, "worker": {"state": "stopped"}, "model": {"state": "stopped"},
    }  # fmt: skip
    assert not settings.home.exists()


@pytest.mark.parametrize("phase", ["ready", "loading", "lent", "failed"])
def test_the_model_server_says_its_phase(settings: Settings, phase: str):
    with a_server(json.dumps({"phase": phase}).encode()) as url:
        announced(settings, url)
        assert model_state(settings) == phase


def test_a_look_takes_little_of_the_processor(settings: Settings):
    with a_server(b'{"phase": "ready"}') as url:
        announced(settings, url)
        model_state(settings)  # what is made once
        begun = time.process_time()
        for _ in range(20):
            model_state(settings)
    assert time.process_time() - begun < 20 * 0.01, "it reads the authorities' certificates, 22 ms each time"


def test_a_server_that_listens_but_is_slow_is_loading(settings: Settings):
    with a_server(b"{}", delay_s=2.5) as url:
        announced(settings, url)
        assert model_state(settings) == "loading"


def test_a_note_that_a_crash_left_behind_means_nothing(settings: Settings):
    announced(settings, f"http://127.0.0.1:{free_port()}")
    assert model_state(settings) == "stopped"


def test_another_server_that_answers_at_all_is_ready(settings: Settings):
    with a_server(b"OK", "text/plain") as url:
        foreign = Settings(home=settings.home, model_url=f"{url}/v1")
        assert model_state(foreign) == "ready"
        assert not models_lack(foreign)


def test_a_part_lives_as_long_as_it_holds_its_lock(settings: Settings):
    (settings.home / "locks").mkdir(parents=True)
    locks = Locks(settings.home / "locks")
    worker, server = locks.take("worker"), locks.take("server")
    assert worker is not None
    assert server is not None
    assert worker_runs(settings)
    assert model_server_runs(settings)
    worker.release()
    server.release()
    assert not worker_runs(settings)
    assert not model_server_runs(settings)


@pytest.mark.parametrize(
    ("phase", "is_well"), [("ready", True), ("loading", True), ("lent", True), ("missing", False), ("failed", False)]
)
def test_a_model_server_is_well_while_it_loads_or_makes_room(settings: Settings, phase: str, is_well: bool):
    with a_server(json.dumps({"phase": phase}).encode()) as url:
        announced(settings, url)
        assert well("model", settings) is is_well


def test_the_pages_are_well_while_they_answer_at_whichever_address_they_bind(settings: Settings):
    with a_server(b"{}") as url:
        port = int(url.rpartition(":")[2])
        assert page_answers(Settings(home=settings.home, port=port))
        assert well("web", Settings(home=settings.home, port=port, host="0.0.0.0"))
    assert not well("web", Settings(home=settings.home, port=port))


def test_health_is_asked_from_outside_by_an_exit_code(settings: Settings):
    (settings.home / "locks").mkdir(parents=True)
    assert _asked("worker") == 1
    lock = Locks(settings.home / "locks").take("worker")
    assert lock is not None
    assert _asked("worker") == 0
    assert _asked("nonsense") == 1
    assert _asked() == 1
    lock.release()


def _asked(*part: str) -> int:
    return subprocess.run([sys.executable, "-m", "studio.health", *part], cwd=PROJECT, check=False).returncode


def test_a_command_whose_worker_can_not_start_says_why(settings: Settings):
    settings.home.mkdir()
    (settings.home / "triptych.db").write_bytes(b"not a database" * 1000)
    said: list[str] = []
    with needing(settings, said.append, worker=True) as needed:
        until = time.monotonic() + 60
        why = ""
        while not why and time.monotonic() < until:
            why = _ensured(needed)
            time.sleep(0.1)
    assert why.startswith("The worker does not start: ")
    assert "database" in why
    assert said == ["Starting the worker…"] * 3
    assert not worker_runs(settings)


def _ensured(needed: Needed) -> str:
    try:
        needed.ensure()
    except OurFault as error:
        return str(error)
    return ""
