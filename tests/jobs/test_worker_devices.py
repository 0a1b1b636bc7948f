"""Which devices a computer has, and that the answer needs nothing heavy."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.executors.devices import devices


@pytest.mark.parametrize(
    ("visible", "expected"),
    [
        ("0", ("cuda:0",)),
        ("2, 3", ("cuda:2", "cuda:3")),
        ("1,-1,2", ("cuda:1",)),
        ("", ("cpu:0",)),
        ("-1", ("cpu:0",)),
        ("GPU-8932f937-d72c-4106-c12f-20bd9faed9f6", ("cuda:GPU-8932f937-d72c-4106-c12f-20bd9faed9f6",)),
    ],
)
def test_what_is_made_visible_decides(visible: str, expected: tuple[str, ...]) -> None:
    assert devices({"CUDA_VISIBLE_DEVICES": visible}) == expected


@pytest.mark.parametrize(
    ("visible", "together", "expected"),
    [
        ("0,1,2,3", 2, ("cuda:0,1", "cuda:2,3")),
        ("4,5,6", 2, ("cuda:4,5", "cuda:6")),
        ("0,1", 8, ("cuda:0,1",)),
        ("", 2, ("cpu:0",)),
    ],
)
def test_cards_are_put_together_where_one_training_shall_have_several(
    visible: str, together: int, expected: tuple[str, ...]
) -> None:
    assert devices({"CUDA_VISIBLE_DEVICES": visible}, together) == expected


def _program(folder: Path, script: str) -> None:
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("script", "expected"),
    [("echo 0; echo 1", ("cuda:0", "cuda:1")), ("exit 9", ("cpu:0",)), ("true", ("cpu:0",))],
)
def test_the_driver_is_asked_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, expected: tuple[str, ...]
) -> None:
    _program(tmp_path, script)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices({}) == expected


def test_without_a_driver_there_is_the_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices({}) == ("cpu:0",)


def test_the_worker_is_light() -> None:
    check = "import sys, jobs.worker; sys.exit(bool({'torch', 'transformers', 'gradio'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
