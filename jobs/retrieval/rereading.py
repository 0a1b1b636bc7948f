"""All documents of a collection read anew, cut in another way or embedded by another model, and then switched to."""

from collections.abc import Mapping, Sequence

from jobs.context import JobContext
from jobs.retrieval.chunking import Span
from jobs.retrieval.cutting import CutDocument
from jobs.retrieval.embedding import Embedding, by_key
from jobs.retrieval.reading import Text
from storage.errors import UserFault
from storage.records import Json, Passage
from storage.switching import HeldDocument, held, switch
from storage.vectors import Vector, kept_vectors
from storage.workspace import Workspace

_MOST_TRIES = 20


def reread(embedding: Embedding, context: JobContext, collection: str, cutting: str | None = None) -> Json:
    """Cut and embed every document, while what was there is searched, and switch when all is there.

    Without `cutting` they are cut as they were. What is changed meanwhile is read, too; what is as it should be already
    is left alone. Returns {cutting, documents, passages, usual_threshold}; the last says that a threshold of its own
    does not count any more. Raises NotFound without the collection, UserFault where it never stands still.
    """
    workspace, database = context.workspace, context.workspace.database
    for _ in range(_MOST_TRIES):
        before = held(database, collection)
        chosen = cutting or before.cutting
        cut = cut_held(workspace, collection, before.documents, chosen)
        names = [one.name for one in cut]

        def known(embedder: str, names: Sequence[str] = names) -> Mapping[bytes, Vector]:
            return by_key(kept_vectors(database, collection, embedder, names, []))

        vectors = embedding.vectors([text for one in cut for text in one.embedded()], known)
        made = {"cutting": chosen, "documents": len(cut), "passages": len(vectors)}
        if before.cutting == chosen and before.embedder in {"", embedding.embedder}:
            return {**made, "usual_threshold": False}
        context.report(phase="switch", step=0, of=len(cut))
        context.check(fresh=True)
        remaining = iter(vectors)
        new = [one.with_vectors(embedding.embedder, remaining) for one in cut]
        read = {one.id: document for one, document in zip(before.documents, new, strict=True)}
        if switch(database, before, chosen, read):
            return {**made, "usual_threshold": before.threshold is not None}
    raise UserFault(f"The documents in {collection!r} were changed all the time.", "Leave them alone until it is done.")


def cut_as(cutting: str, read: Sequence[CutDocument]) -> list[CutDocument]:
    """Return documents cut in this way; tables stay as they are."""
    return [
        one if one.by_rows or one.cutting == cutting else CutDocument(one.name, one.sha256, one.text, cutting=cutting)
        for one in read
    ]


def cut_held(
    workspace: Workspace, collection: str, documents: Sequence[HeldDocument], cutting: str, most: int | None = None
) -> list[CutDocument]:
    """Return documents that are kept, or their first `most` characters, cut in this way.

    Of a table the rows stay the passages.
    """
    rows: dict[str, list[Passage]] = {one.id: [] for one in documents if one.by_rows}
    for passage in workspace.collections.passages_of(collection) if rows else ():
        if passage.document_id in rows:
            rows[passage.document_id].append(passage)
    return [
        _of_rows(one, rows[one.id], cutting)
        if one.by_rows
        else CutDocument(one.name, one.sha256, Text(one.text[:most], one.pages), cutting=cutting)
        for one in documents
    ]


def _of_rows(table: HeldDocument, rows: Sequence[Passage], cutting: str) -> CutDocument:
    spans = [Span(row.start, row.end, (row.title,)) for row in rows]
    return CutDocument(table.name, table.sha256, Text(table.text, table.pages), spans, cutting=cutting, by_rows=True)
