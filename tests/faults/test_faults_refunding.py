"""A process that runs an allowed call is killed: the call is not made again, nor said not to have been made."""

import os
import subprocess
import sys
import threading
import time

from jobs.answering.compare import Comparing
from jobs.tools.sample_orders import add_order_tools
from storage.records import AnswerState
from storage.workspace import Workspace
from tests.conftest import PROJECT
from tests.fakes import ScriptedModel
from tests.jobs.sampling import standing_in

WITHIN_S = 60.0


def test_a_call_whose_process_is_killed_is_not_known_and_not_repeated(workspace: Workspace) -> None:
    add_order_tools(workspace)
    arrived, released = threading.Event(), threading.Event()

    def hold() -> None:
        arrived.set()
        released.wait(WITHIN_S)

    with standing_in(workspace.home, before=hold) as service:
        command = [sys.executable, "-m", "tests.faults.refunding"]
        process = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, "TRIPTYCH_HOME": str(workspace.home)})
        try:
            assert arrived.wait(WITHIN_S)
        finally:
            process.kill()
            process.wait()
        (comparison,) = workspace.comparisons.list()
        comparing = Comparing(workspace, ScriptedModel())
        answer = comparing.read(comparison.id, "tools")
        assert answer.state is AnswerState.STOPPED
        assert str(answer.calls[-1].error).startswith("It is not known whether this was done")
        assert workspace.approvals.pending(comparison.id) == []
        time.sleep(0.5)
        released.set()
    assert service == ["/orders/LC-4101/refund"]
