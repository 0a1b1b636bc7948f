"""Calls of one attempt put before a person through storage: any page may decide them, the attempt waits here."""

import threading

from jobs.tools.approving import Decision
from storage.approvals import CallKey
from storage.records import ToolCall
from storage.workspace import Workspace

PATIENCE_S = 60.0
_LOOK_EVERY_S = 0.2


class Asked:
    """The approving of one attempt, which ends with it; what nobody decides within `patience_s` is refused."""

    def __init__(
        self, workspace: Workspace, attempt: tuple[str, str, int], over: threading.Event, patience_s: float
    ) -> None:
        self._workspace = workspace
        self._attempt = attempt
        self._over = over
        self._patience_s = patience_s
        self._waiting: tuple[CallKey, float] | None = None

    def ask(self, call: ToolCall) -> float:
        """Put a call before the person; return when it is refused by itself (epoch seconds)."""
        expires = self._workspace.clock() + self._patience_s
        self._waiting = (self._workspace.approvals.ask(self._attempt, call, expires), expires)
        return expires

    def decided(self) -> Decision:
        """Wait until somebody decides on the call asked for last, its time is over, or the attempt ends."""
        if self._waiting is None:
            return "nobody"
        key, expires = self._waiting
        while not self._over.wait(_LOOK_EVERY_S):
            if decision := self._workspace.approvals.decision(key):
                return decision
            if self._workspace.clock() >= expires:
                return self._workspace.approvals.expire(key)
        return "stopped"
