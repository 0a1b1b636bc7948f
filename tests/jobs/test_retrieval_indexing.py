"""Indexing keeps the good files, tells about the bad ones, and never leaves half of anything."""

import time
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import pytest

from jobs.context import Cancelled
from jobs.queue import Queue
from jobs.requests import Index
from jobs.retrieval import indexing
from jobs.retrieval.indexing import index_with
from jobs.retrieval.reading import Text, read_document
from jobs.retrieval.search import search
from storage.errors import ModelUnavailable, NotFound, UnreadableFile, UserFault
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.fakes import ScriptedModel

TENT = "# TrailMaster Tent\n\n## Weight\n\nIt weighs 12 lbs.\n"
STOVE = "# CompactCook Stove\n\n## Fuel\n\nIt burns gas.\n"


class OtherEmbedder(ScriptedModel):
    """Embeds as the usual one but under another name, as after a change of the embedding model."""

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        return "other", super().embed(texts)[1]


class NoEmbedder(ScriptedModel):
    """A model server that has gone away."""

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        raise ModelUnavailable("The model server does not answer.")


def uploads(workspace: Workspace, **texts: str) -> Index:
    files = []
    for name, text in texts.items():
        (workspace.folder("uploads") / name).write_text(text)
        files.append((f"uploads/{name}", f"{name}.md"))
    return Index(collection="Manuals", files=tuple(files))


def run(workspace: Workspace, request: Index, door: ScriptedModel | None = None) -> dict:
    return index_with(door or ScriptedModel(), request, claimed_context(workspace, request)).result


def test_documents_can_be_found_after_indexing(workspace: Workspace) -> None:
    result = run(workspace, uploads(workspace, tent=TENT, stove=STOVE))
    assert result == {
        "documents": [{"name": "tent.md", "passages": 1}, {"name": "stove.md", "passages": 1}],
        "failed": [],
    }
    found = search(workspace.collections, ScriptedModel(), "Manuals", "What is the weight of the TrailMaster tent?")
    assert found.passages[0].document == "tent.md"
    assert found.passages[0].title == "TrailMaster Tent – Weight"


def test_a_bad_file_is_told_and_the_good_ones_are_kept(workspace: Workspace) -> None:
    result = run(workspace, uploads(workspace, empty="  ", tent=TENT))
    assert [one["name"] for one in result["documents"]] == ["tent.md"]
    (fault,) = result["failed"]
    assert fault["name"] == "empty.md"
    assert fault["text"] == "empty.md is empty: 0 words found."
    assert fault["next_step"]


def test_only_bad_files_fail_and_make_no_collection(workspace: Workspace) -> None:
    with pytest.raises(UnreadableFile, match=r"empty\.md is empty"):
        run(workspace, uploads(workspace, empty=""))
    assert workspace.collections.list() == []


def test_nothing_changes_while_nothing_can_be_embedded(workspace: Workspace) -> None:
    with pytest.raises(ModelUnavailable):
        run(workspace, uploads(workspace, tent=TENT), NoEmbedder())
    assert workspace.collections.list() == []


def test_an_upload_that_is_gone_is_told(workspace: Workspace) -> None:
    request = Index(collection="Manuals", files=(("uploads/none", "tent.md"),))
    with pytest.raises(Exception, match=r"The uploaded file of tent\.md is gone"):
        run(workspace, request)


def test_another_embedder_embeds_everything_again(workspace: Workspace) -> None:
    run(workspace, uploads(workspace, tent=TENT))
    with pytest.raises(UserFault, match="another embedding model"):
        search(workspace.collections, OtherEmbedder(), "Manuals", "weight")
    run(workspace, uploads(workspace, stove=STOVE), OtherEmbedder())
    assert workspace.collections.index("Manuals").embedder == "other"
    assert len(workspace.collections.index("Manuals").passage_ids) == 2
    run(workspace, Index(collection="Manuals"))
    assert workspace.collections.index("Manuals").embedder == "fake"


def test_a_cancelled_job_keeps_nothing(workspace: Workspace) -> None:
    request = uploads(workspace, tent=TENT)
    context = claimed_context(workspace, request)
    Queue(workspace.database, workspace.clock).request_cancel(context.job.id)
    with pytest.raises(Cancelled):
        index_with(ScriptedModel(), request, context)
    with pytest.raises(NotFound):
        workspace.collections.get("Manuals")


