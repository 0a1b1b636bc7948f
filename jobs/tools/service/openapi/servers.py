"""Where a service lies, as its document says; a person sees it and may change it."""

import re
from typing import Any

from jobs.tools.service.openapi.pointing import listed
from storage.records import Json

_LONGEST = 300
_HOLE = re.compile(r"\{([^{}]*)\}")


def server_of(document: Json) -> str:
    """Return the first address with a host, its variables filled in with their usual values; empty for none."""
    return next((found for one in listed(document.get("servers")) if (found := _address(one))), "")


def _address(server: Any) -> str:
    if not isinstance(server, dict) or not isinstance(server.get("url"), str):
        return ""
    known = server.get("variables")
    variables = known if isinstance(known, dict) else {}

    def usual(hole: re.Match[str]) -> str:
        told = variables.get(hole[1])
        value = told.get("default") if isinstance(told, dict) else None
        return value if isinstance(value, str) else hole[0]

    url = _HOLE.sub(usual, server["url"]).strip()
    fit = url.lower().startswith(("https://", "http://")) and url.isprintable() and len(url) <= _LONGEST
    return url if fit and not set("{}?#") & set(url) else ""
