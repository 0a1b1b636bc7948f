"""A waiting question goes first, but not for ever."""

import os
import time
from pathlib import Path

import pytest

from jobs.context import Cancelled
from jobs.training.courtesy import give_way


def never() -> None:
    """Nobody asks to stop."""


def test_nobody_asking_costs_nothing(tmp_path: Path) -> None:
    assert give_way(tmp_path / "asking", never) < 0.05


def test_an_old_sign_is_nobody_asking(tmp_path: Path) -> None:
    sign = tmp_path / "asking"
    sign.touch()
    os.utime(sign, (time.time() - 10, time.time() - 10))
    assert give_way(sign, never) < 0.05


def test_it_goes_on_when_the_question_is_answered(tmp_path: Path) -> None:
    sign = tmp_path / "asking"
    sign.touch()
    looks = iter(range(10))

    def answered() -> None:
        if next(looks) == 2:
            sign.unlink()

    assert 0.15 < give_way(sign, answered) < 1.5


def test_the_wait_is_bounded(tmp_path: Path) -> None:
    sign = tmp_path / "asking"
    sign.touch()
    assert 0.3 <= give_way(sign, never, most_s=0.3) < 1.5


def test_a_cancel_is_heard_while_waiting(tmp_path: Path) -> None:
    sign = tmp_path / "asking"
    sign.touch()

    def cancelled() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        give_way(sign, cancelled)
