"""Documents are cut anew beside what is searched, and switched to at once; whatever happens meanwhile is read, too."""

from collections.abc import Callable, Sequence

import pytest

from jobs.context import Interrupted
from jobs.queue import Queue
from jobs.requests import Index
from jobs.retrieval.editing import edit
from jobs.retrieval.embedding import Embedding
from jobs.retrieval.indexing import index_with
from jobs.retrieval.previewing import passages_if_cut, preview
from jobs.retrieval.rereading import reread
from jobs.retrieval.search import search
from storage.errors import NotFound, UserFault
from storage.thresholds import keep_threshold
from storage.workspace import Workspace
from tests.claimed import claimed_again, claimed_context
from tests.fakes import ScriptedModel
from tests.jobs.test_retrieval_editing import GUIDE, Counting
from tests.jobs.test_retrieval_indexing import OtherEmbedder, run, uploads

SHORT = Index(collection="Manuals", cutting="short")
TABLE = "name,text\nTent," + "A long row about the tent. " * 30 + "\nStove,It burns gas.\n"


class Meanwhile(ScriptedModel):
    """Does something once while passages are embedded."""

    def __init__(self, act: Callable[[], object], embedder: str = "fake") -> None:
        super().__init__()
        self.act: Callable[[], object] | None = act
        self.embedder = embedder

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        act, self.act = (self.act, None) if list(texts) != [" "] else (None, self.act)
        if act is not None:
            act()
        return self.embedder, super().embed(texts)[1]


def lengths(workspace: Workspace) -> list[int]:
    return [len(one.text) for one in workspace.collections.passages_of("Manuals")]


def test_documents_are_cut_anew_and_what_comes_later_is_cut_so_too(workspace: Workspace) -> None:
    run(workspace, uploads(workspace, guide=GUIDE))
    keep_threshold(workspace.database, "Manuals", 0.5)
    before, (kept,) = lengths(workspace), workspace.collections.documents("Manuals")
    result = run(workspace, SHORT)
    after, made = lengths(workspace), workspace.collections.get("Manuals")
    assert max(after) < max(before)
    assert len(after) > 2 * len(before)
    assert result["cut"] == {"cutting": "short", "documents": 1, "passages": len(after), "usual_threshold": True}
    assert (made.cutting, made.threshold, made.index_version) == ("short", None, 3)
    assert workspace.collections.documents("Manuals")[0].id == kept.id
    text = workspace.collections.document_text(kept.id)
    passages = workspace.collections.passages_of("Manuals")
    assert all(text[one.start : one.end] == one.text for one in passages)
    assert {one.title for one in passages} >= {f"Guide – Part 0 > Part {nr}" for nr in range(1, 6)}
    assert "part 3" in search(workspace.collections, ScriptedModel(), "Manuals", "matter of part 3").passages[0].text
    run(workspace, uploads(workspace, other=GUIDE.replace("Part", "Piece")))
    assert len(lengths(workspace)) == 2 * len(after)
    made = edit(workspace, ScriptedModel(), "Manuals", kept.id, GUIDE + "\n\nOne thing more.")
    assert made.document.passages >= len(after)
    assert run(workspace, SHORT)["cut"]["usual_threshold"] is False
    assert workspace.collections.get("Manuals").index_version == 5


def test_rows_of_tables_stay_as_they_are(workspace: Workspace) -> None:
    (workspace.folder("uploads") / "t").write_text(TABLE)
    run(workspace, Index(collection="Manuals", files=(("uploads/t", "goods.csv"),)))
    before = [(one.start, one.end, one.title) for one in workspace.collections.passages_of("Manuals")]
    assert run(workspace, SHORT)["cut"]["passages"] == len(before)
    assert [(one.start, one.end, one.title) for one in workspace.collections.passages_of("Manuals")] == before
    shown = preview(workspace, "Manuals", "goods.csv", "long")
    assert (shown.by_rows, shown.count) == (True, len(before))


def test_the_old_index_answers_meanwhile_and_what_is_added_then_is_read_too(workspace: Workspace) -> None:
    run(workspace, uploads(workspace, guide=GUIDE))
    found: list[int] = []

    def ask_and_add() -> None:
        found.append(search(workspace.collections, ScriptedModel(), "Manuals", "part 3").index_version)
        run(workspace, uploads(workspace, stove="# Stove\n\nIt burns gas."))

    context = claimed_context(workspace, SHORT)
    index_with(Meanwhile(ask_and_add), SHORT, context)
    assert found == [1]
    assert [one.name for one in workspace.collections.documents("Manuals")] == ["guide.md", "stove.md"]
    assert all(one.passages for one in workspace.collections.documents("Manuals"))
    index = workspace.collections.index("Manuals")
    assert (index.version, len(index.passage_ids)) == (3, len(lengths(workspace)))
    assert search(workspace.collections, ScriptedModel(), "Manuals", "gas").index_version == 3


