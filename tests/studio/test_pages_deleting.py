"""Your data: everything that is kept can be chosen, what rests on it is named before the yes, then it is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.answering.compare import Comparing
from jobs.evaluation.tables import keep_test_table
from jobs.opening import open_sample, sample_has_traces
from jobs.queue import Queue
from storage.errors import NotAllowed, NotFound
from storage.records import Permission, ToolRecord
from storage.workspace import Workspace
from studio.bench import Bench
from studio.pages import deleting
from studio.views import deleting as view
from tests.fakes import ScriptedModel
from tests.filled import Filled, fill


@pytest.fixture
def bench(workspace: Workspace) -> Iterator[Bench]:
    door = ScriptedModel(lambda _chat: "Yes.")
    comparing = Comparing(workspace, door)
    yield Bench(workspace, Queue(workspace.database, workspace.clock), door, comparing)
    comparing.wait(20)


@pytest.fixture
def filled(bench: Bench, tmp_path: Path) -> Filled:
    made = fill(bench.workspace)
    file = tmp_path / "exam.csv"
    file.write_text("question,answer\n1,2\n")
    keep_test_table(bench.workspace, file, "Exam")
    return made


def offered(bench: Bench) -> dict[str, str]:
    choices = view.choices(deleting.kept(bench), bench.workspace.clock())
    return {value.split(":")[0]: value for _, value in choices}


def test_an_empty_workspace_offers_nothing(bench: Bench) -> None:
    dropdown, everything = deleting.listed(bench)
    assert dropdown.choices == []
    assert "keeps nothing yet" in everything


def test_everything_that_is_kept_can_be_chosen(bench: Bench, filled: Filled) -> None:
    bench.workspace.comparisons.start("Another?", [])
    kinds = "dataset collection tool questions adapter scorecard comparison comparisons"
    assert list(offered(bench)) == kinds.split()
    labels = [label for label, _ in view.choices(deleting.kept(bench), bench.workspace.clock())]
    assert "Examples: FAQ, 1 version, 12 rows" in labels
    assert "Documents: Manuals" in labels
    assert "Test questions: Exam, 1 version, 1 question" in labels
    assert labels[-1] == "All 2 comparisons"
    everything = deleting.listed(bench)[1]
    assert "1 set of examples, 1 collection of documents, 1 tool" in everything
    assert "and 2 comparisons." in everything


def test_what_comes_with_triptych_can_not_be_deleted(bench: Bench) -> None:
    bench.workspace.tools.keep(ToolRecord("calculator", "builtin", Permission.OFF, ""))
    assert "tool" not in offered(bench)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            "dataset",
            "Delete “FAQ” with all its versions and the uploaded file? 1 adapter was trained on these examples.",
        ),
        ("dataset", "It stays and will keep working. The sample answers that 1 run shows from them go, too."),
        ("dataset", "1 scorecard was made with their held-out rows and will stay."),
        ("collection", "1 comparison looked in these documents; its passages stay as they were read."),
        ("tool", "1 comparison had it at hand; its answers stay."),
        ("adapter", "bring it back for 30 days on the Train page. 1 comparison had it at hand"),
        ("questions", "Delete the test questions “Exam” with all versions and files?"),
        ("scorecard", "Delete the scores of “FAQ, version 1” with every answer?"),
        ("comparison", "“Where is my heliotrope?”"),
    ],
)
def test_what_rests_on_it_is_named_before_the_yes(bench: Bench, filled: Filled, kind: str, said: str) -> None:
    assert said in deleting.sure(bench, offered(bench)[kind])


def test_rows_that_are_documents_as_well_are_named(bench: Bench, filled: Filled) -> None:
    assert "looked up" not in deleting.sure(bench, "dataset:FAQ")
    bench.workspace.collections.ensure("FAQ, looked up")
    said = "Its training rows, which are also looked up in “FAQ, looked up”, go, too."
    assert said in deleting.sure(bench, "dataset:FAQ")


def test_several_are_counted_in_the_plural(bench: Bench, filled: Filled) -> None:
    for number in range(2):
        first = bench.workspace.comparisons.get(filled.comparison)
        bench.workspace.comparisons.start(f"Again {number}?", first.columns)
    said = deleting.sure(bench, "collection:Manuals")
    assert "3 comparisons looked in these documents; their passages stay as they were read." in said


@pytest.mark.parametrize("kind", ["dataset", "collection", "tool", "questions", "adapter", "scorecard", "comparison"])
def test_after_the_yes_it_is_gone_and_can_not_be_asked_for_again(bench: Bench, filled: Filled, kind: str) -> None:
    chosen = offered(bench)[kind]
    deleting.remove(bench, chosen)
    assert kind not in offered(bench)
    with pytest.raises(NotFound, match="not here any more"):
        deleting.sure(bench, chosen)


def test_all_comparisons_go_at_once(bench: Bench, filled: Filled) -> None:
    bench.workspace.comparisons.start("Another?", [])
    assert "Delete every comparison" in deleting.sure(bench, "comparisons:")
    deleting.remove(bench, "comparisons:")
    assert bench.workspace.comparisons.list() == []


def test_the_sample_company_goes_as_a_whole(bench: Bench) -> None:
    open_sample(bench.workspace, bench.queue)
    assert next(iter(offered(bench))) == "sample"
    assert "Its jobs are stopped" in deleting.sure(bench, "sample:")
    deleting.remove(bench, "sample:")
    assert not sample_has_traces(bench.workspace)
    assert offered(bench) == {}


def test_what_a_job_needs_is_refused(bench: Bench) -> None:
    open_sample(bench.workspace, bench.queue)
    with pytest.raises(NotAllowed, match="A training that has not ended needs this"):
        deleting.remove(bench, offered(bench)["dataset"])
    assert "2 jobs were not finished and will be stopped." in deleting.listed(bench)[1]
