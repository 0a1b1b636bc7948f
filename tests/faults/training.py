"""A worker whose trainings keep a checkpoint at every step, take their time, and are killed where a file says so."""

import math
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

import torch

from jobs import worker
from jobs.context import JobContext, Made
from jobs.executors import child
from jobs.kinds import Kind
from jobs.requests import Train
from jobs.training import preparing, samples, sft
from jobs.training.hardware import Hardware
from jobs.training.keeping import Rhythm
from storage.records import Json
from tests.faults.stub import TIMING

ALWAYS = Rhythm(often_s=0, worth_s=0, most_share=math.inf)
KILL_AT = "kill-at"
PLACE = "TEST_PLACE"  # in the environment: the one place of this worker, another than the processor's
_STEP_S = 0.1
_PATIENT = replace(TIMING, stop_s=30.0)  # this is no test of how fast a worker stops


class Slow(JobContext):
    """A context that waits at every step, and in which the process dies at the step that a file names."""

    def record(self, kind: str, step: int, body: Json) -> None:
        super().record(kind, step, body)
        if "loss" in body:
            time.sleep(_STEP_S)
            order = self.workspace.home / KILL_AT
            if order.exists() and int(order.read_text()) == step:
                order.unlink()
                os.kill(os.getpid(), signal.SIGKILL)


def train(request: Train, context: JobContext) -> Made:
    """Do the real job in fp32 on one thread, so that another process comes to the very same."""
    torch.set_num_threads(1)
    preparing.detect = lambda: Hardware("cpu", "float32", 8 << 30)
    samples._MOST_TOKENS = 4  # pyright: ignore[reportPrivateUsage]  # answers of this model are noise anyway
    context.__class__ = Slow
    return sft.train(request, context, ALWAYS)


TRAININGS = {"train": Kind(Train, "tests.faults.training:train", own_process=True)}


def run(arguments: Sequence[str]) -> int:
    """Be the worker without arguments, a child process of it with them; nobody has to wait for its steps here."""
    child.NICENESS = 0
    if place := os.environ.get(PLACE):
        worker.devices = lambda *_: (place,)
    return child.main(arguments, TRAININGS) if arguments else worker.main(TRAININGS, "tests.faults.training", _PATIENT)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
