"""What is edited counts from the next question on; what did not change is not embedded again."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from jobs.context import Interrupted, JobContext
from jobs.queue import Queue
from jobs.requests import Index
from jobs.retrieval.editing import LONGEST_TEXT, edit, is_editable
from jobs.retrieval.indexing import index_with
from jobs.retrieval.search import search
from storage.errors import ModelUnavailable, NotFound, TooLarge, UserFault
from storage.workspace import Workspace
from tests.claimed import claimed_again, claimed_context
from tests.fakes import ScriptedModel
from tests.jobs.test_retrieval_indexing import OtherEmbedder, run, uploads

PARTS = [f"## Part {nr}\n\n{f'Sentence of part {nr} about its own matter. ' * 12}" for nr in range(6)]
GUIDE = "# Guide\n\n" + "\n\n".join(PARTS)


class Counting(ScriptedModel):
    """Remembers what was embedded; breaks off after so many batches."""

    def __init__(self, most: int = 10**9) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.most = most

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        if list(texts) != [" "]:
            self.most -= 1
            if self.most < 0:
                raise Interrupted
            self.texts += texts
        return super().embed(texts)


def first(workspace: Workspace) -> str:
    return workspace.collections.documents("Manuals")[0].id


def test_an_edit_is_found_by_the_next_question_and_embeds_what_is_new(workspace: Workspace) -> None:
    run(workspace, uploads(workspace, guide=GUIDE))
    before = workspace.collections.get("Manuals").index_version
    door = Counting()
    made = edit(workspace, door, "Manuals", first(workspace), GUIDE.replace("of part 3", "of the zeppelin"))
    assert (made.new, len(door.texts)) == (1, 1)
    assert made.document.passages == 6
    found = search(workspace.collections, door, "Manuals", "zeppelin")
    assert "zeppelin" in found.passages[0].text
    assert found.index_version == before + 1
    text = workspace.collections.document_text(made.document.id)
    assert all(text[one.start : one.end] == one.text for one in workspace.collections.passages_of("Manuals"))


def test_an_edit_that_cannot_be_kept_changes_nothing(workspace: Workspace) -> None:
    run(workspace, uploads(workspace, guide=GUIDE))
    kept, door = first(workspace), ScriptedModel()
    for text, error, said in (
        (GUIDE, UserFault, "Nothing was changed"),
        (" \n\u200b", UserFault, "would be empty"),
        ("x " * LONGEST_TEXT, TooLarge, "letters"),
    ):
        with pytest.raises(error, match=said):
            edit(workspace, door, "Manuals", kept, text)
    with pytest.raises(UserFault, match="another embedding model"):
        edit(workspace, OtherEmbedder(), "Manuals", kept, "new")
    assert first(workspace) == kept
    run(workspace, uploads(workspace, guide="# Other"))
    with pytest.raises(NotFound, match="in the meantime"):
        edit(workspace, door, "Manuals", kept, "new")


def test_only_short_plain_texts_are_edited_on_the_page(workspace: Workspace) -> None:
    run(workspace, uploads(workspace, guide=GUIDE))
    document = workspace.collections.documents("Manuals")[0]
    assert is_editable(document)
    assert not is_editable(replace(document, name="guide.pdf"))
    assert not is_editable(replace(document, name="FAQ (training rows)"))
    assert not is_editable(replace(document, characters=LONGEST_TEXT + 1))


def test_reading_again_embeds_only_what_changed(workspace: Workspace) -> None:
    door = Counting()
    run(workspace, uploads(workspace, guide=GUIDE, stove="# Stove\n\nGas."), door)
    assert len(door.texts) == 7
    kept, version = first(workspace), workspace.collections.get("Manuals").index_version
    run(workspace, uploads(workspace, guide=GUIDE, stove="# Stove\n\nGas."), door)
    assert len(door.texts) == 7
    assert (first(workspace), workspace.collections.get("Manuals").index_version) == (kept, version)
    result = run(
        workspace, uploads(workspace, guide=GUIDE.replace("of part 2", "of it"), stove="# Stove\n\nGas."), door
    )
    assert len(door.texts) == 8
    assert result["documents"] == [{"name": "guide.md", "passages": 6}, {"name": "stove.md", "passages": 1}]
    assert "of it" in workspace.collections.document_text(first(workspace))


def test_a_renamed_file_brings_its_vectors_along(workspace: Workspace) -> None:
    door = Counting()
    run(workspace, uploads(workspace, guide=GUIDE), door)
    run(workspace, uploads(workspace, manual=GUIDE), door)
    assert len(door.texts) == 6
    assert len(workspace.collections.documents("Manuals")) == 2


def test_an_attempt_that_was_cut_off_is_gone_on_with(workspace: Workspace) -> None:
    text = "\n\n".join(f"## Part {nr}\n\n{f'Sentence {nr} of it. ' * 30}" for nr in range(80))
    request = uploads(workspace, guide=text)
    context = claimed_context(workspace, request)
    broken = Counting(most=2)
    with pytest.raises(Interrupted):
        index_with(broken, request, context)
    again = _claimed_once_more(workspace, context, request)
    (saved,) = workspace.folder("checkpoints").iterdir()
    with (saved / "vectors").open("ab") as stream:
        stream.write(b"half a record")
    whole = Counting()
    index_with(whole, request, again)
    passages = len(workspace.collections.passages_of("Manuals"))
    assert len(broken.texts) == 64
    assert len(whole.texts) == passages - 64 > 0
    assert not set(broken.texts) & set(whole.texts)
    assert not list(workspace.folder("checkpoints").iterdir())
    index = workspace.collections.index("Manuals")
    texts = {one.id: f"{one.title}\n{one.text}" for one in workspace.collections.passages_of("Manuals")}
    wanted = ScriptedModel().embed([texts[one] for one in index.passage_ids])[1]
    assert abs(index.vectors - wanted).max() < 1e-6


def test_an_embedder_exchanged_in_between_is_told(workspace: Workspace) -> None:
    class Exchanged(ScriptedModel):
        def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
            return ("fake" if list(texts) == [" "] else "other"), super().embed(texts)[1]

    with pytest.raises(ModelUnavailable, match="exchanged"):
        run(workspace, uploads(workspace, guide=GUIDE), Exchanged())
    assert not list(workspace.folder("checkpoints").iterdir())


def _claimed_once_more(workspace: Workspace, context: JobContext, request: Index) -> JobContext:
    queue = Queue(workspace.database, workspace.clock)
    assert queue.interrupt(context.job, "The worker stopped.")
    return claimed_again(workspace, queue.get(context.job.id), request)
