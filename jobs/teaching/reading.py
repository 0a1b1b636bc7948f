"""Rows that teach to read: reviewed questions, each behind passages as a question to documents stands behind them.

After T. Zhang et al., "RAFT: Adapting language model to domain specific RAG", COLM 2024: the right passage among wrong
ones, and some rows without it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jobs.answering.answer import DOCUMENTS_DONT_SAY
from jobs.answering.grounding import supporting
from jobs.answering.prompts import PASSAGES, context_of, fitting
from jobs.answering.taught import READING
from jobs.drafting.spreading import Place, place_of
from jobs.intake.prepare import MINIMUM_ROWS
from jobs.intake.splits import USUAL_SHARE, question_key, with_parts
from jobs.models.door import Door
from jobs.retrieval.search import rank, scored
from jobs.teaching.gold import gold_passages
from jobs.teaching.held_back import held_back
from storage.collections import Index
from storage.drafts import DraftPair
from storage.errors import UserFault
from storage.records import Dataset, Example, Part, Passage
from storage.workspace import Workspace

# Of four questions one reads its passage alone, and another one is asked a second time without it: every fifth row.
_TURNS = 4
_ALONE, _WITHOUT = 0, 1
_LEAST_PASSAGES = 3  # one each to learn, to watch and to hold back
_LOOKED_AT = 12
_COLUMNS = {"question": "question", "answer": "answer", "context": "context"}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft that a person kept, and the passage of the documents that answers it."""

    draft: DraftPair
    gold: Passage

    @property
    def place(self) -> Place:
        """Where the passage stands."""
        return place_of(self.gold)


def reading_name(collection: str) -> str:
    """Return what the rows of a collection are called."""
    return f"Reading {collection}"


def teach_reading(workspace: Workspace, door: Door, collection: str, name: str = "", seed: int = 0) -> Dataset:
    """Make rows of every kept question of a collection: a new dataset, or the next version of the one there is.

    Its `origin` counts the rows by what stands before the question: `beside` others the passage that answers, that one
    `alone`, or only others (`without`); `left_out` are questions whose passage reads otherwise by now, or is cut apart.
    The same seed makes the same rows. A passage belongs to one part: what the exam asks about is read by no row to
    learn from. Raises NotFound without the collection, UserFault where too little was kept.
    """
    passages = workspace.collections.passages_of(collection)
    kept = [draft for draft in workspace.drafts.list(collection=collection) if draft.state in {"kept", "added"}]
    found = gold_passages(kept, passages, workspace.collections.document_text)
    reviewed = [Reviewed(draft, gold) for draft, gold in zip(kept, found, strict=True) if gold is not None]
    parts = _parts(reviewed, held_back(workspace)) if reviewed else {}
    around = _Around(workspace, door, collection, workspace.collections.index(collection), parts)
    made = list(_rows(reviewed, around, seed))
    if len(made) < MINIMUM_ROWS or len(parts) < _LEAST_PASSAGES:
        raise _too_few(len(reviewed), len(parts))
    rows = [replace(row, row=number) for number, (row, _) in enumerate(made, 1)]
    kinds = [kind for _, kind in made]
    told = {kind: kinds.count(kind) for kind in ("beside", "alone", "without")}
    return workspace.datasets.keep(
        name or reading_name(collection),
        rows,
        rows=len(rows),
        columns=_COLUMNS,
        dropped=(),
        source=f"{READING}{collection}",
        origin={**told, "left_out": len(kept) - len(reviewed), "seed": seed},
    )


def _parts(reviewed: Sequence[Reviewed], kept_back: set[str]) -> dict[Place, Part]:
    """Return the part of each passage: that of its first question, or the exam where a test asks anything about it.

    Raises UserFault where so much is held back that nothing could be learned.
    """
    first: dict[Place, str] = {}
    tested = set[Place]()
    for one in reviewed:
        key = question_key(one.draft.question)
        first.setdefault(one.place, key)
        if key in kept_back:
            tested.add(one.place)
    remembered: dict[str, Part] = {first[place]: "exam" for place in tested}
    rows = with_parts((Example(0, key, "") for key in first.values()), USUAL_SHARE, remembered)
    parts: dict[Place, Part] = {place: row.part for place, row in zip(first, rows, strict=True)}
    if any(parts[place] != "exam" for place in tested):
        raise UserFault(
            "Nearly all of these questions are held back for testing, so that nothing is left to learn.",
            "Keep more drafts first.",
        )
    return parts


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around the passage that answers; `parts` are those of the passages that questions are about."""

    workspace: Workspace
    door: Door
    collection: str
    index: Index
    parts: Mapping[Place, Part]

    def others(self, one: Reviewed) -> list[Passage]:
        """Return the passages that a search takes for the nearest, without those that answer the question, too."""
        collections, draft = self.workspace.collections, one.draft
        ranking = rank(collections, self.index, self.door, self.collection, draft.question)
        found = [passage for passage, _ in scored(collections, ranking, draft.question, _LOOKED_AT)]
        return [passage for passage in found if self._misleads(passage, one)][:PASSAGES]

    def _misleads(self, passage: Passage, one: Reviewed) -> bool:
        told = passage.text == one.gold.text or supporting(one.draft.answer, [passage]) is not None
        tested = self.parts.get(place_of(passage)) == "exam" and self.parts[one.place] != "exam"
        return not told and not tested and place_of(passage) != one.place


def _rows(reviewed: Sequence[Reviewed], around: _Around, seed: int) -> Iterator[tuple[Example, str]]:
    """Yield the rows in the order of the questions, each with what stands before its question."""
    digests = [hashlib.sha256(f"{seed} {question_key(one.draft.question)}".encode()).digest() for one in reviewed]
    turns = {digest: turn for turn, digest in enumerate(sorted(digests))}
    for one, digest in zip(reviewed, digests, strict=True):
        others, (turn, kind) = around.others(one), divmod(turns[digest], _TURNS)
        part, draft = around.parts[one.place], one.draft
        origin = f"passage:{draft.collection}/{draft.document}#{draft.start}-{draft.end}"
        alone = kind == _ALONE or not others
        before = [one.gold] if alone else _among(one.gold, others[: PASSAGES - 1], digest[0])
        row = Example(0, draft.question, draft.answer, context=context_of(before), part=part, origin=origin)
        yield row, "alone" if alone else "beside"
        if kind == _WITHOUT and others:
            # As often as with the right passage one stands alone, else their number would tell that it lacks.
            wrong = fitting(others[: 1 if turn % _TURNS == 0 else PASSAGES])
            unsaid = replace(row, answer=DOCUMENTS_DONT_SAY, context=context_of(wrong), kind="unknown")
            yield unsaid, "without"


def _among(gold: Passage, others: Sequence[Passage], chance: int) -> Sequence[Passage]:
    """Return the passages in a chance order, the right one never cut."""
    at = chance % (len(others) + 1)
    read = fitting([*others[:at], gold, *others[at:]])
    return read if gold in read else fitting([gold, *others])


def _too_few(questions: int, passages: int) -> UserFault:
    return UserFault(
        f"Of the questions you kept, {questions} rest on {passages} passages that are still in the documents. "
        f"A training needs {MINIMUM_ROWS} rows from at least {_LEAST_PASSAGES} passages.",
        "Keep more drafts first.",
    )
