"""How rows are checked for the base model of a home: by its tokens and its languages, as far as they are known."""

from collections.abc import Mapping

from jobs.intake.prepare import Checking
from jobs.models.choosing import base_model
from jobs.models.measuring import measure_of
from jobs.models.own import known_models
from storage.settings import Settings


def checked_for(settings: Settings, remedies: Mapping[str, str]) -> Checking:
    """Return how `prepare` checks rows that shall teach this home's base model.

    What the catalogue does not know, or is not on this computer yet, is not checked; nor are the languages of a model
    that a person brought.
    """
    known = known_models(settings.models).get(base_model(settings))
    if known is None:
        return {"remedies": remedies}
    measure = measure_of(settings.models, known.id)
    return {"remedies": remedies, "measure": measure, "languages": known.languages or None}
