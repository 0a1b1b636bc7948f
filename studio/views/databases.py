"""Databases that tools ask, in words: what may be read of each, and what to ask first."""

from storage.records import ToolRecord
from studio.views import markdown
from studio.wording import databases as words
from studio.wording.numbers import count


def about(record: ToolRecord) -> str:
    """Return how much of which database may be read; never the address that leads to it."""
    columns = record.config["shape"]["columns"]
    tables = len({column["table"] for column in columns})
    where = markdown.plain(str(record.config["source"]["where"]))
    return f"{count(len(columns), 'column')} of {count(tables, 'table')} of {where} may be read"


def added(record: ToolRecord, title: str) -> str:
    """Return that a database is a tool now, with the next step."""
    first = record.config["shape"]["columns"][0]["table"]
    example = markdown.plain(words.EXAMPLE.format(table=first))
    return f"The model may now use {markdown.plain(title)}. {example} [Compare the answers](/compare)"
