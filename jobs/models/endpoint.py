"""Where the model server listens and by which token it knows us."""

from dataclasses import dataclass
from pathlib import Path

from storage.announcing import note_of, read_note
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
    return note_of(home, "server")


def find_endpoint(settings: Settings) -> Endpoint:
    """Return the server that the settings name, else the one that this home runs; raise ModelUnavailable."""
    if settings.model_url:
        token = settings.model_token.get_secret_value() if settings.model_token else ""
        return Endpoint(settings.model_url.rstrip("/").removesuffix("/v1"), token, ours=False)
    told = read_note(server_file(settings.home))
    if told is None:
        raise ModelUnavailable("The model server is not running.", "Start it with `triptych up`.")
    return Endpoint(told.url, told.token, ours=True)
