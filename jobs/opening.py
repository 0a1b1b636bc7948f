"""The sample company, opened and closed again: each part is brought only where it lacks, and taken with its files."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from jobs.evaluation.tables import keep_test_table
from jobs.intake.upload import add_dataset
from jobs.models.catalogue import ASSETS
from jobs.models.choosing import base_model
from jobs.queue import Queue
from jobs.removing.everything import stop_jobs
from jobs.removing.held import refuse_held
from jobs.removing.things import Removing
from jobs.requests import Index, Train
from jobs.tools.sample_orders import LOOK_UP, REFUND, add_order_tools, remove_order_tools
from storage.errors import Damaged, NotAllowed, NotFound
from storage.files import remove_tree, write_atomically
from storage.locks import Locks
from storage.question_sets import QuestionSet
from storage.records import Job
from storage.sample import mark_opened, opened_at, sample_folder
from storage.workspace import Workspace

EXAMPLES = "Larkspur support"
DOCUMENTS = "Larkspur documents"
TONE = "Larkspur tone"
# Table of test questions and how Scores calls it; the last is offered first. The sealed half was not looked at while
# prompts, presets and thresholds were chosen.
SEALED = "questions-sealed.csv"
QUESTIONS = {SEALED: "Larkspur questions, sealed half", "questions.csv": "Larkspur questions"}
FIRST_QUESTION = "Where is order LC-4106, and within how many days can I send it back?"
# What reading, a trained voice and sound can do together.
POEM_QUESTION = "Write a short poem about the Larkspur Glide and recite it."

_SAMPLE = ASSETS / "samples" / "larkspur"
_COLUMNS = {role: role for role in ("question", "answer", "context", "kind")}


def open_sample(workspace: Workspace, queue: Queue) -> None:
    """Bring every part of the sample company that is not there, and ask for the training and the reading it needs.

    Pressed twice it does nothing more; cut off in the middle, it brings the rest. Raises NotAllowed where it is being
    opened or closed at this moment.
    """
    with _alone(workspace):
        for part in _PARTS:
            if not part.there(workspace, queue):
                part.bring(workspace, queue)


def sample_is_whole(workspace: Workspace, queue: Queue) -> bool:
    """Whether every part of the sample company is there or on its way."""
    return all(part.there(workspace, queue) for part in _PARTS)


def sample_has_traces(workspace: Workspace) -> bool:
    """Whether any part of the sample company is there, so that there is something to close."""
    folder = sample_folder(workspace.home)
    return bool({EXAMPLES, DOCUMENTS} & _names(workspace)) or _has_tools(workspace) or folder.exists()


def close_sample(workspace: Workspace, queue: Queue) -> None:
    """Stop the sample's jobs and delete its examples, documents, tools, questions and orders.

    Its adapters leave the list and can be brought back for a while; comparisons and scores stay. Raises NotAllowed
    where a job does not end in time, or another one needs a part.
    """
    with _alone(workspace):
        stop_jobs(workspace, queue, {job.id for job in queue.unfinished() if _is_of_sample(job, workspace)})
        _refuse_held(workspace, queue)
        removing = Removing(workspace, queue)
        for adapter_id in _adapters(workspace):
            removing.adapter(adapter_id)
        for name in {kept.name for kept in _question_sets(workspace)}:
            removing.questions(name)
        for delete, name in ((removing.dataset, EXAMPLES), (removing.collection, DOCUMENTS)):
            if name in _names(workspace):
                delete(name)
        remove_order_tools(workspace)
        # The order service ends by itself once its folder is gone.
        remove_tree(sample_folder(workspace.home))


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    lock = Locks(workspace.folder("locks")).take("sample")
    if lock is None:
        raise NotAllowed(
            "The sample company is being opened or closed at this moment.", "Wait a moment and look again."
        )
    try:
        yield
    finally:
        lock.release()


def _refuse_held(workspace: Workspace, queue: Queue) -> None:
    """Refuse before the first part is gone: closed by half, the sample would be of no use."""
    refuse_held(queue, "dataset", _versions(workspace))
    refuse_held(queue, "questions", [kept.id for kept in _question_sets(workspace)])
    refuse_held(queue, "collection", {DOCUMENTS})
    refuse_held(queue, "tool", {LOOK_UP, REFUND})
    refuse_held(queue, "adapter", _adapters(workspace))


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the sample: whether it is there or on its way, and how it is brought."""

    there: Callable[[Workspace, Queue], bool]
    bring: Callable[[Workspace, Queue], object]