def test_another_embedder_takes_over_at_once_and_vectors_never_mix(workspace: Workspace) -> None:
    run(workspace, uploads(workspace, guide=GUIDE))
    found: list[str] = []

    def ask_and_edit() -> None:
        found.append(search(workspace.collections, ScriptedModel(), "Manuals", "part 3").passages[0].text)
        document = workspace.collections.documents("Manuals")[0].id
        edit(workspace, ScriptedModel(), "Manuals", document, GUIDE.replace("part 3", "the zeppelin"))

    request = Index(collection="Manuals")
    index_with(Meanwhile(ask_and_edit, "other"), request, claimed_context(workspace, request))
    assert "part 3" in found[0]
    index = workspace.collections.index("Manuals")
    assert (index.embedder, index.version) == ("other", 3)
    again = search(workspace.collections, OtherEmbedder(), "Manuals", "zeppelin")
    assert "zeppelin" in again.passages[0].text
    with pytest.raises(UserFault, match="another embedding model"):
        search(workspace.collections, ScriptedModel(), "Manuals", "zeppelin")


def test_files_that_are_read_while_all_is_cut_anew_are_cut_anew_too(workspace: Workspace) -> None:
    run(workspace, uploads(workspace, guide=GUIDE))
    request = uploads(workspace, other=GUIDE.replace("Part", "Piece"), stove="# Stove\n\nIt burns gas.")
    result = index_with(Meanwhile(lambda: run(workspace, SHORT)), request, claimed_context(workspace, request)).result
    documents = {one.name: one.passages for one in workspace.collections.documents("Manuals")}
    assert documents["other.md"] == documents["guide.md"] > 12
    assert {one["name"]: one["passages"] for one in result["documents"]} == {
        "other.md": documents["other.md"], "stove.md": 1,
    }  # fmt: skip


def test_an_attempt_that_was_cut_off_is_gone_on_with(workspace: Workspace) -> None:
    text = "\n\n".join(f"## Part {nr}\n\n{f'Sentence {nr} of it. ' * 30}" for nr in range(40))
    run(workspace, uploads(workspace, guide=text))
    context = claimed_context(workspace, SHORT)
    with pytest.raises(Interrupted):
        index_with(Counting(most=2), SHORT, context)
    assert workspace.collections.get("Manuals").cutting == "usual"
    queue = Queue(workspace.database, workspace.clock)
    assert queue.interrupt(context.job, "The worker stopped.")
    whole = Counting()
    index_with(whole, SHORT, claimed_again(workspace, queue.get(context.job.id), SHORT))
    distinct = {(one.title, one.text) for one in workspace.collections.passages_of("Manuals")}
    assert len(whole.texts) == len(distinct) - 64 > 0
    assert not list(workspace.folder("checkpoints").iterdir())


def test_a_collection_that_never_stands_still_is_told(workspace: Workspace) -> None:
    run(workspace, uploads(workspace, guide=GUIDE))
    context = claimed_context(workspace, SHORT)

    class Restless(ScriptedModel):
        def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
            keep_threshold(workspace.database, "Manuals", None)
            return super().embed(texts)

    embedding = Embedding(Restless(), context)
    with pytest.raises(UserFault, match="changed all the time"):
        reread(embedding, context, "Manuals", "short")
    embedding.saved.remove()


def test_a_choice_for_what_is_to_come_needs_no_documents(workspace: Workspace) -> None:
    result = run(workspace, SHORT)
    assert result["cut"] == {"cutting": "short", "documents": 0, "passages": 0, "usual_threshold": False}
    run(workspace, uploads(workspace, guide=GUIDE))
    assert max(lengths(workspace)) < 90 * 6


def test_a_look_shows_the_passages_to_be_and_changes_nothing(workspace: Workspace) -> None:
    run(workspace, uploads(workspace, guide=GUIDE))
    shown = preview(workspace, "Manuals", "guide.md", "short")
    would_be = passages_if_cut(workspace, "Manuals", "short", ["guide.md"])
    assert would_be is not None
    assert (shown.count, shown.whole, shown.by_rows) == (len(would_be), True, False)
    assert shown.pieces[0].title == "Guide – Part 0"
    assert shown.pieces[0].repeated == ""
    assert "Sentence of part 0" in shown.pieces[1].repeated
    assert shown.pieces[0].text.endswith(shown.pieces[1].repeated)
    assert all(piece.tokens <= 90 for piece in shown.pieces)
    assert workspace.collections.get("Manuals").index_version == 1
    run(workspace, SHORT)
    assert [one.text for one in would_be] == [one.text for one in workspace.collections.passages_of("Manuals")]
    with pytest.raises(NotFound, match="not here any more"):
        preview(workspace, "Manuals", "gone.md", "short")


def test_a_long_document_is_looked_at_in_part(workspace: Workspace) -> None:
    run(workspace, uploads(workspace, guide="A sentence of it stands here. " * 15_000))
    shown = preview(workspace, "Manuals", "guide.md", "long")
    assert (shown.whole, len(shown.pieces)) == (False, 6)
    assert passages_if_cut(workspace, "Manuals", "long", ["guide.md"]) is None
