"""The passage that answers a drafted question, also where its document is cut otherwise than when it was drafted."""

from collections.abc import Callable, Sequence

from jobs.answering.grounding import supporting
from jobs.retrieval.previewing import passages_if_cut
from storage.drafts import DraftPair
from storage.records import Passage
from storage.workspace import Workspace


def gold_passages(
    drafts: Sequence[DraftPair], passages: Sequence[Passage], text_of: Callable[[str], str]
) -> list[Passage | None]:
    """Return for each draft the passage that it was drafted from, or the one there now that holds its answer.

    None where its document reads otherwise by now, or where no single passage holds the answer any more. `text_of`
    gives the text of a document by its id.
    """
    exact = {(passage.document, passage.text): passage for passage in passages}
    by_document: dict[str, list[Passage]] = {}
    for passage in passages:
        by_document.setdefault(passage.document, []).append(passage)
    texts: dict[str, str] = {}

    def gold(draft: DraftPair) -> Passage | None:
        same = exact.get((draft.document, draft.passage))
        if same is not None:
            return same
        near = [one for one in by_document.get(draft.document, ()) if _shared(one, draft)]
        if not near:
            return None
        document_id = near[0].document_id
        if document_id not in texts:
            texts[document_id] = text_of(document_id)
        if texts[document_id][draft.start : draft.end] != draft.passage:
            return None
        near.sort(key=lambda one: -_shared(one, draft))
        place = supporting(draft.answer, near)
        return near[place - 1] if place else next((one for one in near if _holds(one, draft)), None)

    return [gold(draft) for draft in drafts]


def resting_if_cut(workspace: Workspace, collection: str, cutting: str) -> tuple[int, int] | None:
    """Return how many drafts that were not dropped still had a passage that answers them, and how many there are.

    None where the documents are too long to be cut for a look.
    """
    drafts = [one for one in workspace.drafts.list(collection=collection) if one.state != "dropped"]
    passages = passages_if_cut(workspace, collection, cutting, {draft.document for draft in drafts})
    if passages is None:
        return None
    found = gold_passages(drafts, passages, workspace.collections.document_text)
    return sum(one is not None for one in found), len(drafts)


def _shared(passage: Passage, draft: DraftPair) -> int:
    """How many characters of what the question was drafted from stand in the passage."""
    return max(0, min(passage.end, draft.end) - max(passage.start, draft.start))


def _holds(passage: Passage, draft: DraftPair) -> bool:
    return passage.start <= draft.start and draft.end <= passage.end
