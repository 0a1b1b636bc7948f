"""Fail-points: they do what the environment says at the time it says, and nothing without it."""

import errno
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.failpoints import POINTS, VARIABLE, reach

PROJECT = Path(__file__).parent.parent.parent
THREE_TIMES = (
    "from storage.failpoints import reach\nfor nr in range(1, 4):\n reach('claim.commit')\n print(nr, flush=True)"
)


def said(failpoint: str) -> subprocess.CompletedProcess[str]:
    """Come to one place three times in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", THREE_TIMES],
        cwd=PROJECT,
        env={VARIABLE: failpoint, "PATH": ""},
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize(("nth", "passed"), [("1", 0), ("2", 1), ("3+", 2), ("4", 3)])
def test_the_process_is_killed_at_the_time_that_is_named(nth: str, passed: int) -> None:
    ended = said(f"claim.commit:{nth}:kill")
    assert ended.stdout.split() == [str(nr) for nr in range(1, passed + 1)]
    assert ended.returncode == (0 if passed == 3 else -signal.SIGKILL)
    assert ended.stderr == ("" if passed == 3 else f"fail-point claim.commit:{nth}:kill\n")


def test_elsewhere_nothing_happens() -> None:
    assert said("claim.committed:1:kill").stdout.split() == ["1", "2", "3"]


def test_errors_are_raised_once_or_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "finish.commit:1:enospc")
    with pytest.raises(OSError, match="No space left") as full:
        reach("finish.commit")
    assert full.value.errno == errno.ENOSPC
    reach("finish.commit")
    monkeypatch.setenv(VARIABLE, "fail.commit:1+:raise")
    for _ in range(2):
        with pytest.raises(RuntimeError, match=r"fail-point fail\.commit"):
            reach("fail.commit")


def test_without_the_variable_nothing_happens_anywhere() -> None:
    for point in POINTS:
        reach(point)


@pytest.mark.parametrize("wrong", ["no such place:1:kill", "claim.commit:1:explode"])
def test_what_is_named_wrongly_is_said(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv(VARIABLE, wrong)
    with pytest.raises(ValueError, match="names no place or no deed"):
        reach("claim.commit")


def test_every_place_is_in_the_code() -> None:
    code = "".join(path.read_text() for room in ("jobs", "storage") for path in (PROJECT / room).rglob("*.py"))
    named = set(re.findall(r'reach\("([^"]+)"\)', code))
    for name in re.findall(r'\.writing\("([^"]+)"\)', code):
        named |= {f"{name}.commit", f"{name}.committed"}
    assert named == set(POINTS)
