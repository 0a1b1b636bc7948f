"""Kept drafts become examples, each with the passage that it came from."""

from collections.abc import Sequence

from jobs.intake.editing import Changes, edit_dataset
from jobs.intake.splits import USUAL_SHARE, question_key, with_parts
from storage.drafts import DraftPair
from storage.errors import NotFound, UserFault
from storage.records import Dataset, Example
from storage.workspace import Workspace

_COLUMNS = {"question": "question", "answer": "answer"}


def keep_drafts_as_examples(workspace: Workspace, dataset_name: str, draft_ids: Sequence[str]) -> Dataset:
    """Make examples of drafts that were kept: a new dataset of that name, or the next version of the one there is.

    What is an example there already is left out; the drafts count as added from then on. Raises NotFound where a draft
    is gone, UserFault where one was not kept or nothing is left, NotAllowed where somebody makes the next version at
    the same moment.
    """
    pairs = workspace.drafts.get(draft_ids)
    if any(pair.state not in {"kept", "added"} for pair in pairs):
        raise UserFault("Some of these drafts were not kept.", "Keep them first, or leave them out.")
    there = _examples(workspace, dataset_name)
    rows = _new(pairs, there or ())
    if not rows:
        raise UserFault(f"There is nothing that is not in {dataset_name!r} already.", "Keep other drafts first.")
    made = _kept(workspace, dataset_name, rows, there, pairs)
    workspace.drafts.added(draft_ids)
    return made


def _kept(
    workspace: Workspace,
    dataset_name: str,
    rows: list[Example],
    there: Sequence[Example] | None,
    pairs: Sequence[DraftPair],
) -> Dataset:
    source = f"drafts:{', '.join(dict.fromkeys(pair.collection for pair in pairs))}"
    if there is not None:
        return edit_dataset(workspace, dataset_name, Changes(added=rows), source)
    parts = with_parts(rows, USUAL_SHARE)
    return workspace.datasets.keep(
        dataset_name, parts, rows=len(rows), columns=_COLUMNS, dropped=(), source=source, origin={"added": len(rows)}
    )


def _examples(workspace: Workspace, dataset_name: str) -> Sequence[Example] | None:
    try:
        return workspace.datasets.examples(workspace.datasets.get(dataset_name).id)
    except NotFound:
        return None


def _new(pairs: Sequence[DraftPair], there: Sequence[Example]) -> list[Example]:
    said = {_said(row.question, row.answer) for row in there}
    rows: list[Example] = []
    for pair in pairs:
        if (key := _said(pair.question, pair.answer)) not in said:
            said.add(key)
            origin = f"passage:{pair.collection}/{pair.document}#{pair.start}-{pair.end}"
            rows.append(Example(len(rows) + 1, pair.question, pair.answer, origin=origin))
    return rows


def _said(question: str, answer: str) -> tuple[str, str]:
    return question_key(question), " ".join(answer.split())
