"""Questions and answers that a model drafted from documents, until a person keeps or drops them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from storage.database import Database
from storage.errors import NotFound, UserFault
from storage.records import Json
from storage.tables import drafts, jobs, run_records

DraftState = Literal["new", "kept", "dropped", "added"]
# A record of this kind tells what came of one passage: {document, start, end, drafted, unusable {reason: count}}.
ASKED = "passage"


@dataclass(frozen=True, slots=True)
class DraftPair:
    """A question with its answer, and the passage, `document_text[start:end]`, that both were drafted from."""

    id: str
    job_id: str
    collection: str
    document: str
    start: int
    end: int
    passage: str
    question: str
    answer: str
    created_at: float
    state: DraftState = "new"


_COLUMNS = [drafts.c[field.name] for field in fields(DraftPair)]


class Drafts:
    """Reads drafts and keeps what a person decides; `jobs/queue` adds new ones, guarded by the claim."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(
        self, *, job_id: str | None = None, collection: str | None = None, state: DraftState | None = None
    ) -> Sequence[DraftPair]:
        """Return the drafts of this job, of these documents, in this state, in the order in which they were made."""
        asked = {drafts.c.job_id: job_id, drafts.c.collection: collection, drafts.c.state: state}
        return self._read(*(column == value for column, value in asked.items() if value))

    def asked(self, collection: str) -> Sequence[tuple[str, Json]]:
        """Return what came of each passage of these documents that was ever asked, with its job, the oldest first."""
        asked = (run_records.c.kind == ASKED, jobs.c.spec_json["collection"].as_string() == collection)
        records = select(run_records.c.job_id, run_records.c.body).join(jobs, jobs.c.id == run_records.c.job_id)
        with self._database.reading() as connection:
            rows = connection.execute(records.where(*asked).order_by(run_records.c.seq)).all()
        return [(row.job_id, row.body) for row in rows]

    def get(self, draft_ids: Sequence[str]) -> Sequence[DraftPair]:
        """Return these drafts in the order in which they were made; raise NotFound where one is gone."""
        found = self._read(drafts.c.id.in_(draft_ids))
        if len(found) < len(set(draft_ids)):
            raise _gone()
        return found

    def decide(
        self, draft_id: str, state: DraftState, *, question: str | None = None, answer: str | None = None
    ) -> DraftPair:
        """Keep, drop or reopen a draft, with other texts where they are given.

        Raises NotFound where it is gone, UserFault for a text without a letter.
        """
        texts = {name: text.strip() for name, text in (("question", question), ("answer", answer)) if text is not None}
        for name, text in texts.items():
            if not text:
                raise UserFault(f"The {name} is empty.", f"Write the {name}, or drop the draft.")
        with self._database.writing() as connection:
            changed = update(drafts).where(drafts.c.id == draft_id).values(state=state, **texts)
            if not connection.execute(changed).rowcount:
                raise _gone()
        return self.get([draft_id])[0]

    def added(self, draft_ids: Sequence[str]) -> None:
        """Note that kept drafts have become examples."""
        with self._database.writing() as connection:
            connection.execute(
                update(drafts).where(drafts.c.id.in_(draft_ids), drafts.c.state == "kept").values(state="added")
            )

    def forget(self, collection: str, document: str) -> None:
        """Forget the drafts made of a document: they repeat it word for word."""
        with self._database.writing() as connection:
            connection.execute(delete(drafts).where(drafts.c.collection == collection, drafts.c.document == document))

    def _read(self, *guards: ColumnElement[bool]) -> Sequence[DraftPair]:
        wanted = select(*_COLUMNS).where(*guards)
        ordered = wanted.order_by(drafts.c.created_at, drafts.c.document, drafts.c.start, drafts.c.id)
        with self._database.reading() as connection:
            return [DraftPair(*row) for row in connection.execute(ordered)]


def add(connection: Connection, made: Sequence[DraftPair]) -> None:
    """Keep new drafts, inside a transaction of the caller's."""
    if made:
        connection.execute(insert(drafts), [asdict(pair) for pair in made])


def _gone() -> NotFound:
    return NotFound("This draft is not here any more.", "Load the page anew.")