def test_a_stop_while_files_are_read_leaves_the_others_unread(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = uploads(workspace, **{f"page{number}": TENT for number in range(200)})
    context = claimed_context(workspace, request)
    queue, asked = Queue(workspace.database, workspace.clock), list[str]()

    def read(path: Path, name: str, _place: int | None) -> Text:
        if not asked:
            queue.request_cancel(context.job.id)
        asked.append(name)
        time.sleep(0.2)
        return Text(path.read_text())

    monkeypatch.setattr(indexing, "_SMALL_BYTES", 0)
    monkeypatch.setattr(indexing, "read_document", read)
    with pytest.raises(Cancelled):
        index_with(ScriptedModel(), request, context)
    assert 0 < len(asked) < 200


def test_documents_keep_the_order_of_their_files_whichever_is_read_first(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"page{number}" for number in range(6)]

    def read(path: Path, name: str, _place: int | None) -> Text:
        time.sleep(0.3 if name == "page0.md" else 0)
        if name == "page1.md":
            raise UnreadableFile("page1.md is damaged.")
        return Text(path.read_text())

    monkeypatch.setattr(indexing, "_SMALL_BYTES", 0)
    monkeypatch.setattr(indexing, "read_document", read)
    result = run(workspace, uploads(workspace, **dict.fromkeys(names, TENT)))
    assert [one["name"] for one in result["documents"]] == [f"{name}.md" for name in names if name != "page1"]
    assert [one["name"] for one in result["failed"]] == ["page1.md"]


def test_small_files_that_are_read_together_come_to_what_each_comes_to(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "<html><body><p>It burns gas.</p></body></html>"
    request = uploads(workspace, tent=TENT, empty=" ", page=page, stove=STOVE)
    (workspace.folder("uploads") / "old").write_bytes("Zelte für vier – wasserdicht.".encode("cp1252"))
    (workspace.folder("uploads") / "picture").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with ZipFile(workspace.folder("uploads") / "packed", "w") as packed:
        for name, text in {
            "a.md": STOVE,
            "b.html": page,
            "c.csv": "name,price\nTent,12\n",
            "d.txt": "",
            "e.md": TENT,
        }.items():
            packed.writestr(f"in/{name}", text)
    more = (
        *(("uploads/old", "old.txt"), ("uploads/picture", "picture.txt"), ("uploads/packed", "packed.zip")),
        ("uploads/gone", "gone.md"),
    )
    together = Index(collection="Together", files=(*request.files, *more))
    alone = together.model_copy(update={"collection": "Alone"})
    by_itself = list[str]()

    def read(path: Path, name: str, place: int | None) -> Text:
        by_itself.append(name)
        return read_document(path, name, place)

    monkeypatch.setattr(indexing, "read_document", read)
    told = run(workspace, together)
    assert sorted(by_itself) == ["empty.md", "in/d.txt", "picture.txt"], "only what is refused"
    monkeypatch.setattr(indexing, "_SMALL_BYTES", 0)
    monkeypatch.setattr(indexing, "_QUICK_NAMES", frozenset())
    assert told == run(workspace, alone)
    packed_names = [f"in/{name}" for name in ("a.md", "b.html", "c.csv", "e.md")]
    assert [one["name"] for one in told["documents"]] == ["tent.md", "page.md", "stove.md", "old.txt", *packed_names]
    assert [one["name"] for one in told["failed"]] == ["empty.md", "picture.txt", "in/d.txt", "gone.md"]
    passages = [[one.text for one in workspace.collections.passages_of(name)] for name in ("Together", "Alone")]
    assert passages[0] == passages[1]


def test_the_phases_are_told(workspace: Workspace) -> None:
    request = uploads(workspace, tent=TENT, stove=STOVE)
    context = claimed_context(workspace, request)
    index_with(ScriptedModel(), request, context)
    context.flush()
    row = Queue(workspace.database, workspace.clock).get(context.job.id)
    assert (row.phase, row.step, row.total_steps) == ("keep", 2, 2)