def _names(workspace: Workspace) -> set[str]:
    datasets = {dataset.name for dataset in workspace.datasets.list()}
    return datasets | {collection.name for collection in workspace.collections.list()}


def _versions(workspace: Workspace) -> list[str]:
    return [dataset.id for dataset in workspace.datasets.list() if dataset.name == EXAMPLES]


def _adapters(workspace: Workspace) -> list[str]:
    versions = _versions(workspace)
    return [adapter.id for adapter in workspace.adapters.list() if adapter.dataset_id in versions]


def _add_examples(workspace: Workspace, _queue: Queue) -> None:
    add_dataset(workspace, _SAMPLE / "examples.csv", "examples.csv", name=EXAMPLES, columns=_COLUMNS)


def _add_documents(workspace: Workspace, queue: Queue) -> None:
    files: list[tuple[str, str]] = []
    for source in _documents_to_read(workspace, queue):
        kept = sample_folder(workspace.home) / "documents" / source.name
        write_atomically(kept, source.read_bytes())
        files.append((str(kept.relative_to(workspace.home)), source.name))
    # There at once, so that a question that is asked before all is read waits for just these documents.
    workspace.collections.ensure(DOCUMENTS)
    queue.enqueue(Index(collection=DOCUMENTS, files=tuple(files)), str(uuid.uuid4()))


def _documents_to_read(workspace: Workspace, queue: Queue) -> Sequence[Path]:
    """The sample's documents that are neither read nor waiting to be."""
    known = {name for job in _unfinished(queue, "index") for _, name in _files_of(job)}
    with suppress(NotFound):
        known |= {document.name for document in workspace.collections.documents(DOCUMENTS)}
    return [path for path in sorted((_SAMPLE / "documents").glob("*.md")) if path.name not in known]


def _files_of(job: Job) -> Sequence[tuple[str, str]]:
    return job.spec["files"] if job.spec["collection"] == DOCUMENTS else ()


def _unfinished(queue: Queue, kind: str) -> list[Job]:
    return [job for job in queue.unfinished() if job.kind == kind]


def _question_sets(workspace: Workspace) -> list[QuestionSet]:
    return [kept for kept in workspace.question_sets.list() if kept.name in QUESTIONS.values()]


def _keep_questions(workspace: Workspace, _queue: Queue) -> None:
    for file, name in QUESTIONS.items():
        keep_test_table(workspace, _SAMPLE / file, name, sealed=file == SEALED)


def _has_tools(workspace: Workspace) -> bool:
    return {LOOK_UP, REFUND} <= {record.name for record in workspace.tools.list()}


def _has_mark(workspace: Workspace) -> bool:
    try:
        return opened_at(workspace.home) is not None
    except Damaged:
        return False


def _is_trained(workspace: Workspace, queue: Queue) -> bool:
    """Whether a training on the sample goes on, or its adapter for the base model in use is there."""
    versions, model = _versions(workspace), base_model(workspace.settings)
    kept = [adapter for adapter in workspace.adapters.list() if adapter.dataset_id in versions]
    going_on = [job.spec for job in _unfinished(queue, "train") if job.spec["dataset_id"] in versions]
    return model in {adapter.base_id for adapter in kept} | {spec["model"] for spec in going_on}


def _train(workspace: Workspace, queue: Queue) -> None:
    dataset = workspace.datasets.get(EXAMPLES)
    request = Train(dataset_id=dataset.id, model=base_model(workspace.settings), name=TONE, preset="quick")
    queue.enqueue(request, str(uuid.uuid4()))


def _is_of_sample(job: Job, workspace: Workspace) -> bool:
    """Whether a job works for the sample alone, so that it may be stopped with it."""
    if job.kind == "train":
        return job.spec["dataset_id"] in _versions(workspace)
    if job.kind == "evaluate":
        return job.spec["source"] in {*_versions(workspace), *(kept.id for kept in _question_sets(workspace))}
    return job.kind == "index" and job.spec["collection"] == DOCUMENTS


# In this order: what takes long starts early, and the training needs the examples.
_PARTS = (
    _Part(lambda workspace, _: bool(_versions(workspace)), _add_examples),
    _Part(lambda workspace, queue: not _documents_to_read(workspace, queue), _add_documents),
    _Part(_is_trained, _train),
    _Part(lambda workspace, _: _has_tools(workspace), lambda workspace, _: add_order_tools(workspace)),
    _Part(
        lambda workspace, _: _has_mark(workspace), lambda workspace, _: mark_opened(workspace.home, workspace.clock())
    ),
    _Part(
        lambda workspace, _: {one.name for one in _question_sets(workspace)} == set(QUESTIONS.values()), _keep_questions
    ),
)
