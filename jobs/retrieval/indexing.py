"""The job that reads documents into a collection: first all of them, then all vectors, then it keeps them."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import groupby
from pathlib import Path

from jobs.context import Interrupted, JobContext, Made
from jobs.models.client import connect
from jobs.models.door import Door
from jobs.requests import Index
from jobs.retrieval.cutting import CutDocument
from jobs.retrieval.embedding import Embedding, by_key, key_of
from jobs.retrieval.reading import Document, documents_in, read_document, read_texts
from jobs.retrieval.rereading import cut_as, reread
from jobs.retrieval.rows import rows_document, superseded
from storage.collections import CutOtherwise
from storage.errors import ClaimLost, Damaged, NotFound, TriptychError
from storage.fetched import FetchedPage
from storage.records import Json
from storage.vectors import Vector, kept_vectors

# The name of a document and why it can't be read.
Fault = tuple[str, TriptychError]
Read = tuple[list[CutDocument], list[Fault]]

# So many files, or groups of small ones, are read at once; each in a process of its own, which may take 1 GiB.
_READERS = min(4, os.cpu_count() or 1)
_SMALL_BYTES, _TOGETHER = 32 * 1024, 32
# What is packed is told by its name, because its size is not known yet; where it is large, the process ends too soon.
_QUICK_NAMES = frozenset({".md", ".markdown", ".txt", ".csv", ".tsv", ".html", ".htm"})

# So often is listened for a stop while files are read.
_HEARD_EVERY_S = 0.5


def index(request: Index, context: JobContext) -> Made:
    """Read every file or row of the request into its collection, each document in place of the one of the same name.

    A file that can't be read is told in the result and does not stop the others. Raises its error where no file is
    left, ModelUnavailable where nothing can be embedded; then nothing was changed.
    """
    return index_with(connect(context.workspace.settings), request, context)


def index_with(door: Door, request: Index, context: JobContext) -> Made:
    """Do the work of `index` through the given door. Documents read with another embedder are embedded again.

    Passages that did not change keep their vectors, documents that did not change are left alone, and what an attempt
    that was cut off has embedded already is not embedded again.
    """
    embedding = Embedding(door, context)
    try:
        made = _index(embedding, request, context)
    except (Interrupted, ClaimLost):
        embedding.saved.close()
        raise
    except BaseException:
        embedding.saved.remove()
        raise
    embedding.saved.remove()
    return made


def _index(embedding: Embedding, request: Index, context: JobContext) -> Made:
    read, failed = _read_all(request, context)
    if request.dataset_id is not None:
        read.append(rows_document(context.workspace, request.dataset_id))
    result: Json = {}
    if request.cutting is not None:
        context.workspace.collections.ensure(request.collection)
        result["cut"] = reread(embedding, context, request.collection, request.cutting)
    while True:
        try:
            return Made({"documents": _keep(embedding, request, context, read), "failed": failed, **result})
        except CutOtherwise:  # another job has switched the collection since they were cut
            continue


def _keep(embedding: Embedding, request: Index, context: JobContext, read: Sequence[CutDocument]) -> list[Json]:
    store = context.workspace.collections
    read = cut_as(_cutting_of(context, request.collection), read)
    before = _Before(context, request.collection, read)
    vectors = embedding.vectors([text for one in read for text in one.embedded()], before.vectors)
    collection = store.ensure(request.collection)
    if collection.embedder not in {"", embedding.embedder}:
        reread(embedding, context, request.collection)
    context.report(phase="keep", step=0, of=len(read))
    context.check()
    if superseded(context.workspace, request):
        read = read[:-1]  # the rows, which came last
    kept: list[Json] = []
    remaining = iter(vectors)
    for one in read:
        new = one.with_vectors(embedding.embedder, remaining)
        document_id = before.id_of(one)
        if document_id is None:
            document_id = store.put_document(collection.id, new).id
        if one.name in request.fetched:
            context.workspace.fetched.keep(document_id, FetchedPage(*request.fetched[one.name]))
        notes = {"notes": list(one.text.notes)} if one.text.notes else {}
        kept.append({"name": one.name, "passages": len(one.spans), **notes})
        context.report(step=len(kept))
    return kept


def _cutting_of(context: JobContext, collection: str) -> str:
    try:
        return context.workspace.collections.get(collection).cutting
    except NotFound:
        return "usual"


class _Before:
    """What the collection held before of the documents that are read."""

    def __init__(self, context: JobContext, collection: str, read: Sequence[CutDocument]) -> None:
        self._database, self._collection, self._read = context.workspace.database, collection, read
        try:
            held = context.workspace.collections.documents(collection)
        except NotFound:
            held = []
        self._held = {document.name: document for document in held}
        self._vectors: Mapping[bytes, Vector] = {}

    def vectors(self, embedder: str) -> Mapping[bytes, Vector]:
        """Return the vectors of their passages by the hash of what was embedded."""
        names, hashes = [one.name for one in self._read], [one.sha256 for one in self._read if one.sha256]
        self._vectors = by_key(kept_vectors(self._database, self._collection, embedder, names, hashes))
        return self._vectors

    def id_of(self, one: CutDocument) -> str | None:
        """Return the id of the same document, read from the same bytes into the same passages, where it is there."""
        held = self._held.get(one.name)
        if held is None or not one.sha256 or held.sha256 != one.sha256:
            return None
        same = (held.characters, held.passages) == (len(one.text.text), len(one.spans))
        return held.id if same and all(key_of(text) in self._vectors for text in one.embedded()) else None


def _read_all(request: Index, context: JobContext) -> tuple[list[CutDocument], list[Json]]:
    read: list[CutDocument] = []
    faults: list[Fault] = []
    stopped = threading.Event()
    groups = _groups([Document(context.workspace.home / path, name) for path, name in request.files], _is_small)
    done = 0
    with ThreadPoolExecutor(_READERS) as readers:
        reading = [readers.submit(_read_group, group, stopped) for group in groups]
        try:
            for group, task in zip(groups, reading, strict=True):
                context.report(phase="read", step=done, of=len(request.files))
                context.check()
                while not wait([task], _HEARD_EVERY_S).done:
                    context.check()
                some, broken = task.result()
                read += some
                faults += broken
                done += len(group)
        finally:
            stopped.set()
            readers.shutdown(cancel_futures=True)
    if faults and not read:
        raise faults[0][1]
    return read, [{"name": name, "text": str(fault), "next_step": fault.next_step} for name, fault in faults]


def _is_small(file: Document) -> bool:
    return file.path.is_file() and file.path.stat().st_size <= _SMALL_BYTES


def _is_quick(packed: Document) -> bool:
    return Path(packed.name).suffix.lower() in _QUICK_NAMES


def _groups(documents: Sequence[Document], together: Callable[[Document], bool]) -> list[list[Document]]:
    """Return the documents in their order: neighbours that are to be read together, each other one alone."""
    groups: list[list[Document]] = []
    for several, some in groupby(documents, together):
        group, size = list(some), _TOGETHER if several else 1
        groups += [group[first : first + size] for first in range(0, len(group), size)]
    return groups


def _read_group(files: Sequence[Document], stopped: threading.Event) -> Read:
    """Return the documents of the files and what can't be read of them, until it is `stopped`."""
    return _read_together(files, stopped, lambda file: _read_file(file, stopped))


