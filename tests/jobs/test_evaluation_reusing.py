"""A second score of the same questions takes over what nothing has changed of, judges it anew, and asks the rest."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jobs.evaluation.evaluate import evaluate_through
from jobs.evaluation.making import making_of
from jobs.evaluation.questions import Question
from jobs.metrics.facts import Expected
from jobs.models.door import Chat, Chunk
from jobs.models.patience import PatientDoor
from jobs.queue import Queue
from jobs.requests import Evaluate
from jobs.tools.registry import Registry
from jobs.tools.tables import add_table
from storage.records import Column, Json, Permission
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel

TABLE = "question,answer\n" + "".join(f"What is the code of box {nr}?,B{nr}\n" for nr in range(1, 7))
BASE, DOCUMENTS, TOOLS = Column("base", "base"), Column("docs", "documents", collection="Manuals"), Column("t", "tools")


def reply(chat: Chat) -> str:
    if chat.response_format:
        return (
            "calculator" if "calculator" in chat.response_format.get("choices", ()) else json.dumps({"expression": "1"})
        )
    return "The code is B3."


class Weights(ScriptedModel):
    """A model server whose base model has these weights; None: it does not say."""

    def __init__(self, sha256: str | None = "0" * 64) -> None:
        super().__init__(reply)
        self._sha256 = sha256

    def chat(self, chat: Chat) -> Iterator[Chunk]:
        for chunk in super().chat(chat):
            told = {**chunk.provenance, "base_sha256": self._sha256} if self._sha256 else {}
            yield replace(chunk, provenance=told)

    @property
    def asked(self) -> int:
        """How many questions were asked; asking which weights would answer is none."""
        return sum(chat.max_tokens > 1 for chat in self.chats)


def score(workspace: Workspace, door: Weights, *columns: Column, text: str = TABLE, **more: Any) -> list[Json]:
    (workspace.folder("uploads") / "test.csv").write_text(text)
    request = Evaluate(source="uploads/test.csv", name="test.csv", columns=columns, **more)
    context = claimed_context(workspace, request)
    made = evaluate_through(PatientDoor(door), request, context)
    assert Queue(workspace.database, workspace.clock).finish(context.job, result=made.result, scorecard=made.scorecard)
    lines = [json.loads(line) for line in (workspace.home / made.result["answers_file"]).read_text().splitlines()]
    assert made.result["taken_over"] == sum("taken_from" in line for line in lines)
    return lines


def asked_again(workspace: Workspace, *columns: Column, door: Weights | None = None, **more: Any) -> int:
    """Score once more and return how many questions were asked."""
    door = door or Weights()
    score(workspace, door, *columns, **more)
    return door.asked


def test_nothing_is_asked_again_where_nothing_has_changed(workspace: Workspace) -> None:
    first = score(workspace, Weights(), BASE)
    second, third = Weights(), Weights()
    taken = score(workspace, second, BASE)
    assert second.asked == 0
    (card,) = workspace.scorecards.list()[1:]
    assert {line["taken_from"]["card"] for line in taken} == {card.id}
    assert [line["answer"] for line in taken] == [line["answer"] for line in first]
    lines = score(workspace, third, BASE)
    assert {line["taken_from"]["card"] for line in lines} == {card.id}, "the score that asked it is named, not the last"
    assert asked_again(workspace, BASE, fresh=True) == 6


def test_what_is_taken_over_is_judged_anew(workspace: Workspace) -> None:
    first = score(workspace, Weights(), BASE)
    assert [line["right"] for line in first] == [False, False, True, False, False, False]
    door = Weights()
    lines = score(workspace, door, BASE, text=TABLE.replace(",B5", ",B3"))
    assert door.asked == 0
    assert [line["right"] for line in lines] == [False, False, True, False, True, False]
    assert lines[4]["expected"] == "B3"


def test_new_questions_and_columns_are_asked_and_the_others_are_not(workspace: Workspace) -> None:
    score(workspace, Weights(), BASE)
    assert asked_again(workspace, BASE, text=f"{TABLE}What is the code of box 9?,B9\n") == 1
    assert asked_again(workspace, BASE, replace(BASE, id="short", max_tokens=9)) == 6
    assert asked_again(workspace, replace(BASE, instruction="Be brief.")) == 6
    assert asked_again(workspace, replace(BASE, id="other name")) == 0, (
        "a column is what it uses, not what it is called"
    )


def test_other_weights_or_unknown_ones_are_asked(workspace: Workspace) -> None:
    score(workspace, Weights(), BASE)
    assert asked_again(workspace, BASE, door=Weights("1" * 64)) == 6
    assert asked_again(workspace, BASE, door=Weights(None)) == 6
    assert asked_again(workspace, BASE, door=Weights(None)) == 6, "who does not say what answers is always asked"


def test_changed_documents_are_read_again(workspace: Workspace) -> None:
    put_documents(workspace, {"boxes.md": "# Boxes\n\nThe code of box 3 is B3. The code of box 4 is B4."})
    score(workspace, Weights(), DOCUMENTS)
    assert asked_again(workspace, DOCUMENTS) == 0
    put_documents(workspace, {"boxes.md": "# Boxes\n\nThe code of box 3 is B30."})
    assert asked_again(workspace, DOCUMENTS) > 0


def test_what_called_a_tool_is_always_asked_and_other_rules_or_rows_ask_all(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = "question,answer\nHow much is 1 * 1?,1\nWho are you?,Me\n"
    tools = replace(TOOLS, tools=("calculator",))
    called, silent = score(workspace, Weights(), tools, text=text)
    assert (len(called["calls"]), len(silent["calls"])) == (1, 0)
    again, same = score(workspace, Weights(), tools, text=text)
    assert ("taken_from" in again, "taken_from" in same) == (False, True)

    Registry(workspace).set_permission("calculator", Permission.ASK)
    assert not any("taken_from" in line for line in score(workspace, Weights(), tools, text=text))

    rows = tmp_path / "orders.csv"
    rows.write_text("order,state\nA1,packed\n")
    add_table(workspace, "orders", rows, "orders.csv", "order")
    table = replace(TOOLS, tools=("look_up_orders",))
    score(workspace, Weights(), table, text=text)
    assert any("taken_from" in line for line in score(workspace, Weights(), table, text=text))
    rows.write_text("order,state\nA1,on its way\n")
    add_table(workspace, "orders", rows, "orders.csv", "order")
    assert not any("taken_from" in line for line in score(workspace, Weights(), table, text=text))


def test_a_table_whose_rows_are_not_known_is_never_taken_over(workspace: Workspace, tmp_path: Path) -> None:
    rows = tmp_path / "orders.csv"
    rows.write_text("order,state\nA1,packed\n")
    record = add_table(workspace, "orders", rows, "orders.csv", "order")
    del record.config["rows_sha256"]
    workspace.tools.keep(record)
    table = replace(TOOLS, tools=("look_up_orders",))
    making = making_of([table], workspace)
    assert making.key(Question(1, "Why?", Expected("Why?", "So.")), table, 1) == ""


def test_documents_that_change_in_the_middle_leave_no_key(workspace: Workspace) -> None:
    put_documents(workspace, {"boxes.md": "# Boxes\n\nThe code of box 3 is B3."})
    making = making_of([DOCUMENTS], workspace)
    version = workspace.collections.get("Manuals").index_version
    assert making.holds(DOCUMENTS, {"index_version": version})
    assert not making.holds(DOCUMENTS, {"index_version": version + 1})


@pytest.mark.parametrize("lost", ["the file", "a failed answer"])
def test_what_is_not_there_whole_is_asked(workspace: Workspace, lost: str) -> None:
    score(workspace, Weights(), BASE)
    (card,) = workspace.scorecards.list()
    file = workspace.home / card.answers_file
    if lost == "the file":
        file.unlink()
    else:
        file.write_text(file.read_text().replace('"state": "finished"', '"state": "failed"'))
    assert asked_again(workspace, BASE) == 6
