"""Documents of a workspace without the job that reads them, for tests of what uses them."""

from collections.abc import Mapping

from jobs.retrieval.cutting import CutDocument
from jobs.retrieval.reading import Text
from storage.workspace import Workspace
from tests.fakes import ScriptedModel


def put_documents(workspace: Workspace, texts: Mapping[str, str], collection: str = "Manuals") -> None:
    """Keep each text as a document of the collection, embedded by the scripted model."""
    kept = workspace.collections.ensure(collection)
    for name, text in texts.items():
        cut = CutDocument(name, "", Text(text))
        embedder, vectors = ScriptedModel().embed(cut.embedded())
        workspace.collections.put_document(kept.id, cut.with_vectors(embedder, iter(vectors)))
