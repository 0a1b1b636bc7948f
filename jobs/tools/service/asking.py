"""A service as a tool: the values of a call become one request, and what comes back becomes text."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from jobs.fetching.fetch import Asked, Fetched, Network, fetch
from jobs.fetching.rules import FetchFault
from jobs.retrieval.formats.seen import visible
from jobs.tools.approving import UNKNOWN
from jobs.tools.service import secret
from jobs.tools.service.address import filled, holes, rules_for
from jobs.tools.service.values import Parameter
from jobs.tools.service.wanted import Wanted
from jobs.tools.tool import Arguments, Tool, ToolFault
from storage.records import Permission, ToolRecord
from storage.workspace import Workspace

KIND = "service"
PREFIX = "call_"
MOST_CHARACTERS = 4_000
_HIDDEN = "•••"
NOTHING = "The service answered without a word."


def call_service(record: ToolRecord, workspace: Workspace, network: Network | None = None) -> Tool:
    """Return the tool for a kept service."""
    made = _Service(record, workspace, network)
    config, wanted = record.config, made.wanted
    return Tool(
        name=record.name,
        title=config["name"],
        description=config["description"],
        schema=wanted.schema,
        run=made.answer,
        effect="acts" if made.acts else "reads",
        permission=record.permission if not made.acts or record.permission is Permission.OFF else Permission.ASK,
        narrow=wanted.narrow,
        examples=((wanted.example, wanted.shown),),
    )


@dataclass(frozen=True)
class _Service:
    record: ToolRecord
    workspace: Workspace
    network: Network | None

    @property
    def acts(self) -> bool:
        return self.record.config["method"] == "POST"

    @property
    def parameters(self) -> list[Parameter]:
        return [Parameter(*one) for one in self.record.config["parameters"]]

    @property
    def wanted(self) -> Wanted:
        """What a question must hold for this service."""
        return Wanted(self.record.config["name"], self.record.config["example"], self.parameters)

    def answer(self, arguments: Arguments) -> str:
        """Return what the service says; raise ToolFault in a sentence that holds no secret."""
        config = self.record.config
        told = secret.kept(self.workspace, self.record.name, config["host"])
        asked = self._asked(arguments, told)
        try:
            fetched = fetch(asked, rules_for(config["host"], config["port"], inner=config["inner"]), self.network)
        except FetchFault as fault:
            unsure = f" {UNKNOWN}." if self.acts and fault.begun else ""
            raise ToolFault(f"{fault}{unsure}") from None
        text = _text(fetched, told.texts if told else ())
        if fetched.status < HTTPStatus.MULTIPLE_CHOICES:
            return text
        failed = fetched.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        unsure = f" {UNKNOWN}." if self.acts and failed else ""
        raise ToolFault(f"{config['host']} answered with the fault {fetched.status}.{unsure} It says: {text[:500]}")

    def _asked(self, arguments: Arguments, told: secret.Secret | None) -> Asked:
        config = self.record.config
        headers = [("Accept", "application/json, text/plain;q=0.9, */*;q=0.1")]
        headers += [(told.name, told.value)] if told else []
        inside = set(holes(config["address"]))
        rest = {name: value for name, value in arguments.items() if name not in inside}
        url = filled(config["address"], arguments)
        if not self.acts:
            return Asked(url, headers=tuple(headers))
        return Asked(url, "POST", (*headers, ("Content-Type", "application/json")), json.dumps(rest).encode())


def _text(fetched: Fetched, hidden: Sequence[str]) -> str:
    """Return the answer as text, JSON in lines."""
    try:
        text = fetched.body.decode(fetched.charset or "utf-8", errors="replace")
    except LookupError:
        text = fetched.body.decode(errors="replace")
    return shown(text, hidden)


def shown(text: str, hidden: Sequence[str]) -> str:
    """Return what others said: JSON in lines, nothing invisible, nothing that is `hidden`, and not too much."""
    with suppress(ValueError, RecursionError):  # what is no JSON is shown as it came
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=1)
    for secret_text in hidden:
        # Some services show what they were asked with.
        text = text.replace(secret_text, _HIDDEN)
    text = visible(text).strip() or NOTHING
    more = len(text) - MOST_CHARACTERS
    return text if more <= 0 else f"{text[:MOST_CHARACTERS].rstrip()}\nand {more:,} characters more that are not shown"
