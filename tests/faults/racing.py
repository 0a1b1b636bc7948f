"""One of several processes that claim and finish jobs at once: `python -m tests.faults.racing URL NUMBER`."""

import json
import random
import sys
import time
from itertools import count

from jobs.queue import Queue, Slot
from storage.database import Database


def race(url: str, number: str) -> list[str]:
    """Claim until nothing waits any more, interrupt one in ten, and return the ids of the jobs that it finished."""
    queue = Queue(Database(url), time.time)
    slot, finished = Slot("race", f"cpu:{number}"), list[str]()
    for turn in count():
        waiting = queue.candidates("device", ["train"], limit=5)
        if not waiting:
            return finished
        job = queue.claim(random.choice(waiting), slot, number)
        if job is None:
            continue
        if turn % 10 == 0 and job.fence == 1:
            assert queue.interrupt(job, "for the race")
        elif queue.finish(job, result={}):
            finished.append(job.id)
    raise AssertionError


if __name__ == "__main__":
    sys.stdout.write(json.dumps(race(*sys.argv[1:])))
