"""A worker process whose embedder is another one than before, slow, and writes down how many texts it was given."""

import os
import sys
import time
from collections.abc import Sequence

from jobs.context import JobContext, Made
from jobs.kinds import Kind
from jobs.requests import Index
from jobs.retrieval.indexing import index_with
from jobs.worker import main
from tests.fakes import ScriptedModel
from tests.faults.stub import TIMING

GIVEN = "given"
SLOWLY_S = 0.1


def index(request: Index, context: JobContext) -> Made:
    """Do the real job with the slow embedder."""

    class Slow(ScriptedModel):
        def embed(self, texts: Sequence[str]) -> tuple[str, list[list[float]]]:
            if list(texts) != [" "]:
                handle = os.open(context.workspace.home / GIVEN, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                os.write(handle, f"{len(texts)}\n".encode())
                os.close(handle)
                time.sleep(SLOWLY_S)
            return "newer", super().embed(texts)[1]

    return index_with(Slow(), request, context)


if __name__ == "__main__":
    sys.exit(main({"index": Kind(Index, "tests.faults.reindexing:index")}, timing=TIMING))
