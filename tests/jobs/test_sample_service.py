"""The order service as a process: found by its note, one a home, nothing forgotten when it is killed."""

import json
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from storage.announcing import Announced, note_of
from storage.sample import mark_opened, sample_folder
from tests.conftest import PROJECT
from tests.jobs.sampling import announced, start_service, write_book
from tests.timing import quickest


class Processes:
    """Starts order services of one home and ends them."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self._book = write_book(folder)
        self._started: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        self._started.append(start_service(self.home, self._book))
        return self._started[-1]

    def end(self) -> None:
        for process in self._started:
            process.kill()
            process.wait()
            if process.stderr:
                process.stderr.close()


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    made = Processes(tmp_path)
    yield made
    made.end()


def got(at: Announced, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{at.url}{path}", headers=headers, trust_env=False)


def refunded(at: Announced, number: str, token: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {at.token if token is None else token}"}
    return httpx.post(f"{at.url}/orders/{number}/refund", headers=headers, trust_env=False)


def test_a_killed_service_comes_back_at_another_place_and_has_forgotten_nothing(processes: Processes) -> None:
    mark_opened(processes.home, time.time() - 3600)
    first = processes.start()
    at = announced(processes.home)
    assert stat.S_IMODE(note_of(processes.home, "orders").stat().st_mode) == 0o600
    assert json.loads(note_of(processes.home, "orders").read_bytes())["pid"] == first.pid
    assert at.url.startswith("http://127.0.0.1:")
    assert got(at, "/healthz").json() == {"phase": "ready", "orders": 3}
    assert got(at, "/orders/lc-4101").json()["status"] == "out for delivery"
    done = refunded(at, "LC-4101")
    assert (done.status_code, done.json()["order"]) == (200, "LC-4101")
    first.kill()
    first.wait()

    second = processes.start()
    back = announced(processes.home, unlike=at)
    assert back.token != at.token
    assert got(back, "/orders/LC-4101").json() == done.json()
    again = refunded(back, "LC-4101")
    assert (again.status_code, "refunded already" in again.json()["error"]) == (409, True)
    second.send_signal(signal.SIGTERM)
    assert second.wait(30) == 0
    assert not note_of(processes.home, "orders").exists()


def test_who_may_do_what(processes: Processes) -> None:
    mark_opened(processes.home, time.time())
    processes.start()
    at = announced(processes.home)
    assert refunded(at, "LC-4101", "wrong").status_code == 401
    assert httpx.post(f"{at.url}/orders/LC-4101/refund", trust_env=False).status_code == 401
    assert got(at, "/orders/LC-4101").json()["refunded_at"] is None
    assert got(at, "/orders/LC-4101", Host="evil.example").status_code == 400
    missing = got(at, "/orders/LC-9999")
    assert (missing.status_code, missing.json()) == (404, {"error": "There is no order LC-9999."})
    assert refunded(at, "LC-9999").status_code == 404
    assert got(at, "/orders/LC-4101/refund").status_code == 405
    assert got(at, "/").status_code == 404


def test_no_reply_waits_for_its_first_part_to_be_acknowledged(processes: Processes) -> None:
    mark_opened(processes.home, time.time())
    processes.start()
    at = announced(processes.home)
    with httpx.Client(trust_env=False) as client:
        assert quickest(lambda: client.get(f"{at.url}/healthz")) < 0.03


def test_one_home_has_one_service_and_it_ends_when_the_sample_is_closed(processes: Processes) -> None:
    mark_opened(processes.home, time.time())
    first = processes.start()
    announced(processes.home)
    second = processes.start()
    assert second.wait(30) == 1
    assert "runs already" in second.communicate()[1]
    (sample_folder(processes.home) / "opened.json").unlink()
    assert first.wait(15) == 0
    assert not note_of(processes.home, "orders").exists()


def test_without_a_sample_it_says_what_to_do(processes: Processes) -> None:
    refused = processes.start()
    assert refused.wait(30) == 1
    assert "Open it on the page Home" in refused.communicate()[1]


def test_it_is_light() -> None:
    script = "import sys, jobs.sample.server; print({'torch', 'gradio', 'sqlalchemy', 'fastapi'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
