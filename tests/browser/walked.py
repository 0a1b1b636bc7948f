"""A workspace in which every step has been taken, filled straight through the stores, for tests of how it looks."""

from dataclasses import dataclass

from jobs.answering.ways import columns_for
from jobs.evaluation.evaluate import evaluate_through
from jobs.intake.upload import add_dataset
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.queue import Queue
from jobs.requests import Choices, Evaluate, Train
from jobs.tools.tables import add_table
from storage.records import Comparison, Permission
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.browser.serving import Studio
from tests.claimed import claimed_again, claimed_context
from tests.conftest import PROJECT
from tests.documents import put_documents
from tests.fakes import ScriptedModel

LARKSPUR = PROJECT / "tests" / "data" / "larkspur"
QUESTION = "Within how many days of delivery may an e-bike be sent back?"
ORDER_QUESTION = "Where is order 10442?"
_BASE = (
    "You can usually return a bike within a few weeks, but it depends on the shop where you bought it, and on its "
    "state. Please ask the shop for its rules before you send anything, and keep the box."
)
_READ = "An e-bike may be sent back within 14 days of delivery."
_TUNED = "Thanks for asking! You may send an e-bike back within 14 days of delivery. We pay the way back."
_RETURNS = (
    "# Returns\n\nAn e-bike may be sent back within 14 days of delivery, in its box.\n\n"
    "## Costs\n\nWe pay the way back. A bike that was ridden for more than 20 km is inspected first.\n"
)


def reply(chat: Chat) -> str:
    """Answer as the ways would: look an order up, say what a passage says, keep the tone where it was learned."""
    wanted = chat.response_format or {}
    if wanted.get("type") == "choice":
        return next((name for name in wanted["choices"] if name == "look_up_orders"), wanted["choices"][-1])
    if wanted:
        return '{"key": "10442"}'
    if chat.model.startswith("adapter:"):
        return _TUNED
    return _READ if any("in its box" in message["content"] for message in chat.messages) else _BASE


@dataclass(frozen=True)
class Walked:
    """Where the walk led: to a run that is done and one that goes on."""

    done: str
    running: str


def walk(workspace: Workspace) -> Walked:
    """Take every step: examples, a training that is done and one that runs, documents, a table, scores."""
    dataset = add_dataset(workspace, LARKSPUR / "faq.csv", "faq.csv")
    put_documents(
        workspace, {"returns.md": _RETURNS, "battery-care.md": (LARKSPUR / "battery-care.md").read_text("utf-8")}
    )
    add_table(workspace, "orders", LARKSPUR / "orders.csv", "orders.csv", "order")
    done = keep_adapter(workspace, "Returns tone").job_id
    _score(workspace)
    workspace.tools.set_permission("look_up_orders", Permission.ASK)
    return Walked(done, _run(workspace, dataset.id))


def ask(studio: Studio, question: str) -> Comparison:
    """Ask a question in all ways; a question about an order waits for a yes."""
    return studio.bench.comparing.ask(question, columns_for(Choices(), studio.bench.workspace))


def _run(workspace: Workspace, dataset_id: str) -> str:
    request = Train(dataset_id=dataset_id, name="Warranty tone")
    queue = Queue(workspace.database, workspace.clock)
    context = claimed_again(workspace, queue.enqueue(request, "a run"), request)
    for step, (loss, unseen) in enumerate([(2.9, 2.8), (2.1, 2.2), (1.6, 1.9), (1.3, 1.8)], 1):
        context.record("loss", step * 10, {"loss": loss})
        context.record("loss", step * 10, {"eval_loss": unseen})
    sample = {
        "question": "May I send a saddle back after a ride in the rain?", "before": "It depends.",
        "now": "Thanks for asking! Yes, within 30 days.", "expected": "Thanks for asking! You have 30 days for that.",
    }  # fmt: skip
    context.record("sample", 40, sample)
    context.report("train", 40, 70, 95.0)
    context.flush()
    return context.job.id


def _score(workspace: Workspace) -> None:
    rows = [f"How many days do I have for item {n}?,You have 14 days.,facts\n" for n in range(8)]
    rows += [f"Where is order {10440 + n}?,Out for delivery.,live\n" for n in range(4)]
    (workspace.folder("uploads") / "test.csv").write_text("question,answer,kind\n" + "".join(rows))
    request = Evaluate(source="uploads/test.csv", name="test.csv")
    context = claimed_context(workspace, request)
    made = evaluate_through(PatientDoor(ScriptedModel(reply)), request, context)
    queue = Queue(workspace.database, workspace.clock)
    assert queue.finish(context.job, result=made.result, scorecard=made.scorecard, stop_reason=made.stop_reason)
