"""The sample company from the command line."""

import json
from typing import Any

import pytest

from jobs.opening import FIRST_QUESTION
from studio.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--json"])
    written = capsys.readouterr()
    assert ended.value.code in (0, None), written.err
    told: dict[str, Any] = json.loads(written.out)
    return told


def test_the_sample_is_opened_once_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    opened = run(capsys, "sample", "open")
    assert (opened["open"], opened["question"]) == (True, FIRST_QUESTION)
    assert [job["kind"] for job in opened["jobs"]] == ["index", "train"]
    again = run(capsys, "sample", "open")
    assert [job["id"] for job in again["jobs"]] == [job["id"] for job in opened["jobs"]]
    assert run(capsys, "sample", "remove") == {"open": False}
    assert {job["state"] for job in run(capsys, "jobs")["jobs"]} == {"cancelled"}
