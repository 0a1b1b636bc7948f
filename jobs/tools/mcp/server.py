"""One MCP server: where it lies, under which rules it is asked, and the secret header that it may need."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from jobs.fetching.fetch import Network
from jobs.fetching.rules import Rules, checked
from jobs.tools.service.address import where
from jobs.tools.service.secret import Secret
from storage.records import Json

LIMIT_S = 8.0
MOST_BYTES = 1_000_000
KINDS = frozenset({"", "application/json", "text/event-stream"})


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server lies. `inner`: on this computer or in an inner network, which a person allowed."""

    address: str
    host: str
    port: int
    inner: bool = False
    secret: Secret | None = field(default=None, repr=False)
    network: Network | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """How it is called in sentences."""
        return self.host

    @property
    def place(self) -> Json:
        """How it is kept with each of its tools: all but the secret."""
        return {
            "address": self.address, "host": self.host, "port": self.port, "inner": self.inner,
            "where": where(checked(self.address, self.rules)), "secret": self.secret is not None,
        }  # fmt: skip

    @property
    def hidden(self) -> Sequence[str]:
        """What is taken out of its answers, should it repeat it."""
        return self.secret.texts if self.secret else ()

    @property
    def limit_s(self) -> float:
        """For how long a whole conversation with it may take."""
        return LIMIT_S

    @property
    def rules(self) -> Rules:
        """The rules of each message to it: this host only, no redirect, 1 MB, a few seconds."""
        allowed = frozenset({(self.host, self.port)}) if self.inner else frozenset[tuple[str, int]]()
        return Rules(KINDS, MOST_BYTES, LIMIT_S, hosts=frozenset({self.host}), inner=allowed)
