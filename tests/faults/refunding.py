"""A web process in small: asks for a refund, allows it at once and waits; run to be killed in the middle."""

import json
import time

from jobs.answering.compare import Comparing
from jobs.models.door import Chat
from storage.records import Column
from storage.settings import Settings
from storage.workspace import Workspace
from tests.fakes import ScriptedModel

TOOLS = Column("tools", "tools", tools=("refund_order",))


def reply(chat: Chat) -> str:
    """Choose the refund and fill in the first order that may be."""
    match chat.response_format:
        case {"type": "choice", "choices": choices}:
            return str(choices[0])
        case {"json_schema": {"schema": schema}}:
            return json.dumps({name: values["enum"][0] for name, values in schema["properties"].items()})
        case _:
            return "Done."


if __name__ == "__main__":
    workspace = Workspace.open(Settings())
    comparing = Comparing(workspace, ScriptedModel(reply))
    comparison = comparing.ask("Refund LC-4101!", [TOOLS])
    while not comparing.wait(0.05):
        for waiting in workspace.approvals.pending(comparison.id):
            workspace.approvals.decide(waiting.key, "allowed")
        time.sleep(0.05)
