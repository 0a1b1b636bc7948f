"""Which base models can be asked: those of this computer, or what another server says that it has."""

from dataclasses import dataclass

from jobs.models.choosing import usable_bases
from jobs.models.connection import EMBEDDER, Unreached, list_models
from jobs.models.door import ADAPTER
from storage.settings import Settings


@dataclass(frozen=True, slots=True)
class Servable:
    """The ids of the base models; `problem` is why a server that stands elsewhere named none, as a sentence."""

    ids: tuple[str, ...]
    problem: str = ""


def servable(settings: Settings) -> Servable:
    """Return the base models that may answer. A server that the settings name is asked, for a few seconds at most.

    Of a foreign server that is everything it lists; it does not say what of it writes answers.
    """
    if settings.model_url is None:
        return Servable(tuple(usable_bases(settings)))
    token = settings.model_token.get_secret_value() if settings.model_token else ""
    try:
        listed = list_models(settings.model_url, token)
    except Unreached as error:
        return Servable((), str(error))
    return Servable(tuple(name for name in listed if name != EMBEDDER and not name.startswith(ADAPTER)))
