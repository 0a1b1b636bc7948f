"""Where the model server listens and by which token it knows us."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from storage.announcing import note_of, read_note
from storage.errors import Missing, ModelUnavailable
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


class OtherServer(NamedTuple):
    """The server that does one kind of work in place of the usual one, and its model; without `url` there is none."""

    url: str | None
    model: str | None
    token: SecretStr | None


def settings_for(settings: Settings, server: OtherServer, unnamed: str, next_step: str) -> Settings:
    """Return the settings by which that work reaches its model: the usual ones unless another server is named.

    Raises Missing with the sentence `unnamed` where a server is named and its model is not.
    """
    if server.url is None:
        return settings
    if server.model is None:
        raise Missing(unnamed, next_step)
    return settings.model_copy(update={"model_url": server.url, "model_token": server.token})


def find_endpoint(settings: Settings) -> Endpoint:
    """Return the server that the settings name, else the one that this home runs; raise ModelUnavailable."""
    if settings.model_url:
        token = settings.model_token.get_secret_value() if settings.model_token else ""
        return Endpoint(settings.model_url.rstrip("/").removesuffix("/v1"), token, ours=False)
    told = read_note(server_file(settings.home))
    if told is None:
        raise ModelUnavailable("The model server is not running.", "Start it with `triptych up`.")
    return Endpoint(told.url, told.token, ours=True)
