"""Delete one thing: its rows, then the files that belong to nothing else."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from jobs.queue import Queue
from jobs.removing.held import refuse_held
from jobs.retrieval.rows import forget_rows
from jobs.tools.builtin.speech import NAME as READ_ALOUD
from jobs.tools.builtin.speech import sound_file, sound_name
from jobs.tools.database.sources import forget_source
from jobs.tools.mcp import access
from jobs.tools.mcp.changing import KIND as MCP
from jobs.tools.mcp.changing import server_tools
from jobs.tools.service import secret
from storage.exports import WHOLE, forget
from storage.records import Document
from storage.removing import remove_collection, remove_comparisons, remove_dataset, remove_scorecard
from storage.spoken import calls_of
from storage.workspace import Workspace

_ALL = 1_000_000


class Removing:
    """Deletes things of a workspace. Each raises NotFound where it is gone, NotAllowed where a job still needs it."""

    def __init__(self, workspace: Workspace, queue: Queue) -> None:
        self._workspace = workspace
        self._queue = queue

    def dataset(self, name: str) -> None:
        """Delete every version of a set of examples, with the files they came from and what was read of their rows.

        Adapters trained on them stay.
        """
        refuse_held(self._queue, "dataset", {kept.id for kept in self._workspace.datasets.list() if kept.name == name})
        forget_rows(self._workspace, name)
        for dataset_id in remove_dataset(self._workspace.database, name):
            self._unlink(self._workspace.folder("uploads").glob(f"{dataset_id}.*"))

    def questions(self, name: str) -> None:
        """Delete every version of a set of test questions with their files; scores that were made with it stay."""
        sets = self._workspace.question_sets
        refuse_held(self._queue, "questions", {kept.id for kept in sets.list() if kept.name == name})
        self._unlink(self._workspace.home / source for source in sets.remove(name))

    def collection(self, name: str) -> None:
        """Delete a collection of documents with its drafts and uploads; what answers quoted of it stays with them."""
        refuse_held(self._queue, "collection", {name})
        uploads = self._uploads(name)
        remove_collection(self._workspace.database, name)
        self._unlink(uploads)

    def document(self, collection: str, document: Document) -> None:
        """Delete one document of a collection with its drafts and uploaded files, earlier ones of its name included."""
        uploads = self._uploads(collection, document.name)
        self._workspace.drafts.forget(collection, document.name)
        self._workspace.collections.remove_document(document.id)
        self._unlink(uploads)

    def tool(self, name: str) -> None:
        """Delete a look-up table with its rows, a database with its copy or its address, a service with its secret.

        What reaches an MCP server, secret or program, is forgotten with the last of its tools.
        """
        refuse_held(self._queue, "tool", {name})
        record = self._workspace.tools.get(name)
        self._workspace.tools.remove(name)
        forget_source(self._workspace, record)
        secret.keep(self._workspace, name, None)
        if record.kind == MCP and not server_tools(self._workspace, record.config["server"]):
            access.keep(self._workspace, record.config["server"], None)

    def adapter(self, adapter_id: str) -> None:
        """Take an adapter off the list; it can be brought back on the Train page for a while.

        Whole models that were written of it go at once: they can be written again.
        """
        refuse_held(self._queue, "adapter", {adapter_id})
        self._workspace.adapters.delete(adapter_id)
        for form in WHOLE:
            forget(self._workspace.home, adapter_id, form)

    def comparisons(self, comparison_ids: Sequence[str] | None = None) -> None:
        """Delete these comparisons, or all, with their sounds; answers that are being written stop within a moment."""
        database = self._workspace.database
        sounds = {sound_name(arguments) for arguments in calls_of(database, READ_ALOUD, comparison_ids)}
        remove_comparisons(database, comparison_ids)
        sounds -= {sound_name(arguments) for arguments in calls_of(database, READ_ALOUD)}
        self._unlink(sound_file(self._workspace, name) for name in sounds)

    def scorecard(self, card_id: str) -> None:
        """Delete a scorecard with its answers, what judges said of them, and what was measured beside it."""
        refuse_held(self._queue, "scorecard", {card_id})
        self._unlink([self._workspace.home / remove_scorecard(self._workspace.database, card_id)])

    def _uploads(self, collection: str, document: str = "") -> list[Path]:
        """The uploads that were read into this collection (as this document, if named) and into no other."""
        read: dict[str, set[str]] = {}
        for job in self._queue.list("index", _ALL):
            for path, name in job.spec["files"]:
                if not document or name == document or job.spec["collection"] != collection:
                    read.setdefault(path, set()).add(job.spec["collection"])
        uploads = self._workspace.folder("uploads").resolve()
        own = [self._workspace.home / path for path, where in read.items() if where == {collection}]
        return [path for path in own if path.resolve().parent == uploads]

    @staticmethod
    def _unlink(paths: Iterable[Path]) -> None:
        for path in list(paths):
            path.unlink(missing_ok=True)
