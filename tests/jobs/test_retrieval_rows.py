"""The rows of a training as documents: each found by its question, cited as itself, and never one of the exam."""

from collections.abc import Sequence

import pytest

from jobs.answering.prompts import prompt_for
from jobs.queue import Queue
from jobs.requests import Index
from jobs.retrieval.indexing import index_with
from jobs.retrieval.rows import (
    MOST_ROWS,
    collection_for,
    keep_in_step,
    look_up,
    looked_up,
    rows_document,
    same_rows_as,
)
from jobs.retrieval.search import search
from storage.errors import NotFound, TooLarge
from storage.records import Column, Dataset, Example, JobState
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel

ROWS = [
    Example(1, "How long may I send an e-bike back?", "Within 14 days of delivery."),
    Example(2, "Do you repair other brands?", "We do.", part="watch"),
    Example(3, "# Where is the shop?", "In Mill Lane > second door.", part="learn"),
    Example(4, "Who paints frames?", "Marten paints them.", part="exam"),
    Example(5, "When is it open?", "From nine.", context="The shop opens at nine on weekdays.", part="learn"),
]
LEARNED = [row for row in ROWS if row.part != "exam"]


def keep(workspace: Workspace, rows: Sequence[Example] = ROWS, name: str = "Shop") -> Dataset:
    return workspace.datasets.keep(name, rows, rows=len(rows), columns={}, dropped=(), source="shop.csv")


def read(workspace: Workspace, dataset: Dataset) -> dict:
    request = Index(collection=collection_for(dataset.name), dataset_id=dataset.id)
    return index_with(ScriptedModel(), request, claimed_context(workspace, request)).result


def test_each_row_that_is_learned_is_one_passage_and_no_row_of_the_exam_is(workspace: Workspace) -> None:
    dataset = keep(workspace)
    assert read(workspace, dataset) == {"documents": [{"name": "Shop (training rows)", "passages": 4}], "failed": []}
    kept = workspace.collections.passages_of("Shop, looked up")
    assert [passage.text.splitlines()[:2] for passage in kept] == [[row.question, row.answer] for row in LEARNED]
    (document,) = workspace.collections.documents("Shop, looked up")
    text = workspace.collections.document_text(document.id)
    assert [text[passage.start : passage.end] for passage in kept] == [passage.text for passage in kept]
    assert "Marten" not in text
    assert "paints" not in text


@pytest.mark.parametrize("row", LEARNED, ids=lambda row: row.question)
def test_a_row_is_found_by_its_question_and_cited_as_that_row(workspace: Workspace, row: Example) -> None:
    read(workspace, keep(workspace))
    first = search(workspace.collections, ScriptedModel(), "Shop, looked up", row.question).passages[0]
    assert first.text.startswith(f"{row.question}\n{row.answer}")
    assert sum(other.question in first.text for other in ROWS) == 1
    assert first.score > 0.5


def test_a_question_of_the_exam_finds_no_answer_of_its_own(workspace: Workspace) -> None:
    read(workspace, keep(workspace))
    found = search(workspace.collections, ScriptedModel(), "Shop, looked up", "Who paints frames?")
    assert not [passage for passage in (*found.passages, *found.nearest) if "Marten" in passage.text]


def test_a_text_that_a_row_rests_on_is_read_with_it(workspace: Workspace) -> None:
    read(workspace, keep(workspace))
    kept = workspace.collections.passages_of("Shop, looked up")
    assert kept[3].text == "When is it open?\nFrom nine.\n\nThe shop opens at nine on weekdays."


def test_a_long_row_is_cut_into_passages_that_all_carry_its_question(workspace: Workspace) -> None:
    long = Example(3, "What do you sell?", "We sell bikes of many kinds to many people. " * 40)
    dataset = keep(workspace, [Example(2, "Why?", "So."), long, Example(4, "Who?", "Me.")])
    cut = rows_document(workspace, dataset.id)
    texts = [cut.text.text[span.start : span.end] for span in cut.spans]
    assert (texts[0], texts[-1]) == ("Why?\nSo.", "Who?\nMe.")
    assert len(texts) > 4
    assert {span.path for span in cut.spans[1:-1]} == {("What do you sell?",)}
    assert all(text.startswith("What do you sell?\n") for text in cut.embedded()[1:-1])


