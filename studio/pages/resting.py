"""Which adapters can answer now: those of the model that answers; the others rest until it is chosen again."""

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


def refuse_resting(bench: Bench, adapter_id: str) -> None:
    """Raise NotAllowed where an adapter belongs to another model; NotFound or Deleted where it is not there."""
    base, adapter = base_model(bench.workspace.settings), bench.workspace.adapters.get(adapter_id)
    if adapter.base_id != base:
        raise NotAllowed(words.rests(title(bench, adapter.base_id), title(bench, base)), words.RESTS_NEXT)


def answering(bench: Bench) -> str:
    """Return which model answers, as Markdown."""
    return words.answering(markdown.plain(title(bench, base_model(bench.workspace.settings))))


def title(bench: Bench, model_id: str) -> str:
    """Return how a model is called; a model that nobody knows by its id."""
    known = known_models(bench.workspace.settings.models).get(model_id)
    return known.title if known else model_id
