"""The card of an exported model: what it learned from and how, how it scored, and how the export was checked."""

from jobs.exporting.merging import Compared
from jobs.models.own import known_models
from storage.errors import NotFound
from storage.records import Adapter, Json
from storage.workspace import Workspace

_USES = {
    "merged": """```python
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("THIS FOLDER")
model = AutoModelForCausalLM.from_pretrained("THIS FOLDER")
```""",
    "gguf": """```
ollama create mine -f Modelfile && ollama run mine
llama-cli -m model.gguf
```""",
}
_BY = {"merged": "by transformers", "gguf": "by transformers (llama.cpp and Ollama themselves were not started)"}
_SETTINGS = ("epochs", "steps", "learning_rate", "rank", "alpha", "batch_size", "max_length", "seed", "precision")


def card(form: str, adapter: Adapter, found: Compared, workspace: Workspace) -> str:
    """Return the card as Markdown."""
    base = known_models(workspace.settings.models).get(adapter.base_id)
    title, licence = (base.title, base.licence) if base else (adapter.base_id, "see the base model")
    parts = [
        f"# {adapter.name or 'A model made with Triptych'}",
        f"{title} with what it learned from your examples inside. Licence of the base: {licence}.",
        "## How to use it",
        _USES[form],
        "Ask it through its chat template; the answers of tools and documents are not part of it.",
        learned(adapter, workspace),
        "## How this export was checked",
        f"Loaded from these files {_BY[form]}, it was asked {found.answers} questions: {found.whole} answers are the "
        f"studio's own word for word; of all {found.tokens} tokens {found.same} are the same.",
        "## Fingerprints",
        f"- base weights: sha256 `{adapter.base_sha256}`\n- adapter: sha256 `{adapter.adapter_sha256}`",
    ]
    return "\n\n".join(parts) + "\n"


def learned(adapter: Adapter, workspace: Workspace) -> str:
    """Return what an adapter learned from and how, and how it scored, as Markdown."""
    return "\n\n".join([
        "## What it learned from",
        _examples(adapter, workspace),
        "## Settings",
        _settings(adapter.report),
        "## Scores",
        _scores(adapter, workspace),
    ])  # fmt: skip


def _examples(adapter: Adapter, workspace: Workspace) -> str:
    try:
        dataset = workspace.datasets.get(adapter.dataset_id)
    except NotFound:
        return "Examples that were deleted since."
    learned = dataset.used - dataset.held_out
    return f"{dataset.name}, version {dataset.version}: {learned:,} examples, {dataset.held_out:,} more were held back."


def _settings(report: Json) -> str:
    told = {**report, **report.get("settings", {})}
    lines = [f"- {name.replace('_', ' ')}: {told[name]}" for name in _SETTINGS if told.get(name) is not None]
    return "\n".join(lines) or "Not recorded."


def _scores(adapter: Adapter, workspace: Workspace) -> str:
    lines = [
        f"- {card.source}: right on {round(way['right'] * way['n'])} of {way['n']} as {way['way']} "
        f"(likely {100 * way['right_low']:.0f} to {100 * way['right_high']:.0f} of 100)"
        for card in workspace.scorecards.list()
        for way in card.ways
        if way.get("adapter_id") == adapter.id and way["n"]
    ]
    return "\n".join(lines) or "It was not scored yet."
