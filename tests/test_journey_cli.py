"""The main job on the command line with the real starter model and nothing else running: teach, look up, ask, score."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT
from tests.running import LARKSPUR

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PROVENANCE = {
    "base_id",
    "base_sha256",
    "adapter_id",
    "adapter_sha256",
    "prompt_sha256",
    "seed",
    "index_version",
    "tools",
}


def triptych(*arguments: str) -> dict[str, Any]:
    """Run a command and return its one JSON document; fail with its words."""
    command = [sys.executable, "-m", "studio", *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, env=os.environ, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-500:]
    return json.loads(done.stdout)


def few_rows(folder: Path) -> Path:
    """Write the first twelve questions of the sample company, so that a training is short."""
    file = folder / "faq.csv"
    with (LARKSPUR / "faq.csv").open(encoding="utf-8") as source, file.open("w", encoding="utf-8") as target:
        csv.writer(target).writerows(row for number, row in enumerate(csv.reader(source)) if number <= 12)
    return file


def test_from_a_file_to_scores(tmp_path: Path):
    dataset = triptych("dataset", "add", str(few_rows(tmp_path)), "--name", "larkspur")
    assert (dataset["rows"], dataset["used"]) == (12, 12)

    job = triptych("train", "larkspur", "--preset", "quick", "--epochs", "2", "--wait")
    assert (job["kind"], job["state"], job["failure"]) == ("train", "succeeded", None)

    documents = triptych("documents", "add", "manuals", str(LARKSPUR / "battery-care.md"))
    assert documents["state"] == "succeeded"
    assert documents["documents"][0]["document"] == "battery-care.md"
    assert triptych("table", "add", "orders", str(LARKSPUR / "orders.csv"), "--key", "order")["rows"] == 4

    answers = {answer["way"]: answer for answer in _asked("How should I store the battery in winter?", job)}
    assert [answer["state"] for answer in answers.values()] == ["finished"] * 5
    assert all(answer["text"] and set(answer["provenance"]) >= PROVENANCE for answer in answers.values())
    assert answers["base"]["provenance"]["adapter_id"] is None
    for way in ("tuned", "hybrid"):
        assert answers[way]["provenance"]["adapter_id"] == job["adapter_id"]
    for way in ("documents", "hybrid"):
        assert answers[way]["passages"][0]["document"] == "battery-care.md"
        assert answers[way]["provenance"]["index_version"] == documents["index_version"]

    (answer,) = _asked("What is the status of order 10443?", job, "--way", "tools")
    assert answer["calls"][0]["tool"] == "look_up_orders"
    assert list(answer["calls"][0]["arguments"].values()) == ["10443"]
    assert "being packed" in answer["calls"][0]["result"]
    assert "being packed" in answer["text"]

    _scores(tmp_path)
    assert triptych("doctor")["ok"] is True
    assert [one["state"] for one in triptych("jobs")["jobs"]] == ["succeeded"] * 3


def _asked(question: str, job: dict[str, Any], *more: str) -> list[dict[str, Any]]:
    told = triptych("ask", question, "--adapter", job["adapter_id"], "--documents", "manuals", *more)
    assert told["question"] == question
    return told["answers"]


def _scores(folder: Path) -> None:
    test = folder / "test.csv"
    test.write_text("question,answer,kind\nHow far does the Larkspur Glide ride in Eco mode?,85 kilometres,facts\n")
    told = triptych("evaluate", str(test), "--way", "base", "--way", "documents")
    assert [way["way"] for way in told["ways"]] == ["base", "documents"]
    for way in told["ways"]:
        assert way["n"] == 1
        assert 0 <= way["right_low"] <= way["right"] <= way["right_high"] <= 1
    kept = [json.loads(line) for line in Path(told["answers_file"]).read_text().splitlines()]
    assert {line["question"] for line in kept} == {"How far does the Larkspur Glide ride in Eco mode?"}
    assert len(kept) == 2
