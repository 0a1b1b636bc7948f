"""Search by words and meaning; below the threshold nothing counts, yet what came closest is shown."""

import csv
from pathlib import Path

import pytest

from jobs.retrieval.search import THRESHOLD, Place, rank, rank_within, search, search_within
from storage.errors import NotFound
from storage.filters import Only, passages_within
from storage.workspace import Workspace
from tests.documents import put_documents
from tests.fakes import ScriptedModel

DOCUMENTS = {
    "tent.md": "# TrailMaster Tent\n\n## Weight\n\nIt weighs 12 lbs.\n",
    "stove.md": "# CompactCook Stove\n\n## Fuel\n\nIt burns gas.\n",
    "chair.md": "# TrekMaster Chair\n\n## Weight\n\nIt carries 300 lbs.\n",
}


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    put_documents(workspace, DOCUMENTS)
    return workspace


def test_the_best_passage_comes_first_with_its_score(shop: Workspace) -> None:
    found = search(shop.collections, ScriptedModel(), "Manuals", "What is the weight of the TrailMaster tent?")
    first = found.passages[0]
    assert first.document == "tent.md"
    assert first.score >= found.threshold == THRESHOLD
    assert shop.collections.document_text(first.document_id)[first.start : first.end] == first.text
    assert (found.nearest, found.index_version) == ((), 3)


def test_what_the_documents_do_not_hold_is_not_found(shop: Workspace) -> None:
    found = search(shop.collections, ScriptedModel(), "Manuals", "Who wrote the play about the prince of Denmark?")
    assert found.passages == ()
    assert found.nearest
    assert all(passage.score < THRESHOLD for passage in found.nearest)


@pytest.mark.parametrize("question", ["", "   ", "?!", '"; DROP TABLE passages; --', "the of and", "\x00", "天気"])
def test_odd_questions_find_nothing_and_break_nothing(shop: Workspace, question: str) -> None:
    assert search(shop.collections, ScriptedModel(), "Manuals", question).passages == ()


def test_at_most_k_passages_come_back(shop: Workspace) -> None:
    found = search(shop.collections, ScriptedModel(), "Manuals", "weight lbs TrailMaster TrekMaster", k=1)
    assert len(found.passages) + len(found.nearest) == 1


def test_a_search_looks_only_where_it_may(shop: Workspace) -> None:
    question = "What is the weight of the TrailMaster tent?"

    def found(only: Only) -> set[str]:
        allowed = passages_within(shop.database, "Manuals", only)
        result = search_within(Place(shop.collections, "Manuals", allowed), ScriptedModel(), question, 3)
        return {passage.document for passage in (*result.passages, *result.nearest)}

    assert found(Only(["chair.md", "stove.md"])) <= {"chair.md", "stove.md"}
    assert found(Only(["stove.md"])) == {"stove.md"}
    assert found(Only(heading="WEIGHT")) == {"tent.md"}
    assert len(passages_within(shop.database, "Manuals", Only(heading="WEIGHT"))) == 2
    assert found(Only(["chair.md"], heading="WEIGHT")) == {"chair.md"}
    assert found(Only(endings=[".MD"], heading="fuel")) == {"stove.md"}
    assert found(Only(endings=[".pdf"])) == set()
    assert found(Only(heading="%")) == set()
    assert passages_within(shop.database, "gone", Only(["tent.md"])) == frozenset()
    assert not Only()


def test_what_may_be_found_is_found_however_many_others_fit_better(workspace: Workspace) -> None:
    texts = {f"{nr}.md": f"The tent of size {nr} weighs much." for nr in range(60)}
    put_documents(workspace, {**texts, "last.txt": "In this long text about many things one tent is named at its end."})
    allowed = passages_within(workspace.database, "Manuals", Only(endings=[".txt"]))
    place = Place(workspace.collections, "Manuals", allowed)
    ranking = rank_within(place, workspace.collections.index("Manuals"), ScriptedModel(), "tent")
    assert ranking.words == ranking.meaning == ranking.both == list(allowed)
    assert len(allowed) == 1


def test_an_empty_collection_finds_nothing_and_an_unknown_one_is_told(workspace: Workspace) -> None:
    workspace.collections.ensure("Empty")
    found = search(workspace.collections, ScriptedModel(), "Empty", "anything")
    assert (found.passages, found.nearest) == ((), ())
    with pytest.raises(NotFound):
        search(workspace.collections, ScriptedModel(), "Other", "anything")


@pytest.mark.shared_data
def test_questions_of_a_shop_find_their_manual(workspace: Workspace, shared_data: Path) -> None:
    shop = shared_data / "cs-contoso-outdoor"
    put_documents(workspace, {file.name: file.read_text() for file in (shop / "manuals").glob("*.md")})
    with (shop / "faq.csv").open(encoding="utf-8") as stream:
        asked = list(csv.DictReader(stream))[::3]
    hits = [
        search(workspace.collections, ScriptedModel(), "Manuals", row["question"]).passages[0].document == row["source"]
        for row in asked
    ]
    assert sum(hits) >= 0.95 * len(hits)


def test_it_says_why_a_passage_was_found(shop: Workspace) -> None:
    found = search(shop.collections, ScriptedModel(), "Manuals", "What is the weight of the blue TrailMaster tent?")
    reason = found.reasons[found.passages[0].id]
    assert (reason.held, reason.lacking, reason.also) == (("weight", "trailmaster", "tent"), ("blue",), ())
    assert 0 < reason.meaning < 1
    assert set(found.reasons) >= {passage.id for passage in found.passages}


def test_passages_that_say_the_same_are_shown_once_and_a_number_makes_a_difference(workspace: Workspace) -> None:
    texts = {
        "a.md": "An opened tent can come back within 14 days.",
        "b.md": "AN OPENED TENT can come back, within 14 days!",
        "c.md": "The opened tent can come back within 14 days",
        "d.md": "An opened tent can come back within 60 days.",
    }
    put_documents(workspace, texts)
    found = search(workspace.collections, ScriptedModel(), "Manuals", "How many days to bring an opened tent back?")
    told = {passage.document: found.reasons[passage.id].also for passage in found.passages}
    assert len(told) == 2
    (kept,) = set(told) - {"d.md"}
    assert {kept, *told[kept]} == {"a.md", "b.md", "c.md"}
    assert told["d.md"] == ()


def test_of_many_passages_the_nearest_are_found(workspace: Workspace) -> None:
    put_documents(workspace, {f"{nr}.md": f"Tent number {nr} is for sale." for nr in range(60)})
    index = workspace.collections.index("Manuals")
    ranking = rank(workspace.collections, index, ScriptedModel(), "Manuals", "Tent number 41")
    assert len(ranking.meaning) == len(ranking.words) == 30
    nearness = [ranking.cosines[found] for found in ranking.meaning]
    assert nearness == sorted(nearness, reverse=True)
    assert workspace.collections.passages(ranking.both[:1])[ranking.both[0]].document == "41.md"
