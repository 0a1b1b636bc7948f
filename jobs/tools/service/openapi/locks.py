"""How a service wants to know who asks: a secret in one header, or in a way that a tool does not go."""

from typing import Any

from jobs.tools.service.openapi.pointing import Unfit, followed, listed
from jobs.tools.service.openapi.saying import plain
from storage.records import Json

_SCHEMES = {"bearer": "Authorization: Bearer …", "basic": "Authorization: Basic …"}
_TOKENS = {"oauth2", "openIdConnect"}


def lock_of(document: Json, operation: Json) -> str:
    """Return the header as a person writes it, empty where none is needed; raise Unfit where no header would do."""
    said = operation.get("security", document.get("security"))
    ways = [one for one in listed(said) if isinstance(one, dict)]
    if not ways or {} in ways:
        return ""
    schemes = followed(document, followed(document, document.get("components")).get("securitySchemes"))
    found = [_header(followed(document, schemes.get(next(iter(way))))) for way in ways if len(way) == 1]
    fit = [one for one in found if one]
    if not fit:
        raise Unfit("It wants its secret elsewhere than in one header.")
    return fit[0]


def _header(scheme: Json) -> str:
    kind: Any = scheme.get("type")
    if kind == "apiKey" and scheme.get("in") == "header":
        name = plain(scheme.get("name"), 80)
        return f"{name}: …" if name else ""
    if kind == "http":
        return _SCHEMES.get(str(scheme.get("scheme")).casefold(), "")
    return _SCHEMES["bearer"] if kind in list(_TOKENS) else ""
