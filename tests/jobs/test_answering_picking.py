"""Any set of columns: several trained models and collections, the baseline with examples, one instruction for all."""

import pytest

from jobs.answering.answer import Bench
from jobs.answering.compare import ask_now
from jobs.answering.lacking import lacking
from jobs.answering.picking import FREE, QUOTED, USUAL, offered, picked
from jobs.answering.ways import columns_for, completed, way_of
from jobs.requests import Choices
from storage.errors import NotFound
from storage.records import AnswerState, Column, Example
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.documents import put_documents
from tests.fakes import ScriptedModel


def keep_examples(workspace: Workspace, learned: int = 9) -> None:
    rows = [Example(number, f"Question {number}?", f"Answer {number}.") for number in range(1, learned + 1)]
    rows += [
        Example(50, "Held back?", "Never shown.", part="exam"),
        Example(51, "With a text?", "No.", context="A text before it."),
        Example(52, "Too long?", "word " * 400),
    ]
    workspace.datasets.keep("FAQ", rows, rows=len(rows), columns={}, dropped=[], source="faq.csv")


def test_the_usual_columns_are_those_of_the_five_ways(workspace: Workspace) -> None:
    assert picked(USUAL, Choices(), workspace) == columns_for(Choices(), workspace)
    assert [column.id for column in offered("starter", workspace)] == [*USUAL, "examples"]


def test_each_trained_model_and_collection_can_be_a_column_of_its_own(workspace: Workspace) -> None:
    first, second = keep_adapter(workspace, "First"), keep_adapter(workspace, "Second")
    put_documents(workspace, {"a.md": "# A\n\nIt is a."}, collection="Letters")
    put_documents(workspace, {"b.md": "# B\n\nIt is b."}, collection="Manuals")
    ids = {(column.way, column.adapter_id, column.collection): column.id for column in offered("starter", workspace)}
    wanted = [
        ids["tuned", first.id, None], "base", ids["tuned", second.id, None],
        ids["documents", None, "Letters"], ids["hybrid", second.id, None],
    ]  # fmt: skip
    made = picked(wanted, Choices(collection="Manuals", instruction="Be short."), workspace)
    assert [column.id for column in made] == wanted
    assert [column.adapter_id for column in made] == [first.id, None, second.id, None, second.id]
    assert [column.collection for column in made] == [None, None, None, "Letters", "Manuals"]
    assert {column.instruction for column in made} == {"Be short."}
    assert [column.id for column in offered("another", workspace) if column.adapter_id] == []
    with pytest.raises(NotFound, match="not there any more"):
        picked(["base", "tuned-00000000"], Choices(), workspace)


def test_the_baseline_reads_three_rows_that_training_may_learn_and_none_held_back(workspace: Workspace) -> None:
    keep_examples(workspace)
    (column,) = columns_for(Choices(ways=("examples",), instruction="Be short."), workspace)
    assert column.shots == tuple((f"Question {number}?", f"Answer {number}.") for number in (1, 5, 9))
    door = ScriptedModel(["It is."])
    (answer,) = ask_now("Is it?", [column], Bench(workspace, door))
    assert answer.text == "It is."
    said = [(message["role"], message["content"]) for message in door.chats[0].messages]
    assert said[0] == ("system", "Be short.")
    assert said[1:3] == [("user", "Question 1?"), ("assistant", "Answer 1.")]
    assert said[-1] == ("user", "Is it?")
    assert door.chats[0].model == "starter"
    comparison = workspace.comparisons.start("Is it?", [column])
    assert workspace.comparisons.get(comparison.id).columns == (column,)


def test_without_three_short_examples_the_baseline_says_what_it_lacks(workspace: Workspace) -> None:
    keep_examples(workspace, learned=2)
    (column,) = columns_for(Choices(ways=("examples",)), workspace)
    missing = lacking(column, workspace)
    assert missing is not None
    assert (missing.what, missing.where) == ("There are not yet three short examples to show the model.", "/examples")
    (answer,) = ask_now("Is it?", [column], Bench(workspace, ScriptedModel()))
    assert answer.state is AnswerState.MISSING
    keep_examples(workspace)
    assert len(completed(column, workspace).shots) == 3
    assert way_of("examples").shots
    assert lacking(Column("base", "base"), workspace) is None


def test_the_same_documents_can_stand_side_by_side_quoted_and_in_own_words(workspace: Workspace) -> None:
    put_documents(workspace, {"a.md": "# A\n\nIt is a."}, collection="Letters")
    assert [column.id for column in offered("starter", workspace)][-2:] == [QUOTED, FREE]
    for wording in ("auto", "quote", "free"):
        usual, quoted, free = picked(["documents", QUOTED, FREE], Choices(wording=wording), workspace)
        assert (usual.quote, quoted.quote, free.quote) == (wording != "free", True, False)
        assert {column.collection for column in (usual, quoted, free)} == {"Letters"}
    comparison = workspace.comparisons.start("Is it?", [quoted, free])
    assert workspace.comparisons.get(comparison.id).columns == (quoted, free)
