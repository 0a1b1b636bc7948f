"""The job that reads uploaded documents into a collection: first all files, then all vectors, then it keeps them."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.context import JobContext, Made
from jobs.models.client import connect
from jobs.models.door import Door
from jobs.requests import Index
from jobs.retrieval.chunking import Span, lead_of, passages_of
from jobs.retrieval.reading import Text, read_document
from storage.collections import NewDocument, NewPassage
from storage.errors import Damaged, TriptychError
from storage.files import sha256_of
from storage.records import Json

_BATCH = 32


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read and cut, waiting for its vectors."""

    name: str
    sha256: str
    text: Text
    spans: Sequence[Span]

    def title(self, span: Span) -> str:
        """What says where a passage stands: the document's lead and the headings above it."""
        lead = lead_of(self.text.text)
        path = span.path[1:] if span.path and lead.startswith(span.path[0]) else span.path
        return " > ".join([lead, *path])

    def embedded(self) -> list[str]:
        """What is embedded for each passage: with its title, since few passages name their subject."""
        return [embedded_text(self.title(span), self.text.text[span.start : span.end]) for span in self.spans]

    def page(self, span: Span) -> int:
        """The page on which a passage begins, from 1; 0 where the format has none."""
        return sum(start <= span.start for start in self.text.pages)


def index(request: Index, context: JobContext) -> Made:
    """Read every file of the request into its collection, each in place of the document with the same name.

    A file that can't be read is told in the result and does not stop the others. Raises its error where no file is
    left, ModelUnavailable where nothing can be embedded; then nothing was changed.
    """
    return index_with(connect(context.workspace.settings), request, context)


def index_with(door: Door, request: Index, context: JobContext) -> Made:
    """Do the work of `index` through the given door. Documents read with another embedder are embedded again."""
    read, failed = _read_all(request, context)
    embedder, vectors = _embed(door, [text for one in read for text in one.embedded()], context)
    collection = context.workspace.collections.ensure(request.collection)
    if collection.embedder not in {"", embedder}:
        _embed_again(door, request.collection, context)
    context.report(phase="keep", step=0, of=len(read))
    context.check()
    kept: list[Json] = []
    remaining = iter(vectors)
    for one in read:
        made = context.workspace.collections.put_document(collection.id, _new(one, remaining, embedder))
        kept.append({"name": made.name, "passages": made.passages})
        context.report(step=len(kept))
    return Made({"documents": kept, "failed": failed})


def embedded_text(title: str, text: str) -> str:
    """Return what stands for a passage in the search by meaning."""
    return f"{title}\n{text}"


def _read_all(request: Index, context: JobContext) -> tuple[list[_Read], list[Json]]:
    read: list[_Read] = []
    faults: list[tuple[str, TriptychError]] = []
    for done, (path, name) in enumerate(request.files):
        context.report(phase="read", step=done, of=len(request.files))
        context.check()
        try:
            read.append(_read_one(context.workspace.home / path, name))
        except TriptychError as fault:
            faults.append((name, fault))
    if faults and not read:
        raise faults[0][1]
    return read, [{"name": name, "text": str(fault), "next_step": fault.next_step} for name, fault in faults]


def _read_one(path: Path, name: str) -> _Read:
    if not path.is_file():
        raise Damaged(f"The uploaded file of {name} is gone.", "Add the document once more.")
    text = read_document(path, name)
    return _Read(name, sha256_of(path), text, passages_of(text.text))


def _embed(door: Door, texts: Sequence[str], context: JobContext) -> tuple[str, list[list[float]]]:
    """Return the embedder's identity and a vector for each text; asks for the identity even without a text."""
    began = time.monotonic()
    context.report(phase="embed", step=0, of=len(texts))
    embedder, vectors = "", list[list[float]]()
    for start in range(0, max(1, len(texts)), _BATCH):
        context.check()
        embedder, some = door.embed(texts[start : start + _BATCH] or [" "])
        vectors += some
        done = min(start + _BATCH, len(texts))
        left = (time.monotonic() - began) / max(1, done) * (len(texts) - done)
        context.report(step=done, seconds_left=left)
    return embedder, vectors[: len(texts)]


def _embed_again(door: Door, collection: str, context: JobContext) -> None:
    kept = context.workspace.collections.passages_of(collection)
    embedder, vectors = _embed(door, [embedded_text(passage.title, passage.text) for passage in kept], context)
    by_id = dict(zip((passage.id for passage in kept), vectors, strict=True))
    context.workspace.collections.embed_again(context.workspace.collections.get(collection).id, embedder, by_id)


def _new(one: _Read, vectors: Iterator[Sequence[float]], embedder: str) -> NewDocument:
    return NewDocument(
        name=one.name,
        sha256=one.sha256,
        text=one.text.text,
        embedder=embedder,
        pages=one.text.pages,
        passages=tuple(
            NewPassage(span.start, span.end, next(vectors), title=one.title(span), page=one.page(span))
            for span in one.spans
        ),
    )
