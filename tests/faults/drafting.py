"""A worker process whose model is scripted, slow, and writes down every passage that it is asked about."""

import json
import os
import re
import sys
import time

from jobs.context import JobContext, Made
from jobs.drafting.draft import draft_through
from jobs.kinds import Kind
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.requests import Draft
from jobs.worker import main
from tests.fakes import ScriptedModel
from tests.faults.stub import TIMING

ASKED = "asked"
SLOWLY_S = 0.1


def draft(request: Draft, context: JobContext) -> Made:
    """Do the real job with the scripted model."""

    def reply(chat: Chat) -> str:
        number = re.findall(r"code of box (\d+)", chat.messages[-1]["content"])[-1]
        handle = os.open(context.workspace.home / ASKED, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, f"{number}\n".encode())
        os.close(handle)
        time.sleep(SLOWLY_S)
        pair = {"answer": f"Box {number} has the code B{number}.", "question": f"Which code opens box {number}?"}
        return json.dumps({"pairs": [pair]})

    return draft_through(PatientDoor(ScriptedModel(reply)), request, context)


if __name__ == "__main__":
    sys.exit(main({"draft": Kind(Draft, "tests.faults.drafting:draft")}, timing=TIMING))
