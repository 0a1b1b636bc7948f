"""The judge of a history of crashes: what must hold of every workspace, whatever happened to it."""

from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from jobs.queue import Queue
from storage.checks import checkpoint_problems, database_problems, file_problems, job_problems
from storage.records import JobState
from storage.workspace import Workspace
from tests.faults.stub import journal


def faults(workspace: Workspace, keys: Mapping[str, str], homes: Sequence[Path] = ()) -> list[str]:
    """Return what is wrong with a workspace in which no worker runs; `keys` are the ids of the accepted jobs.

    `homes` are those whose jobs wrote a journal, where it is not this one alone.
    """
    queue = Queue(workspace.database, workspace.clock)
    known = {job.id: job for job in queue.list(limit=10_000)}
    found = [f"{name} is lost" for name, job_id in keys.items() if job_id not in known]
    found += [f"{len(known) - len(keys)} jobs that nobody asked for"] if len(known) > len(keys) else []
    for job in known.values():
        events = queue.events(job.id)
        successes = sum(event.to_state == JobState.SUCCEEDED for event in events)
        found += [f"{job.id} succeeded {successes} times"] if successes > 1 else []
        found += [f"{job.id} went on after its end" for event in events if event.from_state in _FINAL]
        found += [f"{job.id} claimed backwards" for a, b in pairwise(events) if b.fence < a.fence]
    return [
        *found,
        *overlaps([entry for home in homes or [workspace.home] for entry in journal(home)]),
        *database_problems(workspace.database),
        *job_problems(workspace.database),
        *file_problems(workspace),
        *checkpoint_problems(workspace),
    ]


_FINAL = [state for state in JobState if state.final]


def overlaps(entries: list[dict[str, Any]]) -> list[str]:
    """Return where a run noted something after a later claim of the same job had begun."""
    ordered = sorted(entries, key=lambda entry: (entry["job"], entry["at"]))
    return [
        f"claims {earlier['fence']} and {later['fence']} of {job_id} overlap"
        for job_id, notes in groupby(ordered, key=lambda entry: entry["job"])
        for earlier, later in pairwise(notes)
        if later["fence"] < earlier["fence"]
    ]
