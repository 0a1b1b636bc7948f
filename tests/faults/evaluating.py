"""A worker process whose model is scripted, slow, and writes down every question that it is asked."""

import os
import sys
import time

from jobs.context import JobContext, Made
from jobs.evaluation.evaluate import evaluate_through
from jobs.kinds import Kind
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.requests import Evaluate
from jobs.worker import main
from tests.fakes import ScriptedModel
from tests.faults.stub import TIMING

ASKED = "asked"
SLOWLY_S = 0.1


def evaluate(request: Evaluate, context: JobContext) -> Made:
    """Do the real job with the scripted model."""

    def reply(chat: Chat) -> str:
        handle = os.open(context.workspace.home / ASKED, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, f"{chat.messages[-1]['content']}\n".encode())
        os.close(handle)
        time.sleep(SLOWLY_S)
        return "The code is B7."

    return evaluate_through(PatientDoor(ScriptedModel(reply)), request, context)


if __name__ == "__main__":
    sys.exit(main({"evaluate": Kind(Evaluate, "tests.faults.evaluating:evaluate")}, timing=TIMING))
