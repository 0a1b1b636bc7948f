"""A workspace that holds one of everything, for tests of what is deleted and what stays."""

from dataclasses import dataclass

from jobs.queue import Queue
from jobs.requests import Evaluate, Index, Train
from jobs.tools.keys import shape
from storage.records import Adapter, Column, Example, Permission, Scorecard, ToolRecord
from storage.tools import TableRow
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.documents import put_documents

SECRET = "heliotrope"  # stands in every text that a person brought or got

_ORDERS = ToolRecord(
    "look_up_orders",
    "table",
    Permission.AUTO,
    "",
    {
        "name": "orders", "key": "order", "columns": ["order", "goods"], "rows": 1, "left_out": 0, "example": "10442",
        "key_words": 1, "shapes": [shape("10442")], "nouns": ["order"], "file": "orders.csv",
    },
)  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """The ids of what the workspace holds."""

    dataset: str
    adapter: str
    comparison: str
    card: str


def fill(workspace: Workspace) -> Filled:
    """Keep examples, a trained adapter, documents, a look-up table, a comparison and a scorecard."""
    dataset = workspace.datasets.keep(
        "FAQ",
        [Example(nr, f"May I return {SECRET} {nr}?", f"You may return {SECRET}.") for nr in range(1, 13)],
        rows=12,
        columns={"question": "q", "answer": "a"},
        dropped=[],
        source="faq.csv",
    )
    _keep_file(workspace, f"uploads/{dataset.id}.csv")
    adapter = _trained(workspace, dataset.id)
    _read_documents(workspace)
    workspace.tools.keep(_ORDERS, [TableRow("10442", {"order": "10442", "goods": SECRET})])
    columns = [Column("hybrid", "hybrid", adapter_id=adapter, collection="Manuals", tools=("look_up_orders",))]
    comparison = workspace.comparisons.start(f"Where is my {SECRET}?", columns)
    attempt = workspace.comparisons.begin(comparison.id, "hybrid", "web")
    workspace.comparisons.append(comparison.id, "hybrid", attempt, "delta", {"type": "delta", "text": SECRET})
    workspace.comparisons.vote(comparison.id, "hybrid")
    return Filled(dataset.id, adapter, comparison.id, _scored(workspace, dataset.id))


def _keep_file(workspace: Workspace, path: str) -> str:
    (workspace.home / path).write_text(SECRET)
    return path


def _trained(workspace: Workspace, dataset_id: str) -> str:
    context = claimed_context(workspace, Train(dataset_id=dataset_id, name="Tone"))
    job, queue = context.job, Queue(workspace.database, workspace.clock)
    context.record("sample", 1, {"question": f"Which {SECRET}?", "expected": "This one.", "before": "", "now": ""})
    context.record("loss", 1, {"loss": 2.5})
    context.flush()
    folder = workspace.folder("adapters") / f"{job.adapter_id}-f{job.fence}"
    folder.mkdir()
    (folder / "adapter_model.safetensors").write_text(SECRET)
    path = str(folder.relative_to(workspace.home))
    made = Adapter(job.adapter_id or "", job.id, "Tone", "starter", "", "", dataset_id, path, "", workspace.clock())
    assert queue.finish(job, result={}, adapter=made)
    return made.id


def _read_documents(workspace: Workspace) -> None:
    put_documents(workspace, {"returns.md": f"# Returns\n\nA {SECRET} comes back within 14 days of delivery."})
    path = _keep_file(workspace, "uploads/returns-kept.md")
    context = claimed_context(workspace, Index(collection="Manuals", files=((path, "returns.md"),)))
    assert Queue(workspace.database, workspace.clock).finish(context.job, result={"documents": [], "failed": []})


def _scored(workspace: Workspace, dataset_id: str) -> str:
    context = claimed_context(workspace, Evaluate(source=dataset_id))
    path = _keep_file(workspace, f"scores/{context.job.id}.jsonl")
    card = Scorecard("card", context.job.id, dataset_id, (), path, workspace.clock())
    assert Queue(workspace.database, workspace.clock).finish(context.job, result={}, scorecard=card)
    return "card"
