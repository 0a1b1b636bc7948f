import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from storage.errors import NoSpace, UserFault
from storage.locks import Locks
from storage.settings import Settings
from studio.up import address, check_disk, check_port, up
from tests.conftest import PROJECT
from tests.running import free_port, studio_running


def until(true: Callable[[], object], within_s: float) -> float:
    """Wait until `true()` and return how long it took; fail after `within_s`."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < within_s, f"it did not happen within {within_s} s"
        time.sleep(0.1)
    return time.monotonic() - begun


def part(parent: psutil.Process, module: str) -> psutil.Process | None:
    """Return the living child that runs `module`."""
    for child in parent.children():
        try:
            if module in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                return child
        except psutil.NoSuchProcess:
            continue
    return None


def states(url: str) -> dict[str, str]:
    """Return what /healthz says of each part; nothing where the page does not answer."""
    try:
        parts = httpx.get(f"{url}/healthz", timeout=2, trust_env=False).json()["parts"]
    except httpx.TransportError:
        return {}
    return {name: told["state"] for name, told in parts.items()}


@pytest.mark.slow
def test_a_part_that_is_killed_comes_back_and_the_end_leaves_nothing_behind(tmp_path: Path):
    with studio_running(tmp_path / "home") as running:
        assert httpx.get(running.url, trust_env=False).status_code == 200
        studio = psutil.Process(running.process.pid)
        for module in ("jobs.worker", "jobs.serving", "studio.web"):
            until(lambda module=module: part(studio, module), 10)
            killed = part(studio, module)
            assert killed is not None
            killed.kill()
            back = until(lambda module=module, killed=killed: part(studio, module) not in {None, killed}, 10)
            assert back < 10
        ready = {"web": "running", "worker": "running", "model": "ready"}
        until(lambda: states(running.url) == ready, 60)
        children = studio.children(recursive=True)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(15) == 0
        assert not any(child.is_running() for child in children)
        assert not (running.home / "run" / "server.json").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_no_part_outlives_a_killed_studio(tmp_path: Path):
    command = [sys.executable, "-m", "studio", "up"]
    variables = {**os.environ, "PORT": str(free_port())}
    process = subprocess.Popen(
        command, cwd=PROJECT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    studio = psutil.Process(process.pid)
    until(lambda: len(studio.children()) == 3, 30)
    children = studio.children(recursive=True)
    process.kill()
    process.wait()
    until(lambda: not any(child.is_running() for child in children), 30)


def test_a_taken_port_is_told_with_the_next_one(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UserFault, match=f"Port {port} is taken") as told:
            check_port(Settings(home=tmp_path, port=port))
    assert f"PORT={port + 1}" in told.value.next_step


def test_an_address_that_is_not_of_this_computer_is_told(tmp_path: Path):
    with pytest.raises(UserFault, match=r"192\.0\.2\.1"):
        check_port(Settings(home=tmp_path, host="192.0.2.1", port=free_port()))


def test_a_full_disk_is_told_before_anything_starts(tmp_path: Path):
    with pytest.raises(NoSpace, match="only 499 MB left"):
        check_disk(tmp_path, 499_000_000)
    check_disk(tmp_path, 500_000_000)


def test_one_home_has_one_studio(tmp_path: Path):
    (tmp_path / "locks").mkdir()
    lock = Locks(tmp_path / "locks").take("up")
    assert lock is not None
    said: list[str] = []
    with pytest.raises(UserFault, match="already runs"):
        up(Settings(home=tmp_path, port=free_port()), said.append, said.append)
    lock.release()
    assert said == []


def test_the_address_is_one_that_people_can_open():
    assert address(Settings(port=7861)) == "http://127.0.0.1:7861"
    assert address(Settings(host="::1", port=1)) == "http://[::1]:1"
    wide = Settings.model_validate({"host": "0.0.0.0", "port": 80, "allowed_hosts": "studio.example.org, b.example"})
    assert address(wide) == "http://b.example:80"
