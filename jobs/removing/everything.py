"""Delete everything in a workspace: jobs are stopped first, then rows and files go; the workspace stays usable."""

import os
import time
from collections.abc import Collection

from jobs.queue import Queue, rescue
from jobs.tools.database.sources import SECRETS
from storage.errors import NotAllowed
from storage.exports import FOLDER as EXPORTS
from storage.files import remove_tree
from storage.removing import remove_everything
from storage.sample import sample_folder
from storage.spoken import SOUNDS
from storage.workspace import SCRATCH, Workspace

PATIENCE_S = 60.0
_LOOK_AGAIN_S = 0.3
# `gradio` holds what browsers have just uploaded.
_FOLDERS = ("uploads", "adapters", "checkpoints", "scores", SCRATCH, SECRETS, EXPORTS, SOUNDS, "gradio")


def delete_everything(workspace: Workspace, queue: Queue, patience_s: float = PATIENCE_S) -> None:
    """Stop every job and delete every row and file of the workspace.

    Raises NotAllowed where a job does not end in time; then nothing was deleted. Cut off in the middle, it is finished
    by asking once more.
    """
    until = time.monotonic() + patience_s
    stop_jobs(workspace, queue, {job.id for job in queue.unfinished()}, patience_s)
    while not remove_everything(workspace.database):  # somebody asked for a new job meanwhile
        stop_jobs(workspace, queue, {job.id for job in queue.unfinished()}, until - time.monotonic())
    for name in _FOLDERS:
        for path in (workspace.home / name).glob("*"):
            remove_tree(path) if path.is_dir() else path.unlink(missing_ok=True)
    remove_tree(sample_folder(workspace.home))
    for log in workspace.folder("logs").glob("*.log"):
        # The parts that run go on writing into theirs.
        log.unlink() if log.name.startswith("job-") else os.truncate(log, 0)


def stop_jobs(workspace: Workspace, queue: Queue, job_ids: Collection[str], patience_s: float = PATIENCE_S) -> None:
    """Stop these jobs and throw away what they have; raise NotAllowed where one does not end in time."""
    for job_id in job_ids:
        queue.request_cancel(job_id)
    until = time.monotonic() + patience_s
    while any(job.id in job_ids for job in queue.unfinished()):
        if time.monotonic() > until:
            raise NotAllowed("A job is still stopping, so nothing was deleted yet.", "Press again in a moment.")
        rescue(workspace)  # a job whose worker is gone has nobody else to end it
        time.sleep(_LOOK_AGAIN_S)