def _read_file(file: Document, stopped: threading.Event) -> Read:
    """Return the document that the file is, or those packed in it."""
    read, faults = list[CutDocument](), list[Fault]()
    try:
        documents = _documents(file.path, file.name)
    except TriptychError as fault:
        return [], [(file.name, fault)]
    for group in _groups(documents, _is_quick):
        some, broken = _read_together(group, stopped, _read_one)
        read += some
        faults += broken
    return read, faults


def _read_together(group: Sequence[Document], stopped: threading.Event, alone: Callable[[Document], Read]) -> Read:
    """Return what is read of a group, each that its process does not give back `alone`."""
    read, faults = list[CutDocument](), list[Fault]()
    texts = read_texts(group) if len(group) > 1 and not stopped.is_set() else [None] * len(group)
    for document, text in zip(group, texts, strict=True):
        if stopped.is_set():
            break
        some, broken = ([CutDocument(document.name, text.sha256, text)], []) if text else alone(document)
        read += some
        faults += broken
    return read, faults


def _documents(path: Path, name: str) -> Sequence[Document]:
    if not path.is_file():
        raise Damaged(f"The uploaded file of {name} is gone.", "Add the document once more.")
    return documents_in(path, name)


def _read_one(document: Document) -> Read:
    try:
        text = read_document(document.path, document.name, document.place)
    except TriptychError as fault:
        return [], [(document.name, fault)]
    return [CutDocument(document.name, text.sha256, text)], []
