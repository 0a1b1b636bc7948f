"""The score that a passage needs to be read, where one was set for a collection of its own."""

from sqlalchemy import update

from storage.database import Database
from storage.errors import NotFound
from storage.tables import collections


def keep_threshold(database: Database, collection: str, threshold: float | None) -> None:
    """Set the threshold of a collection, None for the usual one; raise NotFound. What is found changes with it."""
    changed = (
        update(collections)
        .where(collections.c.name == collection)
        .values(threshold=threshold, index_version=collections.c.index_version + 1)
    )
    with database.writing() as connection:
        if not connection.execute(changed).rowcount:
            raise NotFound(f"There are no documents called {collection!r} any more.")
