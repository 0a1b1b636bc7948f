"""What a running job leaves behind: complete checkpoints, and records of how it goes."""

from dataclasses import dataclass

from storage.records import Json


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A complete checkpoint, from which the job's next attempt goes on. `path` is relative to the workspace's home."""

    job_id: str
    step: int
    fence: int
    path: str
    manifest_sha256: str
    complete_at: float


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What a job reported: `loss` {loss, eval_loss, epoch, lr}, `sample` {question, expected, before, now}, `start`."""

    job_id: str
    fence: int
    seq: int
    kind: str
    step: int
    body: Json
    at: float
