"""A program on this computer that is an MCP server: only one that a person allowed at the command line is started."""

import os
import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.errors import UserFault
from storage.records import Json

LIMIT_S = 8.0
# The first start may fetch what the program needs, and a person waits for it.
LOOK_S = 30.0
_INHERITED = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")
_LONGEST = 4_000
_SHORTEST_SECRET = 6


@dataclass(frozen=True, slots=True)
class Program:
    """A program and its arguments, started without a shell. `secrets` are variables that only it gets to know.

    `looked`: a person at the command line waits for it, so it has longer, and its complaints are shown there.
    """

    command: Sequence[str]
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    looked: bool = False

    @property
    def name(self) -> str:
        """How it is called in sentences."""
        return Path(self.command[0]).name

    @property
    def place(self) -> Json:
        """How it is kept with each of its tools: all but the secrets."""
        where, told = shlex.join(self.command), bool(self.secrets)
        return {"command": [*self.command], "address": "", "where": where, "inner": False, "secret": told}

    @property
    def hidden(self) -> Sequence[str]:
        """What is taken out of its answers, should it repeat it."""
        return [one for one in self.secrets.values() if len(one) >= _SHORTEST_SECRET]

    @property
    def limit_s(self) -> float:
        """For how long it may take from its start to its answer."""
        return LOOK_S if self.looked else LIMIT_S

    @property
    def environment(self) -> dict[str, str]:
        """The variables that it gets: a few of ours that hold no secret, and its own."""
        return {name: os.environ[name] for name in _INHERITED if name in os.environ} | dict(self.secrets)

    @property
    def kept(self) -> list[Any]:
        """How it is kept in a file of its own."""
        return [[*self.command], dict(self.secrets)]


def parsed_command(line: str) -> tuple[str, ...]:
    """Return the program with its full path and its arguments, as a shell would split them; raise UserFault."""
    try:
        parts = shlex.split(line)
    except ValueError:
        raise UserFault("In the program's line a quote has no other half.", "Write it as in a terminal.") from None
    found = shutil.which(parts[0]) if parts else None
    if not found or not line.isprintable() or len(line) > _LONGEST:
        raise UserFault(f"There is no program {parts[0] if parts else ''!r} that can be started.", "Check its name.")
    return (str(Path(found).absolute()), *parts[1:])


def parsed_secrets(text: str) -> dict[str, str]:
    """Return the variables of lines of `NAME=value`; raise UserFault, never naming a value."""
    made = dict[str, str]()
    for line in filter(str.strip, text.splitlines()):
        name, sign, value = line.strip().partition("=")
        if not sign or not _VARIABLE.fullmatch(name) or not value.isprintable() or len(line) > _LONGEST:
            raise UserFault("The secret can't be used.", "Write one line for each, as API_KEY=…")
        made[name] = value
    return made
