"""With one CSV alone and the real models: its rows are learned from and looked up, those of the exam are neither."""

import csv
from pathlib import Path

import pytest

from storage.settings import Settings
from storage.workspace import Workspace
from tests.running import LARKSPUR
from tests.test_journey_cli import triptych

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_rows_are_looked_up_and_those_of_the_exam_are_not(tmp_path: Path) -> None:
    with (LARKSPUR / "faq.csv").open(encoding="utf-8") as stream:
        rows = len(list(csv.DictReader(stream)))
    kept = triptych("dataset", "add", str(LARKSPUR / "faq.csv"), "--name", "larkspur", "--look-up")
    assert kept["looked_up"]["collection"] == "larkspur, looked up"
    assert kept["looked_up"]["passages"] == rows - kept["held_out"]

    workspace = Workspace.open(Settings())
    learned = workspace.datasets.examples(kept["id"], "learn", "watch")[0]
    exam = workspace.datasets.examples(kept["id"], "exam")
    passages = workspace.collections.passages_of("larkspur, looked up")
    workspace.close()
    assert exam
    assert not [row for row in exam for passage in passages if row.question in passage.text]

    (answer,) = triptych("ask", learned.question, "--way", "documents")["answers"]
    assert answer["state"] == "finished"
    assert answer["passages"][0]["document"] == "larkspur (training rows)"
    assert answer["passages"][0]["text"] == f"{learned.question}\n{learned.answer}"
    assert triptych("doctor")["ok"] is True
