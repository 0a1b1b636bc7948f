"""Documents that another embedding model read are read again by the one of now, a job for each collection."""

import logging
from uuid import uuid4

from jobs.models.door import Door
from jobs.models.patience import PatientDoor
from jobs.queue import Queue
from jobs.requests import Index
from jobs.retrieval.embedding import identity
from storage.errors import TriptychError
from storage.records import Job
from storage.workspace import Workspace

log = logging.getLogger(__name__)


def renew(workspace: Workspace, queue: Queue, door: Door) -> list[Job]:
    """Ask for every collection to be read again whose vectors are not of the embedder that answers, if none is yet.

    Raises ModelUnavailable where none answers.
    """
    read = [one for one in workspace.collections.list() if one.embedder]
    if not read:
        return []
    embedder = identity(door)
    asked = {job.spec["collection"] for job in queue.unfinished() if job.kind == "index"}
    return [
        queue.enqueue(Index(collection=one.name), str(uuid4()))
        for one in read
        if one.embedder != embedder and one.name not in asked
    ]


def renew_when_ready(workspace: Workspace, queue: Queue, door: PatientDoor) -> None:
    """Do so once the embedder answers; where none does, or nothing can be asked, the log says so."""
    try:
        for job in renew(workspace, queue, door):
            log.info("Another embedding model read %r; it is read again.", job.spec["collection"])
    except TriptychError as error:
        log.warning("It is not known whether the documents were read by the embedding model of now: %s", error)
