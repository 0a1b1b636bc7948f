"""From wrong answers to work on Scores, and from a worse score to a note on Home."""

import json
from collections.abc import Iterator, Sequence

import gradio as gr
import pytest

from jobs.answering.compare import Comparing
from jobs.evaluation.causes import Group
from jobs.queue import Queue
from jobs.requests import Evaluate
from storage.dismissed import dismiss
from storage.errors import UserFault
from storage.records import Column, Json, Scorecard
from storage.workspace import Workspace
from studio.bench import Bench
from studio.pages import regressions
from studio.pages.doing import _begin, _drafting, _examples, _score_again
from studio.wording import doing as words
from tests.claimed import claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel

COLUMNS = (Column("base", "base"), Column("documents", "documents", collection="Manuals"))


@pytest.fixture
def bench(workspace: Workspace) -> Iterator[Bench]:
    door = ScriptedModel()
    comparing = Comparing(workspace, door)
    yield Bench(workspace, Queue(workspace.database, workspace.clock), door, comparing)
    comparing.wait(20)


def line(column: str, row: int, *, right: bool) -> Json:
    asked = {"row": row, "question": f"Question {row}?", "kind": "facts", "expected": "30 days.", "accepted": []}
    given = {"state": "finished", "answer": "14", "right": right, "yardstick": "facts", "reason": ""}
    passages = [{"document": name, "text": "Within 30 days."} for name in ("gone.md", "returns.md")]
    return {**asked, **given, "column_id": column, "passages": passages, "calls": []}


def score(bench: Bench, base: str, documents: str) -> str:
    context = claimed_context(bench.workspace, Evaluate(source="uploads/test.csv", name="test.csv", columns=COLUMNS))
    rights = {"base": base, "documents": documents}
    lines = [
        line(column, row, right=mark == "x") for column, marks in rights.items() for row, mark in enumerate(marks, 1)
    ]
    file = bench.workspace.folder("scores") / f"{context.job.id}.jsonl"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in lines))
    ways = tuple(_way(column, rights[column.id]) for column in COLUMNS)
    path = str(file.relative_to(bench.workspace.home))
    card = Scorecard(context.job.id, context.job.id, "test.csv", ways, path, bench.workspace.clock())
    assert bench.queue.finish(context.job, result={}, scorecard=card)
    return card.id


def _way(column: Column, marks: Sequence[str]) -> Json:
    right = marks.count("x") / len(marks)
    return {"way": column.way, "column_id": column.id, "n": len(marks), "right": right, "collection": column.collection}


def test_the_best_way_stands_first_and_its_causes_are_listed(bench: Bench) -> None:
    box, table, column, drawn, *_ = _begin(bench, score(bench, "x..", "xx."))
    assert box == gr.update(visible=True)
    assert "The answer lay before it, and it answered otherwise | – | 1 |" in table
    assert [value for _, value in column.choices] == ["documents", "base"]
    assert drawn[1] == column.value == "documents"
    assert _begin(bench, "")[0] == gr.update(visible=False)


def test_what_was_misread_becomes_a_drafting_from_the_documents_that_are_still_there(bench: Bench) -> None:
    put_documents(bench.workspace, {"returns.md": "Within 30 days."})
    group = Group("misread", tuple(line("documents", row, right=False) for row in range(3)))
    _, done = _drafting(bench, group, "Manuals")()
    assert "/drafts?collection=Manuals" in done
    (job,) = bench.queue.list("draft")
    assert (job.spec["documents"], job.spec["most"]) == (["returns.md"], 6)
    assert words.NO_DOCUMENTS in _drafting(bench, group, "Gone")()[0]
    assert len(bench.queue.list("draft")) == 1


def test_scored_again_the_same_questions_are_in_line(bench: Bench) -> None:
    card = score(bench, "x", "x")
    assert _score_again(bench, card) == words.ASKED
    assert bench.queue.list("evaluate", 1)[0].spec["source"] == "uploads/test.csv"
    with pytest.raises(UserFault, match="not known any more"):
        _score_again(bench, "gone")


def test_examples_are_added_to_those_that_the_way_learned(bench: Bench) -> None:
    assert _examples(bench, {}) == ""


def test_home_says_what_got_clearly_worse_until_it_is_dismissed(bench: Bench) -> None:
    assert regressions.draw(bench, "")[2] == gr.update(visible=False)
    score(bench, "x" * 20, "x" * 20)
    worse = score(bench, "x" * 20, "x" * 5 + "." * 15)
    seen, keys, box, told = regressions.draw(bench, "")
    assert (box, keys) == (gr.update(visible=True), (f"{worse} documents",))
    assert "**Documents** was right on 5 of 20, before on 20: clearly worse." in told
    assert regressions.draw(bench, seen) == [gr.skip()] * 4
    dismiss(bench.workspace, keys)
    assert regressions.draw(bench, seen)[2] == gr.update(visible=False)