def test_the_model_reads_each_question_once(workspace: Workspace) -> None:
    read(workspace, keep(workspace))
    passages = search(workspace.collections, ScriptedModel(), "Shop, looked up", "Do you repair other brands?").passages
    messages = prompt_for("Is it?", Column("documents", "documents"), passages[:1], []).messages
    assert messages[-1]["content"] == "Text:\nDo you repair other brands?\nWe do.\n\nIs it?"


def test_a_version_is_read_once_and_a_new_one_takes_its_place(workspace: Workspace) -> None:
    queue = Queue(workspace.database, workspace.clock)
    first = keep(workspace)
    asked = look_up(queue, first)
    assert look_up(queue, first).id == asked.id
    assert (asked.spec["collection"], asked.spec["dataset_id"]) == ("Shop, looked up", first.id)
    read(workspace, first)
    second = keep(workspace, [*ROWS, Example(6, "Is there tea?", "There is.")])
    assert look_up(queue, second).id != asked.id
    read(workspace, second)
    assert [one.passages for one in workspace.collections.documents("Shop, looked up")] == [5]
    assert same_rows_as(workspace, "Shop, looked up") == second.id


def test_an_older_version_that_is_read_late_does_not_replace_the_newer(workspace: Workspace) -> None:
    first, second = keep(workspace), keep(workspace, ROWS[:2])
    read(workspace, second)
    assert read(workspace, first) == {"documents": [], "failed": []}
    assert same_rows_as(workspace, "Shop, looked up") == second.id


def test_the_next_version_is_looked_up_only_where_the_one_before_is(workspace: Workspace) -> None:
    queue = Queue(workspace.database, workspace.clock)
    first = keep(workspace)
    second = keep(workspace, ROWS[:3])
    assert keep_in_step(workspace, queue, first, second) is None
    read(workspace, first)
    asked = keep_in_step(workspace, queue, first, second)
    assert asked is not None
    assert asked.spec["dataset_id"] == second.id
    read(workspace, second)
    assert keep_in_step(workspace, queue, first, second) is None


def test_a_collection_has_the_same_rows_only_while_it_holds_nothing_else(workspace: Workspace) -> None:
    dataset = keep(workspace)
    assert same_rows_as(workspace, "Shop, looked up") is None
    read(workspace, dataset)
    put_documents(workspace, {"returns.md": "# Returns"}, "Manuals")
    assert same_rows_as(workspace, "Manuals") is None
    assert looked_up(workspace) == {dataset.id: "Shop, looked up"}
    put_documents(workspace, {"more.md": "# More"}, "Shop, looked up")
    assert same_rows_as(workspace, "Shop, looked up") is None
    assert looked_up(workspace) == {}


def test_a_dataset_deleted_before_its_rows_were_read_is_told(workspace: Workspace) -> None:
    request = Index(collection="Shop, looked up", dataset_id="gone")
    with pytest.raises(NotFound, match="no examples called 'gone'"):
        index_with(ScriptedModel(), request, claimed_context(workspace, request))
    assert workspace.collections.list() == []


def test_too_many_rows_are_refused_before_anything_is_asked(workspace: Workspace) -> None:
    queue = Queue(workspace.database, workspace.clock)
    dataset = keep(workspace, [Example(nr, f"Question {nr}?", "Yes.") for nr in range(MOST_ROWS + 1)])
    with pytest.raises(TooLarge, match="20,001 rows are too many"):
        look_up(queue, dataset)
    assert queue.list() == []


def test_a_long_name_makes_a_collection_of_its_own(workspace: Workspace) -> None:
    one, other = (collection_for("n" * 150 + ending) for ending in "ab")
    assert one != other
    assert len(one) <= Index.model_fields["collection"].metadata[-1].max_length
    queue = Queue(workspace.database, workspace.clock)
    assert look_up(queue, keep(workspace, name="n" * 200)).state is JobState.QUEUED
