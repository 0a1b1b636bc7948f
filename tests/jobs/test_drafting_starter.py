"""The starter model drafts: nothing false comes through, and some of its drafts are of use."""

import csv
from collections.abc import Iterator

import pytest

from jobs.drafting.draft import draft_through
from jobs.models.door import Chat, Chunk
from jobs.models.installed import require
from jobs.models.patience import PatientDoor
from jobs.requests import Draft
from jobs.serving.base import Base
from jobs.serving.device import best_device
from jobs.serving.engine import Engine
from jobs.serving.tickets import Asked, End
from storage.settings import Settings
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.conftest import PROJECT
from tests.documents import put_documents
from tests.fakes import ScriptedModel
from tests.serving import Following

pytestmark = pytest.mark.slow

LARKSPUR = PROJECT / "tests" / "data" / "larkspur"


class Starter(ScriptedModel):
    """A door to an engine in this process."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine

    def chat(self, chat: Chat) -> Iterator[Chunk]:
        base = self._engine.base
        how = {"max_tokens": chat.max_tokens, "temperature": chat.temperature, "seed": chat.seed}
        mask = base.masks.make(chat.response_format)
        following = Following(self._engine, Asked(base.encoder.prompt(chat.messages), mask=mask, **how))
        while isinstance(piece := following.pieces.get(timeout=300), str):
            yield Chunk(piece)
        assert isinstance(piece, End), piece
        yield Chunk(finish_reason=piece.reason)


@pytest.fixture(scope="module")
def starter() -> Iterator[Engine]:
    engine = Engine(Base(require(Settings().models, "starter"), best_device()))
    yield engine
    engine.close()


def answers_of_the_shop() -> str:
    """The shop's answers without their questions and manners, as a document of seven short sections."""
    rows = list(csv.DictReader((LARKSPUR / "faq.csv").read_text().splitlines()))
    plain = [row["answer"].removeprefix("Thanks for asking! ").removesuffix(" Happy riding!") for row in rows[:21]]
    return "\n\n".join(f"## Answers {nr // 3 + 1}\n\n{' '.join(plain[nr : nr + 3])}" for nr in range(0, 21, 3))


def test_some_of_ten_passages_give_a_draft_and_each_stands_in_its_passage(
    starter: Engine, workspace: Workspace
) -> None:
    put_documents(workspace, {"care.md": (LARKSPUR / "battery-care.md").read_text(), "shop.md": answers_of_the_shop()})
    assert len(workspace.collections.passages_of("Manuals")) == 10
    request = Draft(collection="Manuals", most=10)
    context = claimed_context(workspace, request)
    made = draft_through(PatientDoor(Starter(starter)), request, context)
    drafts = workspace.drafts.list(job_id=context.job.id)
    for pair in drafts:
        assert pair.answer in pair.passage
    assert made.result["drafted"] == len(drafts) >= 3
    assert made.result["asked"] == 10
    assert len(drafts) + sum(made.result["unusable"].values()) == 10
