"""The measures beside right and wrong: of each answer, of a column, and what is not measured is None and never 0."""

import json
from collections.abc import Sequence

import pytest

from jobs.evaluation.evaluate import evaluate_through
from jobs.evaluation.measures import measured, summed
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.requests import Choices, Evaluate
from storage.errors import NotFound
from storage.records import Json
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.fakes import ScriptedModel

MAILS = "question,answer,kind\n" + "".join(
    f"Which label has mail {number}?,{label},\n" for number, label in enumerate(["refund"] * 3 + ["delivery"] * 3, 1)
)


class Embedder(ScriptedModel):
    """A door that remembers which texts it embedded."""

    def __init__(self, *, there: bool = True) -> None:
        super().__init__(_label)
        self.embedded: list[Sequence[str]] = []
        self._there = there

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        if not self._there:
            raise NotFound("There is no such model.")
        self.embedded.append(texts)
        return super().embed(texts)


def _label(chat: Chat) -> str:
    refund = any(f"mail {number}" in chat.messages[-1]["content"] for number in (1, 2, 5))
    return "refund" if refund else "It is a delivery."


def run(workspace: Workspace, door: ScriptedModel) -> tuple[Json, list[Json]]:
    (workspace.folder("uploads") / "test.csv").write_text(f"{MAILS}Who will win the race?,,unknown\n")
    asked = Evaluate(source="uploads/test.csv", name="test.csv", choices=Choices(ways=("base",)))
    made = evaluate_through(PatientDoor(door), asked, claimed_context(workspace, asked))
    lines = (workspace.home / made.result["answers_file"]).read_text().splitlines()
    return made.result["ways"][0], [json.loads(line) for line in lines]


def line(answer: str, expected: str, **more: object) -> Json:
    told = {"question": "How much?", "answer": answer, "expected": expected, "accepted": [], "state": "finished"}
    return {**told, "passages": [], **more}


def test_every_text_is_embedded_once_for_the_whole_evaluation(workspace: Workspace) -> None:
    door = Embedder()
    way, lines = run(workspace, door)
    assert [sorted(texts) for texts in door.embedded] == [["It is a delivery.", "delivery", "refund"]]
    assert [one["similarity"] for one in lines] == pytest.approx([1, 1, 0, 0.5, 0, 0.5, None])
    assert {one["embedder"] for one in lines} == {"fake", None}
    assert (way["similarity"], way["embedder"]) == (pytest.approx(0.5), "fake")


def test_without_an_embedder_nearness_is_not_measured_and_the_rest_is(workspace: Workspace) -> None:
    way, lines = run(workspace, Embedder(there=False))
    assert {one["similarity"] for one in lines} == {None}
    assert (way["similarity"], way["embedder"], way["same_text"]) == (None, None, pytest.approx(2 / 6))


def test_labels_are_counted_of_the_questions_that_want_one(workspace: Workspace) -> None:
    way, _ = run(workspace, Embedder())
    told = way["labels"]
    assert (told["names"], told["matrix"], told["n"]) == (["refund", "delivery"], [[2, 1, 0], [1, 2, 0]], 6)
    assert told["accuracy"] == told["macro_f1"] == pytest.approx(2 / 3)


def test_marks_and_numbers_are_counted() -> None:
    passage = {"id": "p", "document_id": "d", "document": "a.md", "start": 0, "end": 9, "text": "A tent weighs 12 lbs."}
    said = "The tent weighs 12 lbs. [1] Penguins live in Antarctica."
    lines = measured([line(said, "12.05 lbs", passages=[passage]), line("13", "12 lbs")], ScriptedModel())
    assert [one["number_within"] for one in lines] == [1.0, 0.0]
    assert lines[0]["cited"] == {"sentences": 2, "marked": 1, "supported": 1}
    assert lines[1]["cited"] is None, "it read nothing"
    told = summed(lines)
    assert (told["number_within"], told["numbers_expected"]) == (0.5, 2)
    assert told["cited"] == {"sentences": 2, "marked": 1, "supported": 1}
    assert told["labels"] is None


def test_of_a_question_asked_several_times_the_mean_is_told() -> None:
    runs = [{"state": "finished", "answer": said, "passages": []} for said in ("12 lbs", "12 lbs", "13 kg", "")]
    (told,) = measured([line("12 lbs", "12 lbs", runs=runs)], ScriptedModel())
    assert (told["same_text"], told["number_within"], told["similarity"]) == (0.5, 0.5, pytest.approx(0.5))


def test_an_answer_that_failed_is_near_to_nothing() -> None:
    (told,) = measured([line("half an ans", "half an answer", state="failed")], ScriptedModel())
    assert (told["similarity"], told["same_text"], told["cited"]) == (0.0, 0.0, None)


def test_answers_of_an_older_form_are_summed_up_as_not_measured() -> None:
    told = summed([line("12", "12")])
    assert (told["same_text"], told["number_within"], told["similarity"]) == (None, None, None)
