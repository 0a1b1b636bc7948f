"""Services that tools ask, in words: which host is asked, and what to ask first; never a secret."""

from storage.records import ToolRecord
from studio.views import markdown
from studio.wording import services as words


def about(record: ToolRecord) -> str:
    """Return which host is asked, and whether a secret goes along."""
    config = record.config
    return words.about(config["method"], markdown.plain(config["where"]), config["secret"], config["inner"])


def added(record: ToolRecord) -> str:
    """Return that a service is a tool now, with the next step."""
    return words.added(markdown.plain(record.config["name"]), markdown.plain(record.config["example"]))
