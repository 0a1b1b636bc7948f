"""The secret header of a service: a file of its own below home, read only as the service is asked."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from jobs.tools.database.sources import SECRETS
from storage.errors import UserFault
from storage.files import write_atomically
from storage.workspace import Workspace

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}")
_OURS = {
    "host",
    "content-length",
    "content-type",
    "transfer-encoding",
    "connection",
    "accept-encoding",
    "upgrade",
    "te",
}
_LONGEST = 4_000
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Secret:
    """A header with its secret, and the one host that it may be sent to."""

    host: str
    name: str
    value: str = field(repr=False)

    @property
    def bare(self) -> str:
        """The secret without what stands before it, as in `Bearer …`; the whole value where the rest is no secret."""
        last = self.value.rpartition(" ")[2]
        return last if len(last) >= _SHORTEST else self.value

    @property
    def texts(self) -> tuple[str, str]:
        """The texts that are never shown, should somebody repeat them."""
        return self.value, self.bare


def parsed(line: str, host: str) -> Secret | None:
    """Return the header that a person wrote as `Name: value`, None for nothing; raise UserFault, never naming it."""
    name, colon, value = line.strip().partition(":")
    name, value = name.strip(), value.strip()
    if not name and not colon:
        return None
    if not _NAME.fullmatch(name) or not value or not value.isascii() or not value.isprintable() or len(line) > _LONGEST:
        raise UserFault("The secret header can't be used.", "Write it in one line, as Authorization: Bearer …")
    if name.lower() in _OURS:
        raise UserFault(f"{name} is a header that is set here.", "Choose the header that the service asks for.")
    return Secret(host, name, value)


def keep(workspace: Workspace, tool: str, secret: Secret | None) -> None:
    """Keep the secret of a tool, readable by its owner only, in place of the one before; None forgets it."""
    file = file_of(workspace, tool)
    if secret is None:
        file.unlink(missing_ok=True)
        return
    workspace.folder(SECRETS)
    write_atomically(file, json.dumps([secret.host, secret.name, secret.value]).encode())


def kept(workspace: Workspace, tool: str, host: str) -> Secret | None:
    """Return the secret of a tool for this host; None where there is none, or where it was meant for another one."""
    try:
        secret = Secret(*json.loads(file_of(workspace, tool).read_text()))
    except FileNotFoundError:
        return None
    return secret if secret.host == host else None


def file_of(workspace: Workspace, tool: str) -> Path:
    """Return where the secret of a tool lies."""
    # Below home, but in no backup and no export.
    return workspace.home / SECRETS / f"{tool}.header"
