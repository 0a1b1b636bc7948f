"""Where chance takes part in answers, each question is asked several times; most decide, and the share counts."""

import json

import pytest

from jobs.evaluation.counting import rights, share_of
from jobs.evaluation.evaluate import evaluate_through
from jobs.evaluation.marking import with_marks
from jobs.evaluation.repeating import times_for
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.queue import Queue
from jobs.requests import Choices, Evaluate
from storage.marks import Mark
from storage.records import Column, Json
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.fakes import ScriptedModel

TABLE = "question,answer\nWhat is the code of box 1?,B1\nWhat is the code of box 2?,B2\n"
FREE = Choices(ways=("base",), temperature=0.7)


def reply(chat: Chat) -> str:
    """Know box 1 with every second seed, box 2 with the first."""
    first = "box 1" in chat.messages[-1]["content"]
    return ("The code is B1." if chat.seed % 2 == 0 else "No.") if first else ("B2." if chat.seed == 0 else "Never.")


def score(
    workspace: Workspace, choices: Choices = FREE, repeats: int | None = None
) -> tuple[Json, list[Json], ScriptedModel]:
    (workspace.folder("uploads") / "test.csv").write_text(TABLE)
    request = Evaluate(source="uploads/test.csv", name="test.csv", choices=choices, repeats=repeats)
    context, door = claimed_context(workspace, request), ScriptedModel(reply)
    made = evaluate_through(PatientDoor(door), request, context)
    assert Queue(workspace.database, workspace.clock).finish(context.job, result=made.result, scorecard=made.scorecard)
    lines = [json.loads(line) for line in (workspace.home / made.result["answers_file"]).read_text().splitlines()]
    return made.result["ways"][0], lines, door


def test_most_of_the_answers_decide_and_the_share_counts(workspace: Workspace) -> None:
    way, (one, two), door = score(workspace)
    assert sorted((chat.seed, chat.temperature) for chat in door.chats) == [(seed, 0.7) for seed in (0, 0, 1, 1, 2, 2)]
    assert (one["right"], one["share"], one["answer"]) == (True, pytest.approx(2 / 3), "The code is B1.")
    assert (two["right"], two["share"], two["answer"]) == (False, pytest.approx(1 / 3), "Never.")
    assert [run["right"] for run in two["runs"]] == [True, False, False]
    assert two["tokens"] == 1
    assert (way["right"], way["n"], way["times"]) == (pytest.approx(0.5), 2, 3)
    assert way["right_low"] < 0.5 < way["right_high"]


def test_how_often_can_be_chosen_and_half_is_not_most(workspace: Workspace) -> None:
    way, (one, two), _ = score(workspace, repeats=2)
    assert (one["share"], one["right"], one["answer"]) == (0.5, False, "No.")
    assert (two["share"], two["right"]) == (0.5, False)
    assert way["right"] == 0.5


def test_the_same_answer_is_not_asked_for_twice(workspace: Workspace) -> None:
    way, lines, door = score(workspace, Choices(ways=("base",)), repeats=5)
    assert len(door.chats) == 2
    assert all("runs" not in line and "share" not in line for line in lines)
    assert way["times"] == 1
    assert [times_for(Column("a", "base", temperature=heat), None) for heat in (0.0, 0.1)] == [1, 3]


def test_a_cell_of_several_answers_is_taken_over_whole(workspace: Workspace) -> None:
    _, lines, _ = score(workspace)
    _, taken, door = score(workspace)
    assert [chat.max_tokens for chat in door.chats] == [1]
    assert [line["runs"] for line in taken] == [line["runs"] for line in lines]
    _, _, door = score(workspace, repeats=4)
    assert len(door.chats) == 8


def test_what_a_person_says_counts_for_all_answers_to_the_question(workspace: Workspace) -> None:
    _, lines, _ = score(workspace)
    told = with_marks(lines, {("base", 2): Mark("right", "also meant")})
    assert [share_of(line) for line in told] == [pytest.approx(2 / 3), 1.0]
    assert rights(told)["right"] == pytest.approx(5 / 6)
