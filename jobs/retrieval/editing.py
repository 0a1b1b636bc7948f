"""A text that a person edits on the page: it counts from the next question on, without a job in between."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from jobs.models.door import Door
from jobs.retrieval.cutting import CutDocument
from jobs.retrieval.embedding import by_key, embed_new, identity, key_of
from jobs.retrieval.formats.seen import visible
from jobs.retrieval.reading import Text
from storage.errors import NotFound, TooLarge, UserFault
from storage.records import Document
from storage.vectors import Vector, kept_vectors
from storage.workspace import Workspace

# Longer ones would keep the page waiting; they can be uploaded again.
LONGEST_TEXT = 100_000
_TEXTS = frozenset({".md", ".markdown", ".txt"})


@dataclass(frozen=True, slots=True)
class Edited:
    """The document as it is now; of its passages `new` were embedded, the others are as they were."""

    document: Document
    new: int


def is_editable(document: Document) -> bool:
    """Whether the kept text is the document itself and short enough to be edited on a page."""
    return PurePath(document.name).suffix.lower() in _TEXTS and 0 < document.characters <= LONGEST_TEXT


def edit(workspace: Workspace, door: Door, collection: str, document_id: str, text: str) -> Edited:
    """Keep `text` in place of the document's; only passages that are new are embedded.

    Raises NotFound where the document was removed or changed in the meantime, UserFault where the text is empty or as
    it was, or its collection was switched just now, and TooLarge for more than LONGEST_TEXT characters.
    """
    before = next((one for one in workspace.collections.documents(collection) if one.id == document_id), None)
    if before is None:
        raise NotFound("This document was changed or removed in the meantime.", "Open it again and repeat your change.")
    text = visible(text)
    _refuse(workspace, before, text)
    cutting = workspace.collections.get(collection).cutting
    mark = hashlib.sha256(text.encode(errors="replace")).hexdigest()
    cut = CutDocument(before.name, mark, Text(text), cutting=cutting)
    embedder = identity(door)
    known = by_key(kept_vectors(workspace.database, collection, embedder, [before.name], []))
    new = embed_new(door, cut.embedded(), known, embedder, _unheard)
    vectors = {**known, **new}
    whole = cut.with_vectors(embedder, (vectors[key_of(one)] for one in cut.embedded()))
    made = workspace.collections.put_document(before.collection_id, whole, replaces=document_id)
    return Edited(made, len(new))


def _refuse(workspace: Workspace, before: Document, text: str) -> None:
    if not text.strip():
        raise UserFault(f"{before.name} would be empty.", "Write something, or remove the document.")
    if len(text) > LONGEST_TEXT:
        raise TooLarge(f"{before.name} would have {len(text):,} letters; {LONGEST_TEXT:,} can be edited here.")
    if text == workspace.collections.document_text(before.id):
        raise UserFault("Nothing was changed.", "Change the text, or close it.")


def _unheard(_: Mapping[bytes, Vector]) -> None:
    """Nobody waits to hear how far it is."""
