import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from storage.settings import Settings
from studio.parts import Part, Watched, environment, stop_all
from tests.conftest import PROJECT

LASTING = Part("lasting", "tests.studio.lasting_part", "the part")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def watched(home: Path) -> Iterator[Watched]:
    one = Watched(LASTING, Settings(home=home), lambda: False)
    yield one
    stop_all([one], within_s=0.2)


def until(true: Callable[[], object], within_s: float = 10) -> None:
    """Wait until `true()`; fail after `within_s`."""
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def pids(home: Path) -> list[int]:
    """Return the ids that the part wrote, one for each start."""
    return [int(line) for line in (home / "pids").read_text().split()] if (home / "pids").exists() else []


def test_a_part_that_was_killed_is_started_again_within_ten_seconds(watched: Watched, home: Path):
    assert watched.look(time.monotonic()) == "started"
    until(lambda: pids(home))
    for times in (1, 2, 3):
        psutil.Process(pids(home)[-1]).kill()
        until(lambda: watched.look(time.monotonic()) == "died")
        until(lambda: watched.look(time.monotonic()) == "started")
        until(lambda times=times: len(pids(home)) == times + 1)


def test_a_part_that_dies_at_once_is_not_started_in_a_hurry(watched: Watched, home: Path):
    (home / "dying").touch()
    now, starts = 0.0, []
    while len(starts) < 8:
        if watched.look(now) == "started":
            starts.append(now)
            assert watched.process is not None
            watched.process.wait(10)
        now += 0.25
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert pauses == sorted(pauses)
    assert 0.5 <= pauses[0] < 2
    assert 7 < pauses[-1] < 10
    assert watched.last_words() == "the roof fell in"


def test_a_part_that_runs_elsewhere_is_left_alone(home: Path):
    watched = Watched(LASTING, Settings(home=home), lambda: True)
    assert watched.look(time.monotonic()) == ""
    assert watched.process is None


def test_stopping_asks_first_and_kills_the_deaf(watched: Watched, home: Path):
    (home / "deaf").touch()
    watched.look(time.monotonic())
    until(lambda: pids(home))
    begun = time.monotonic()
    stop_all([watched], within_s=0.5)
    assert time.monotonic() - begun < 5
    assert not psutil.pid_exists(pids(home)[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_part_ends_when_its_parent_is_killed(home: Path):
    environment = {**os.environ, "TRIPTYCH_HOME": str(home)}
    parent = subprocess.Popen([sys.executable, "-m", "tests.studio.starts_a_part"], cwd=PROJECT, env=environment)
    until(lambda: pids(home))
    parent.kill()
    parent.wait()
    until(lambda: not psutil.pid_exists(pids(home)[0]))


def test_a_log_that_grew_large_begins_anew_and_the_last_one_is_kept(watched: Watched, home: Path):
    watched.log.parent.mkdir()
    watched.log.write_bytes(b"x" * (5 * 1024 * 1024 + 1))
    watched.look(time.monotonic())
    assert watched.log.stat().st_size < 1000
    assert (home / "logs" / "lasting.old.log").stat().st_size > 5 * 1024 * 1024


def test_parts_get_absolute_folders_and_keep_uploads_out_of_the_shared_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    variables = environment(Settings(home=Path("here"), models=Path("there")))
    assert variables["TRIPTYCH_HOME"] == str(tmp_path / "here")
    assert variables["TRIPTYCH_MODELS"] == str(tmp_path / "there")
    assert variables["GRADIO_TEMP_DIR"] == str(tmp_path / "here" / "gradio")
    assert variables["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert variables["OPENBLAS_THREAD_TIMEOUT"] == "14"
