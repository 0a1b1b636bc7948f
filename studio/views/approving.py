"""A call that waits for a person's yes as its card shows it; nothing of it is written by a model."""

import json

from storage.approvals import Approval
from studio.views import markdown
from studio.views.places import SEALED
from studio.wording import approving as words
from studio.wording import blind
from studio.wording.tools import title as tool_title
from studio.wording.ways import way_words


def head(waiting: Approval, way: str) -> str:
    """Return which column asks for which tool; not which column where its name is sealed."""
    asks = blind.ASKS if way == SEALED else way_words(way).heading
    return f"## {markdown.plain(words.wants(asks, tool_title(waiting.call.tool)))}"


def body(waiting: Approval) -> str:
    """Return the exact arguments, one a line, as text."""
    arguments = "\n".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in waiting.call.arguments.items()
    )
    return f"{words.EXACTLY}\n\n{markdown.fence(arguments or words.NOTHING)}"


def left(waiting: Approval, now: float) -> str:
    """Return how long there is to decide."""
    return words.left(waiting.expires_at - now)
