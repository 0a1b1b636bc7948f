"""After a change of the embedding model every collection is asked for once, in the background."""

from collections.abc import Sequence

import pytest

from jobs.models.patience import PatientDoor
from jobs.queue import Queue
from jobs.requests import Index
from jobs.retrieval.renewing import renew, renew_when_ready
from storage.errors import ModelUnavailable
from storage.workspace import Workspace
from tests.documents import put_documents
from tests.fakes import ScriptedModel
from tests.jobs.test_retrieval_indexing import NoEmbedder, OtherEmbedder, run


class Starting(OtherEmbedder):
    """Answers from the second time on."""

    asked = 0

    def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
        self.asked += 1
        if self.asked == 1:
            raise ModelUnavailable("The model server does not answer yet.")
        return super().embed(texts)


@pytest.fixture
def queue(workspace: Workspace) -> Queue:
    return Queue(workspace.database, workspace.clock)


def test_what_another_embedder_read_is_asked_for_once(workspace: Workspace, queue: Queue) -> None:
    assert renew(workspace, queue, NoEmbedder()) == []  # nothing is there, so nobody is asked
    put_documents(workspace, {"a.md": "A tent."}, "Tents")
    put_documents(workspace, {"b.md": "A stove."}, "Stoves")
    workspace.collections.ensure("Empty")
    assert renew(workspace, queue, ScriptedModel()) == []
    assert {job.spec["collection"] for job in renew(workspace, queue, OtherEmbedder())} == {"Tents", "Stoves"}
    assert renew(workspace, queue, OtherEmbedder()) == []
    for name in ("Tents", "Stoves"):
        run(workspace, Index(collection=name), OtherEmbedder())
        assert workspace.collections.index(name).embedder == "other"


def test_a_model_that_starts_is_waited_for_and_one_that_never_does_is_logged(
    workspace: Workspace, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    put_documents(workspace, {"a.md": "A tent."}, "Tents")
    renew_when_ready(workspace, queue, PatientDoor(NoEmbedder(), (0.0,)))
    assert queue.unfinished() == []
    assert "It is not known" in caplog.text
    renew_when_ready(workspace, queue, PatientDoor(Starting(), (0.0,)))
    (job,) = queue.unfinished()
    assert job.spec["collection"] == "Tents"
