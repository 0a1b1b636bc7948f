"""Which adapters the ways take: those of the model that answers; others answer in columns of their own."""

from jobs.models.choosing import base_model
from jobs.models.own import known_models
from storage.errors import NotAllowed
from storage.records import Adapter
from studio.bench import Bench
from studio.views import markdown
from studio.wording import models as words


def awake(bench: Bench) -> list[Adapter]:
    """Return the adapters of the model that answers, the newest first."""
    base = base_model(bench.workspace.settings)
    return [adapter for adapter in bench.workspace.adapters.list() if adapter.base_id == base]


def resting(bench: Bench, adapter: Adapter) -> NotAllowed:
    """Return the refusal of an adapter whose base can't be asked now."""
    base = base_model(bench.workspace.settings)
    return NotAllowed(words.rests(title(bench, adapter.base_id), title(bench, base)), words.RESTS_NEXT)


def answering(bench: Bench) -> str:
    """Return which model answers, as Markdown."""
    return words.answering(markdown.plain(title(bench, base_model(bench.workspace.settings))))


def title(bench: Bench, model_id: str) -> str:
    """Return how a model is called; a model that nobody knows by its id."""
    known = known_models(bench.workspace.settings.models).get(model_id)
    return known.title if known else model_id
