"""Any set of columns: several trained models and collections, the baseline with examples, one instruction for all."""

from dataclasses import replace
from pathlib import Path

import pytest

from jobs.answering.answer import Bench
from jobs.answering.compare import ask_now
from jobs.answering.lacking import lacking
from jobs.answering.picking import FREE, QUOTED, USUAL, of_its_base, of_model, offered, picked, there
from jobs.answering.ways import columns_for, completed, way_of
from jobs.models.servable import servable
from jobs.requests import Choices
from storage.errors import NotFound
from storage.records import AnswerState, Column, Example
from storage.workspace import Workspace
from studio.names import names_in
from studio.views.places import named
from tests.adapters import keep_adapter
from tests.bases import with_bases
from tests.documents import put_documents
from tests.fakes import ScriptedModel
from tests.jobs.test_models_client import Scripted
from tests.jobs.test_models_connection import models, said
from tests.running import free_port


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


@pytest.fixture
def two_bases(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A workspace on a computer with two models that may answer."""
    return with_bases(workspace, tmp_path / "models", "starter", "smollm2-360m")


def test_another_base_that_is_here_answers_in_columns_of_its_own(two_bases: Workspace) -> None:
    workspace = two_bases
    mine, other = keep_adapter(workspace, "Mine"), keep_adapter(workspace, "Other", base_id="smollm2-360m")
    put_documents(workspace, {"a.md": "# A\n\nIt is a."})
    wanted = ["base", "base-smollm2-360m", "documents-smollm2-360m", f"tuned-{other.id[:8]}", "hybrid"]
    made = picked(wanted, Choices(adapter_id=mine.id), workspace)
    assert [column.model for column in made] == ["starter", *["smollm2-360m"] * 3, "starter"]
    assert [column.adapter_id for column in made] == [None, None, None, other.id, mine.id]
    assert [column.quote for column in made] == [False] * 5
    assert named(made[1], {}).title == "Base: smollm2-360m"
    assert named(made[1], names_in(workspace, made)).title == "Base: SmolLM2 360M Instruct"
    assert names_in(workspace, made)[other.id] == "Other"
    ids = [column.id for column in offered("a model of another server", workspace)]
    assert not [column_id for column_id in ids if "smollm2" in column_id or other.id[:8] in column_id]


def test_an_adapter_that_rests_stands_among_the_five_ways_of_its_own_base(two_bases: Workspace) -> None:
    adapter = keep_adapter(two_bases, "Other", base_id="smollm2-360m")
    made = picked(of_its_base(adapter), Choices(), two_bases)
    assert [(column.way, column.model) for column in made] == [(way, "smollm2-360m") for way in USUAL]
    assert [column.adapter_id for column in made] == [None, adapter.id, None, None, adapter.id]
    assert len({column.id for column in made} | set(USUAL)) == 10


@pytest.mark.parametrize(
    ("listed", "offers"),
    [
        (["starter", "qwen", f"adapter:{'a' * 36}", "embedder"], ["base-qwen", "documents-qwen", "tools-qwen"]),
        (["llama"], []),
        (["starter"], []),
    ],
)
def test_another_server_is_asked_which_bases_it_has(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, listed: list[str], offers: list[str]
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Scripted(lambda handler, _: said(handler, models(*listed, owner="triptych")))
    workspace = with_server(workspace, f"http://127.0.0.1:{server.port}")
    ids = [column.id for column in offered("starter", workspace)]
    known = list(there(["base", "base-qwen"], "starter", workspace))
    server.stop()
    assert [one for one in ids if one not in (*USUAL, "examples")] == offers
    assert known == (["base", "base-qwen"] if offers else ["base"])


def test_a_server_that_names_no_models_is_asked_for_its_one_only(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    workspace = with_server(workspace, f"http://127.0.0.1:{free_port()}")
    assert servable(workspace.settings).problem.startswith("Nobody listens at 127.0.0.1:")
    assert [column.id for column in offered("starter", workspace)] == [*USUAL, "examples"]


def with_server(workspace: Workspace, url: str) -> Workspace:
    return replace(workspace, settings=workspace.settings.model_copy(update={"model_url": url}))


def test_a_long_name_of_a_model_fits_where_columns_are_kept() -> None:
    name = f"organisation/{'long-' * 12}model"
    assert len(of_model("documents", name)) <= 64
    assert of_model("documents", name) != of_model("documents", f"{name}-2")
    assert named(Column(of_model("documents", name), "documents", name), {}).title == f"Documents: {name}"


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
