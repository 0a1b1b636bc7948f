"""Where the model server listens and by which token it knows us."""

import json
from dataclasses import dataclass
from pathlib import Path

from storage.errors import ModelUnavailable
from storage.settings import Settings


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One server's root, without `/v1`. `ours`: started by this home, on this computer."""

    url: str
    token: str
    ours: bool


def server_file(home: Path) -> Path:
    """Return where the model server of a home writes {url, token, pid}."""
    return home.expanduser() / "run" / "server.json"


def find_endpoint(settings: Settings) -> Endpoint:
    """Return the server that the settings name, else the one that this home runs; raise ModelUnavailable."""
    if settings.model_url:
        token = settings.model_token.get_secret_value() if settings.model_token else ""
        return Endpoint(settings.model_url.rstrip("/").removesuffix("/v1"), token, ours=False)
    try:
        written = json.loads(server_file(settings.home).read_bytes())
        return Endpoint(written["url"], written["token"], ours=True)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailable("The model server is not running.", "Start it with `triptych up`.") from error
