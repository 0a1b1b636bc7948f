"""Documents that are web pages: where each was fetched, and when."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from storage.database import Database
from storage.tables import collections, documents, fetched_pages


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """Where a document was fetched; `fetched_at` in seconds since 1970."""

    address: str
    fetched_at: float


class FetchedPages:
    """Keeps the addresses of documents; one is forgotten with its document."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, document_id: str, page: FetchedPage) -> None:
        """Note where a document was fetched, in place of what was noted before."""
        with self._database.writing() as connection:
            connection.execute(delete(fetched_pages).where(fetched_pages.c.document_id == document_id))
            connection.execute(
                insert(fetched_pages).values(document_id=document_id, address=page.address, fetched_at=page.fetched_at)
            )

    def of(self, collection: str) -> dict[str, FetchedPage]:
        """Return the pages of a collection by the id of their document; none where it is not there."""
        wanted = (
            select(fetched_pages)
            .join(documents, documents.c.id == fetched_pages.c.document_id)
            .join(collections, collections.c.id == documents.c.collection_id)
            .where(collections.c.name == collection)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        return {row.document_id: FetchedPage(row.address, row.fetched_at) for row in rows}

    def addresses(self) -> list[str]:
        """Return the addresses of all pages that are kept, in order, each once."""
        wanted = select(fetched_pages.c.address).distinct().order_by(fetched_pages.c.address)
        with self._database.reading() as connection:
            return list(connection.execute(wanted).scalars())
