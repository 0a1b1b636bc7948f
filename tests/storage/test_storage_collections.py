"""Documents come with passages and vectors in one transaction; every change raises the version."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from storage import matching
from storage.collections import CutOtherwise, NewDocument, NewPassage
from storage.errors import NotFound, UserFault
from storage.records import Collection
from storage.settings import Settings
from storage.switching import held, switch
from storage.thresholds import keep_threshold
from storage.workspace import Workspace

TENTS = "A tent for four. It weighs 12 lbs."
RETURNS = "Returns within 30 days."


@pytest.fixture
def workspace(either_settings: Settings) -> Iterator[Workspace]:
    opened = Workspace.open(either_settings)
    yield opened
    opened.close()


@pytest.fixture
def manuals(workspace: Workspace) -> Collection:
    return workspace.collections.ensure("Manuals")


def document(name: str, text: str, embedder: str = "mini") -> NewDocument:
    cut = text.find(".") + 1
    spans = [(0, cut), (cut + 1, len(text))] if cut < len(text) else [(0, len(text))]
    return NewDocument(
        name=name,
        sha256="0" * 64,
        text=text,
        embedder=embedder,
        passages=tuple(NewPassage(start, end, [float(start), 1.0], title="Goods") for start, end in spans),
    )


def test_a_collection_is_made_once(workspace: Workspace, manuals: Collection) -> None:
    assert workspace.collections.ensure("Manuals") == manuals == workspace.collections.get("Manuals")
    assert workspace.collections.list() == [manuals]
    with pytest.raises(NotFound, match="no documents called 'Other'"):
        workspace.collections.get("Other")


def test_a_document_comes_back_with_exact_spans(workspace: Workspace, manuals: Collection) -> None:
    store = workspace.collections
    made = store.put_document(manuals.id, document("tents.md", TENTS))
    assert store.documents("Manuals") == [made]
    assert made.passages == 2
    text = store.document_text(made.id)
    for passage in store.passages_of("Manuals"):
        assert passage.text == text[passage.start : passage.end]
        assert (passage.document, passage.title) == ("tents.md", "Goods")
    assert [passage.text for passage in store.passages_of("Manuals")] == ["A tent for four.", "It weighs 12 lbs."]
    assert store.get("Manuals").embedder == "mini"


def test_a_document_of_the_same_name_takes_the_place_of_the_older(workspace: Workspace, manuals: Collection) -> None:
    store = workspace.collections
    older = store.put_document(manuals.id, document("tents.md", TENTS))
    store.put_document(manuals.id, document("tents.md", RETURNS))
    assert [one.text for one in store.passages_of("Manuals")] == [RETURNS]
    assert store.match("Manuals", ["tent"]) == []
    assert len(store.match("Manuals", ["returns"])) == 1
    assert store.get("Manuals").index_version == 2
    with pytest.raises(NotFound, match="not here any more"):
        store.document_text(older.id)


def test_removing_a_document_forgets_its_words_and_vectors(workspace: Workspace, manuals: Collection) -> None:
    store = workspace.collections
    made = store.put_document(manuals.id, document("tents.md", TENTS))
    assert len(store.index("Manuals").passage_ids) == 2
    store.remove_document(made.id)
    assert store.documents("Manuals") == []
    assert store.match("Manuals", ["tent"]) == []
    assert store.index("Manuals").passage_ids == ()
    assert store.get("Manuals").index_version == 2
    with pytest.raises(NotFound):
        store.remove_document(made.id)


def test_vectors_stay_in_memory_until_the_version_rises(workspace: Workspace, manuals: Collection) -> None:
    store = workspace.collections
    store.put_document(manuals.id, document("tents.md", TENTS))
    index = store.index("Manuals")
    assert store.index("Manuals") is index
    assert (index.version, index.embedder, index.vectors.dtype) == (1, "mini", np.float32)
    assert sorted(index.vectors[:, 0].tolist()) == [0.0, 17.0]
    store.put_document(manuals.id, document("returns.md", RETURNS))
    assert store.index("Manuals").version == 2


def test_two_embedders_never_mix(workspace: Workspace, manuals: Collection) -> None:
    store = workspace.collections
    store.put_document(manuals.id, document("tents.md", TENTS))
    with pytest.raises(UserFault, match="another embedding model"):
        store.put_document(manuals.id, document("returns.md", RETURNS, embedder="other"))
    assert [one.name for one in store.documents("Manuals")] == ["tents.md"]
    assert store.get("Manuals").index_version == 1


def test_all_passages_are_exchanged_together(workspace: Workspace, manuals: Collection) -> None:
    store, database = workspace.collections, workspace.database
    kept = store.put_document(manuals.id, document("tents.md", TENTS))
    keep_threshold(database, "Manuals", 0.5)
    store.put_document(store.ensure("Other").id, document("tents.md", TENTS))
    before = held(database, "Manuals")
    new = {kept.id: NewDocument("tents.md", "", TENTS, (NewPassage(0, 6, [1.0]),), "other", cutting="short")}
    store.put_document(manuals.id, document("returns.md", RETURNS))
    assert not switch(database, before, "short", new)
    assert (store.get("Manuals").embedder, store.get("Manuals").cutting) == ("mini", "usual")
    store.remove_document(store.documents("Manuals")[0].id)
    assert switch(database, held(database, "Manuals"), "short", new)
    index = store.index("Manuals")
    assert (index.embedder, index.version, index.vectors.shape, index.threshold) == ("other", 5, (1, 1), None)
    assert [one.id for one in store.documents("Manuals")] == [kept.id]
    assert [one.text for one in store.passages(store.match("Manuals", ["tent"])).values()] == [TENTS[:6]]
    assert len(store.match("Other", ["tent", "weighs"])) == 2
    with pytest.raises(CutOtherwise, match="cut otherwise"):
        store.put_document(manuals.id, document("returns.md", RETURNS, embedder="other"))
    with pytest.raises(NotFound):
        held(database, "gone")


@pytest.mark.parametrize("word", ['"', "'", "a OR b", "NEAR(", "text:x", "*", "-", "ünter", "\x00", 'x" OR "tent'])
def test_no_word_is_ever_an_operator(workspace: Workspace, manuals: Collection, word: str) -> None:
    workspace.collections.put_document(manuals.id, document("tents.md", TENTS))
    assert workspace.collections.match("Manuals", [word]) == []


def test_matching_ranks_by_words_and_titles_within_one_collection(workspace: Workspace, manuals: Collection) -> None:
    store = workspace.collections
    store.put_document(manuals.id, document("tents.md", TENTS))
    other = store.ensure("Other")
    store.put_document(other.id, document("tents.md", TENTS))
    found = store.passages(store.match("Manuals", ["tents", "weigh", "four"]))
    assert {one.text for one in found.values()} == {"A tent for four.", "It weighs 12 lbs."}
    assert len(store.match("Manuals", ["goods"], limit=1)) == 1
    assert store.match("Manuals", []) == []


def test_the_weight_of_the_title_decides_what_comes_first(workspace: Workspace, manuals: Collection) -> None:
    store = workspace.collections
    for name, title, words in (
        ("a.md", "Tents", "Buy stoves, pans and pots."),
        ("b.md", "Stoves", "Buy tents and poles."),
    ):
        new = NewDocument(name, "", words, (NewPassage(0, len(words), [1.0], title),), "mini")
        store.put_document(manuals.id, new)
    by_title, by_text = (
        [found.document for found in map(store.passages(ids).get, ids) if found]
        for ids in (store.match("Manuals", ["tents"], title_weight=weight) for weight in (5.0, 0.1))
    )
    assert (by_title, by_text) == (["a.md", "b.md"], ["b.md", "a.md"])


def test_a_small_collection_is_found_beside_a_large_one_that_fits_better(
    workspace: Workspace, manuals: Collection
) -> None:
    store = workspace.collections
    texts = ["A tent, at last, weighs little.", "Of many things in this long house one is a tent, among all others."]
    store.put_document(manuals.id, document("a.md", texts[0]))
    store.put_document(manuals.id, document("b.md", texts[1]))
    other = store.ensure("Other")
    many = tuple(NewPassage(5 * nr, 5 * nr + 4, [1.0], title="Tent") for nr in range(400))
    store.put_document(other.id, NewDocument("tents.md", "0" * 64, "tent " * 400, many, "mini"))
    for weight in (0.5, 3.0):
        found = store.passages(ids := store.match("Manuals", ["tent"], 30, weight))
        assert [found[one].text for one in ids] == texts
    both = store.rankings("Manuals", ["tent", "house"], 1, (0.5, 3.0))
    assert [len(ids) for ids in both] == [1, 1]
    assert {store.passages(ids)[ids[0]].text for ids in both} == {texts[1]}
    assert [len(ids) for ids in store.rankings("Other", ["tent"], 30, (0.5, 3.0))] == [30, 30]
    assert store.rankings("Manuals", [], 30, (0.5, 3.0)) == [[], []]


def test_among_many_passages_only_the_promising_are_weighed_and_the_best_stay(
    workspace: Workspace, manuals: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    if workspace.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL ranks in its own way")
    store, chance = workspace.collections, np.random.default_rng(7860)
    words = [f"{letter}word" for letter in "abcdefghijkl"]
    shares = np.array([1 / rank for rank in range(1, len(words) + 1)])
    texts = [" ".join(chance.choice(words, 12, p=shares / shares.sum())) for _ in range(600)]
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
    passages = tuple(
        NewPassage(int(start), int(start) + len(text), [1.0], title="Goods")
        for start, text in zip(starts, texts, strict=False)
    )
    store.put_document(manuals.id, NewDocument("many.md", "0" * 64, " ".join(texts), passages, "mini"))
    store.put_document(manuals.id, document("rare.md", "A zebra."))
    asked = (["aword", "cword", "lword"], words[2:8], ["bword", "goods"], ["zebra", "aword"], ["aword"])
    every = [store.rankings("Manuals", question, 5, (0.5, 3.0)) for question in asked]
    weighed = list[bool]()
    in_one_pass = matching._in_one_pass

    def watched(connection: Any, given: dict[str, object], weights: Any) -> Any:
        weighed.append("promising" in given)
        return in_one_pass(connection, given, weights)

    monkeypatch.setattr(matching, "_MOST_WEIGHED", 300)
    monkeypatch.setattr(matching, "_MOST_ALONE", 50)
    monkeypatch.setattr(matching, "_in_one_pass", watched)
    assert [store.rankings("Manuals", question, 5, (0.5, 3.0)) for question in asked] == every
    assert weighed == [True, True, True, True, False, False], "too few hold a zebra, and one word makes no pair"
