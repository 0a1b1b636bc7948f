"""A workspace of its own for made-up documents and tables, so that nothing of the person's is ever touched."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic
from uuid import uuid4

from jobs.context import JobContext
from jobs.evaluation.measuring.made_up import Fact
from jobs.models.door import Door
from jobs.queue import Queue, Slot
from jobs.requests import Index
from jobs.retrieval.indexing import index_with
from jobs.tools.registry import Registry
from jobs.tools.tables import add_table
from storage.errors import OurFault
from storage.files import remove_tree
from storage.records import Column
from storage.spreadsheets import csv_lines
from storage.workspace import SCRATCH, Workspace

_DOCUMENTS, _TABLE, _TOOL, _KEY = "made-up documents", "lockers", "look_up_lockers", "locker"


@contextmanager
def scratch(context: JobContext) -> Iterator[Workspace]:
    """Give an empty workspace below home, in SQLite wherever home's own data is, that is gone when the block ends.

    What a killed attempt left is removed when the next one begins, and when a worker starts.
    """
    place, job = context.workspace.folder(SCRATCH), context.job
    for left in place.glob(f"{job.id}-f*"):
        remove_tree(left)
    folder = place / f"{job.id}-f{job.fence}"
    settings = context.workspace.settings.model_copy(update={"home": folder, "database_url": None})
    try:
        opened = Workspace.open(settings, context.workspace.clock)
        try:
            yield opened
        finally:
            opened.close()
    finally:
        remove_tree(folder)


def read_documents(workspace: Workspace, door: Door, texts: Mapping[str, str]) -> float:
    """Read the texts, by file name, as an index job does, in place of those of the same names; return its seconds."""
    files: list[tuple[str, str]] = []
    for name, text in texts.items():
        kept = workspace.folder("uploads") / f"{uuid4()}-{name}"
        kept.write_text(text)
        files.append((str(kept.relative_to(workspace.home)), name))
    request = Index(collection=_DOCUMENTS, files=tuple(files))
    began = monotonic()
    queue = Queue(workspace.database, workspace.clock)
    context = _claimed(workspace, queue, request)
    made = index_with(door, request, context)
    queue.finish(context.job, result=made.result)
    return monotonic() - began


def keep_table(workspace: Workspace, facts: Sequence[Fact], *, new: bool) -> float:
    """Keep the table of the facts' old or new values as the Tools page does, and return the seconds that it took."""
    file = workspace.folder("uploads") / f"{_TABLE}.csv"
    rows = ([fact.name, fact.new if new else fact.old] for fact in facts)
    file.write_text("".join(csv_lines([_KEY, "code"], rows)))
    began = monotonic()
    add_table(workspace, _TABLE, file, file.name, _KEY)
    return monotonic() - began


def in_scratch(column: Column, workspace: Workspace) -> Column:
    """Return the column with made-up documents and the made-up table in place of its own, where its way has such."""
    offered = [tool.name for tool in Registry(workspace).tools() if tool.name == _TOOL or tool.name in column.tools]
    return replace(
        column,
        collection=_DOCUMENTS if column.collection else None,
        tools=tuple(offered) if column.tools else (),
    )


def _claimed(workspace: Workspace, queue: Queue, request: Index) -> JobContext:
    slot = Slot(str(uuid4()), "light:0")
    queue.offer([slot])
    job = queue.claim(queue.enqueue(request, str(uuid4())).id, slot, "measuring")
    if job is None:
        raise OurFault("The made-up documents could not be read.")
    return JobContext(workspace, queue, job)
