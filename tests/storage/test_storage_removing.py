"""What is deleted is gone with everything of its own, and nothing else goes."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DatabaseError

from jobs.queue import Queue
from jobs.requests import Evaluate, Index
from storage.answer_tables import answer_events, cells, metadata, votes
from storage.checks import database_problems, job_problems
from storage.errors import NotFound
from storage.records import Example
from storage.removing import (
    remove_collection,
    remove_comparisons,
    remove_dataset,
    remove_everything,
    remove_scorecard,
)
from storage.settings import Settings
from storage.tables import examples, job_events, jobs, passages, slots
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.filled import SECRET, Filled, fill


@pytest.fixture
def workspace(either_settings: Settings) -> Iterator[Workspace]:
    opened = Workspace.open(either_settings)
    yield opened
    opened.close()


@pytest.fixture
def filled(workspace: Workspace) -> Filled:
    return fill(workspace)


def rows(workspace: Workspace, *tables: object) -> list[int]:
    with workspace.database.reading() as connection:
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables]  # type: ignore[arg-type] - tables


def test_all_versions_of_examples_go_and_what_was_made_of_them_stays(workspace: Workspace, filled: Filled) -> None:
    newer = [Example(1, "New?", "Yes.")]
    second = workspace.datasets.keep("FAQ", newer, rows=1, columns={}, dropped=[], source="b.csv")
    other = workspace.datasets.keep("Other", newer, rows=1, columns={}, dropped=[], source="c.csv")
    assert set(remove_dataset(workspace.database, "FAQ")) == {filled.dataset, second.id}
    assert workspace.datasets.list() == [other]
    assert rows(workspace, examples) == [1]
    assert workspace.adapters.get(filled.adapter).dataset_id == filled.dataset
    assert workspace.scorecards.get(filled.card)
    with pytest.raises(NotFound, match="no examples called 'FAQ' any more"):
        remove_dataset(workspace.database, "FAQ")


def test_samples_that_repeat_the_examples_go_with_them_and_the_course_of_the_run_stays(
    workspace: Workspace, filled: Filled
) -> None:
    job_id = workspace.adapters.get(filled.adapter).job_id
    assert {record.kind for record in workspace.runs.records(job_id)} == {"sample", "loss"}
    remove_dataset(workspace.database, "FAQ")
    assert {record.kind for record in workspace.runs.records(job_id)} == {"loss"}


def test_documents_go_with_their_passages_and_words(workspace: Workspace, filled: Filled) -> None:
    assert workspace.collections.match("Manuals", [SECRET])
    remove_collection(workspace.database, "Manuals")
    assert workspace.collections.list() == []
    assert rows(workspace, passages) == [0]
    again = workspace.collections.ensure("Manuals")
    assert again.index_version == 0
    assert workspace.collections.match("Manuals", [SECRET]) == []
    with pytest.raises(NotFound, match="no documents called 'Nothing' any more"):
        remove_collection(workspace.database, "Nothing")


def test_comparisons_go_with_answers_and_votes_one_or_all(workspace: Workspace, filled: Filled) -> None:
    other = workspace.comparisons.start("Other?", [])
    assert remove_comparisons(workspace.database, [filled.comparison]) == 1
    assert workspace.comparisons.list() == [other]
    assert rows(workspace, answer_events, votes) == [0, 0]
    assert remove_comparisons(workspace.database) == 1
    assert workspace.comparisons.list() == []


def test_an_answer_that_is_being_written_ends_quietly(workspace: Workspace, filled: Filled) -> None:
    remove_comparisons(workspace.database)
    assert workspace.comparisons.append(filled.comparison, "hybrid", 1, "delta", {"type": "delta"}) is False


def test_a_scorecard_goes_with_its_cells_and_names_its_file(workspace: Workspace, filled: Filled) -> None:
    card = workspace.scorecards.get(filled.card)
    cell = {"job_id": card.job_id, "column_id": "base", "row": 1, "body": {"answer": SECRET}, "at": 0.0}
    with workspace.database.writing() as connection:
        connection.execute(insert(cells).values(**cell))
    assert remove_scorecard(workspace.database, filled.card) == card.answers_file
    assert workspace.scorecards.list() == []
    assert rows(workspace, cells) == [0]
    with pytest.raises(NotFound, match="not here any more"):
        remove_scorecard(workspace.database, filled.card)


def test_answers_of_a_failed_scoring_go_with_the_score_that_went_on_from_it(
    workspace: Workspace, filled: Filled
) -> None:
    card = workspace.scorecards.get(filled.card)
    failed = claimed_context(workspace, Evaluate(source=filled.dataset))
    failed.keep_cell("base", 1, {"answer": SECRET})
    other = claimed_context(workspace, Evaluate(source=filled.dataset))
    other.keep_cell("base", 1, {"answer": "stays"})
    with workspace.database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id == card.job_id).values(parent_id=failed.job.id))
    remove_scorecard(workspace.database, filled.card)
    assert workspace.cells.of(failed.job.id) == {}
    assert len(workspace.cells.of(other.job.id)) == 1


def test_everything_goes_and_the_database_stays_usable(workspace: Workspace, filled: Filled) -> None:
    assert remove_everything(workspace.database)
    others = [table for table in metadata.sorted_tables if table is not slots]
    assert rows(workspace, *others) == [0] * len(others)
    assert rows(workspace, slots)[0] > 0
    assert database_problems(workspace.database) == job_problems(workspace.database) == []
    fill(workspace)
    assert workspace.collections.match("Manuals", [SECRET])


def test_the_history_of_later_jobs_only_grows_again(workspace: Workspace, filled: Filled) -> None:
    remove_everything(workspace.database)
    Queue(workspace.database, workspace.clock).enqueue(Index(collection="Manuals"), "key")
    with pytest.raises(DatabaseError, match="only grows"), workspace.database.writing() as connection:
        connection.execute(delete(job_events))
    assert rows(workspace, job_events) == [1]


def test_nothing_of_the_text_is_left_in_the_files_of_sqlite(tmp_path) -> None:
    workspace = Workspace.open(Settings(home=tmp_path / "home"))
    fill(workspace)
    kept = [path for path in workspace.home.glob("triptych.db*") if SECRET.encode() in path.read_bytes()]
    assert kept
    assert remove_everything(workspace.database)
    assert [path for path in workspace.home.glob("triptych.db*") if SECRET.encode() in path.read_bytes()] == []
    workspace.close()


def test_nothing_goes_while_a_job_has_not_ended(workspace: Workspace, filled: Filled) -> None:
    queue = Queue(workspace.database, workspace.clock)
    waiting = queue.enqueue(Index(collection="Manuals"), "key")
    assert remove_everything(workspace.database) is False
    assert workspace.datasets.get("FAQ")
    queue.request_cancel(waiting.id)
    assert remove_everything(workspace.database)
