"""What the benchmark of documents measures with: a running studio, its sets and its figures."""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from jobs.answering.answer import Bench, answer
from jobs.answering.collect import collect
from jobs.answering.ways import columns_for
from jobs.metrics.scores import normalise
from jobs.models.door import Door
from jobs.queue import Queue
from jobs.requests import Choices, Index
from storage.records import Answer, Job, JobState
from storage.workspace import Workspace
from tests.conftest import PROJECT
from tests.running import Running

SHARED = PROJECT.parent / "shared" / "data"
XQUAD = "xquad"
KEYS = (
    "xquad_recall_at_1", "xquad_recall_at_5", "claude_recall_at_3", "claude_mrr", "citations_resolve",
    "cited_span_holds", "abstain_rate", "answer_rate", "contained_free", "contained_quote", "contained_tuned",
    "search_p95_ms_100k", "index_vs_encode", "answers_file",
)  # fmt: skip


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Asked:
    """A question, the documents that answer it, and the words of the answer."""

    question: str
    gold: tuple[str, ...]
    answer: str = ""


@dataclass
class Bed:
    """What is measured with, and the figures so far."""

    running: Running
    workspace: Workspace
    door: Door
    figures: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(KEYS))

    def read(self, collection: str, texts: Mapping[str, str]) -> Job:
        """Read texts by file name as an index job does and return it at its end."""
        folder = self.workspace.folder("uploads")
        files: list[tuple[str, str]] = []
        for number, (name, text) in enumerate(texts.items()):
            file = folder / f"{collection}-{number}.md"
            file.write_text(text)
            files.append((str(file.relative_to(self.workspace.home)), name))
        request = Index(collection=collection, files=tuple(files))
        queue = Queue(self.workspace.database, self.workspace.clock)
        job = queue.enqueue(request, str(uuid4()))
        while not job.state.final:
            time.sleep(0.1)
            job = queue.get(job.id)
        if job.state is not JobState.SUCCEEDED:
            raise SystemExit(f"The documents could not be read: {job.failure_text}")
        return job


def seconds(job: Job) -> float:
    """Return how long a finished job worked."""
    return (job.finished_at or 0) - (job.started_at or 0)


def given(bed: Bed, asked: Asked, choices: Choices) -> Answer:
    """Return the answer of the one column that is chosen, with XQuAD's paragraphs."""
    (column,) = columns_for(choices.model_copy(update={"collection": XQUAD}), bed.workspace)
    return collect(column, answer(asked.question, column, Bench(bed.workspace, bed.door)))


def contained(text: str, wanted: str) -> bool:
    """Whether a text holds the wanted words, whatever their case, articles and punctuation."""
    return f" {normalise(wanted)} " in f" {normalise(text)} "
