"""One of several processes that claim and finish jobs at once: `python -m tests.faults.racing URL NUMBER`."""

import json
import random
import sys
import time
from itertools import count

from jobs.queue import Queue, Slot
from storage.database import Database


def race(url: str, number: str) -> dict[str, list[str] | list[float]]:
    """Claim until nothing waits any more, interrupt one in ten; return the finished jobs and the seconds of claims."""
    queue = Queue(Database(url), time.time)
    slot, finished, seconds = Slot("race", f"cpu:{number}"), list[str](), list[float]()
    for turn in count():
        waiting = queue.candidates("device", ["train"], limit=5)
        if not waiting:
            return {"finished": finished, "seconds": seconds}
        began = time.perf_counter()
        job = queue.claim(random.choice(waiting), slot, number)
        seconds.append(time.perf_counter() - began)
        if job is None:
            continue
        if turn % 10 == 0 and job.fence == 1:
            assert queue.interrupt(job, "for the race")
        elif queue.finish(job, result={}):
            finished.append(job.id)
    raise AssertionError


if __name__ == "__main__":
    sys.stdout.write(json.dumps(race(*sys.argv[1:])))
