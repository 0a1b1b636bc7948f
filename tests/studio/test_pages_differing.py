"""One answer set against another or against the wanted one; by letter while the names are hidden."""

from collections.abc import Iterator

import pytest

from jobs.answering.compare import Comparing
from jobs.models.door import Chat
from jobs.queue import Queue
from storage.records import Column, Comparison, Example
from storage.workspace import Workspace
from studio.bench import Bench
from studio.pages import differing
from tests.fakes import ScriptedModel

COLUMNS = [Column("base", "base"), Column("tuned", "tuned", adapter_id="a"), Column("documents", "documents")]


def says(chat: Chat) -> str:
    return "It takes 14 days." if chat.model == "starter" else "It takes 30 long days."


@pytest.fixture
def bench(workspace: Workspace) -> Iterator[Bench]:
    door = ScriptedModel(says)
    comparing = Comparing(workspace, door)
    yield Bench(workspace, Queue(workspace.database, workspace.clock), door, comparing)
    comparing.wait(20)


def asked(bench: Bench, *, blind: bool = False) -> Comparison:
    comparison = bench.comparing.ask("How long?", COLUMNS, blind=blind)
    assert bench.comparing.wait(20)
    return comparison


def test_two_answers_are_shown_as_one_text(bench: Bench) -> None:
    comparison = asked(bench)
    told = differing.compared(bench, comparison.id, "base", "tuned")
    assert "It takes <del>30 long</del> <ins>14</ins> days." in told
    assert told.endswith("Only in Base (underlined): “14”. Only in Tuned (struck out): “30 long”.")
    assert differing.compared(bench, comparison.id, "base", "base") == "Choose two different ones."
    assert differing.compared(bench, comparison.id, "base", "documents") == "Documents has no answer."
    assert differing.compared(bench, "", "base", "tuned") == ""


def test_an_answer_is_set_against_the_wanted_one_where_that_is_known(bench: Bench) -> None:
    comparison = asked(bench)
    assert "is not known" in differing.compared(bench, comparison.id, "base", differing.WANTED)
    rows = [Example(1, "How long?", "It takes 14 days.")]
    bench.workspace.datasets.keep("FAQ", rows, rows=1, columns={}, dropped=[], source="faq.csv")
    assert differing.compared(bench, comparison.id, "base", differing.WANTED) == "The same words in the same order."
    told = differing.compared(bench, comparison.id, "tuned", differing.WANTED)
    assert "Only in the answer you want (struck out): “14”." in told


def test_hidden_names_stay_hidden(bench: Bench) -> None:
    comparison = asked(bench, blind=True)
    first, second, said = differing.offered(bench, comparison.id)
    assert said == differing.compared(bench, comparison.id, first.value, second.value)
    assert [title for title, _ in first.choices] == ["Answer A", "Answer B", "Answer C"]
    assert [title for title, _ in second.choices][-1] == "The answer you want"
    told = differing.compared(bench, comparison.id, "base", "tuned")
    assert "Only in Answer" in told
    assert "Base" not in told
    waiting = bench.workspace.comparisons.start("How long?", COLUMNS, blind=True)
    assert differing.compared(bench, waiting.id, "base", "tuned") == "The answers are still being written."
    assert differing.offered(bench, "")[-1] == ""
    assert differing.closed().open is False
