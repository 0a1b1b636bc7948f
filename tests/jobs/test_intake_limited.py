"""A limited child gives back plain values, or a sentence whatever happens to it."""

from typing import Any

import pytest

from jobs.intake.limited import run_limited
from storage.errors import TooLarge, TriptychError, UnreadableFile

HERE = "tests.jobs.limited_functions"


def run(function: str, *args: Any, **limits: Any) -> Any:
    return run_limited(f"{HERE}:{function}", *args, name="faq.csv", **limits)


def test_values_come_back_as_json_and_prints_do_not_disturb() -> None:
    assert run("echo", "grün 🚲", 3, None, {"a": [1.5]}) == ["grün 🚲", 3, None, {"a": [1.5]}]


def test_a_generator_comes_back_as_a_sequence() -> None:
    items = run("count", 3)
    assert (list(items), items[-1], items[:2], len(items)) == ([0, 1, 2], 2, [0, 1], 3)
    assert list(run("count", 0)) == []


def test_a_refusal_keeps_its_class_its_sentence_and_its_next_step() -> None:
    with pytest.raises(UnreadableFile, match=r"faq\.csv is a picture\.") as caught:
        run("refuse", "faq.csv is a picture.")
    assert caught.value.next_step == "Do this instead."


def test_a_refusal_in_the_middle_of_a_stream_is_a_refusal() -> None:
    with pytest.raises(UnreadableFile, match=r"Line 2 is wrong\."):
        run("refuse_late")


@pytest.mark.parametrize(
    ("function", "limits"),
    [("spin", {"cpu_s": 1}), ("sleep", {"wall_s": 0.5}), ("swallow_memory", {}), ("swallow_disk", {})],
)
def test_a_child_at_its_limit_is_a_sentence(function: str, limits: dict[str, float]) -> None:
    with pytest.raises(TooLarge, match=r"faq\.csv"):
        run(function, **limits)


@pytest.mark.parametrize(("function", "args"), [("crash", ()), ("nested", (100_000,))])
def test_an_unforeseen_fault_is_a_sentence_without_a_traceback(function: str, args: tuple[int, ...]) -> None:
    with pytest.raises(TriptychError, match=r"faq\.csv could not be read") as caught:
        run(function, *args)
    assert "Error" not in str(caught.value)


def test_a_child_sees_neither_the_environment_nor_the_folder_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPTYCH_PASSWORD", "secret")
    seen = run("surroundings")
    assert "secret" not in str(seen["environment"])
    assert not {"HOME", "PATH", "TRIPTYCH_HOME", "TRIPTYCH_PASSWORD"} & set(seen["environment"])
    assert seen["folder"] == []
    assert seen["heavy"] == []


def test_a_letter_that_no_database_takes_is_replaced() -> None:
    assert run("surrogate") == "broken ? letter"


def test_a_child_reaches_neither_network_nor_programs() -> None:
    assert "may not use socket." in run("connect")
    assert "may not use subprocess." in run("run_program")
