"""What a column still lacks before it can answer, and the page that makes it."""

from jobs.answering.coming import makers, seconds_left
from jobs.answering.events import MissingPart
from jobs.answering.ways import way_of
from jobs.tools.registry import Registry
from storage.errors import Deleted, NotFound
from storage.records import Column
from storage.workspace import Workspace

_SEVERAL = ("/documents", "/examples")
DELETED = "/train?deleted=yes"


def lacking(column: Column, workspace: Workspace) -> MissingPart | None:
    """Return the parts that the column's way needs and does not have, or None where it can answer.

    A way with several parts needs each of them: the sentence names all that lack, the page is the first one's. The
    files of a deleted adapter are still there for a while, so that it is refused here and not at the model server.
    """
    way = way_of(column.way)
    deleted = _deleted(column, workspace)
    if way.adapter and deleted is not None:
        return MissingPart(what=f"{deleted} {deleted.next_step}", where=DELETED)
    parts = (
        (way.adapter and column.adapter_id is None, "a model trained on your examples", "/train"),
        (way.passages and not _has_passages(column.collection, workspace), "documents to look in", "/documents"),
        (way.shots and not column.shots, "three short examples to show the model", "/examples"),
        (way.tools and not Registry(workspace).tools(column.tools), "a tool that is switched on", "/tools"),
    )
    lacks = [(what, where) for lacks_it, what, where in parts if lacks_it]
    if not lacks:
        return None
    *first, last = [what for what, _ in lacks]
    named = f"{', '.join(first)} and {last}" if first else last
    verb = "are" if lacks[0][1] in _SEVERAL else "is"
    made_by = makers([where for _, where in lacks], column, workspace)
    return MissingPart(
        what=f"There {verb} not yet {named}.",
        where=lacks[0][1],
        coming=made_by is not None,
        seconds_left=seconds_left(made_by or ()),
    )


def _deleted(column: Column, workspace: Workspace) -> Deleted | None:
    try:
        workspace.adapters.get(column.adapter_id or "")
    except Deleted as deleted:
        return deleted
    except NotFound:
        return None
    return None


def _has_passages(name: str | None, workspace: Workspace) -> bool:
    if name is None:
        return False
    try:
        return any(document.passages for document in workspace.collections.documents(name))
    except NotFound:
        return False
