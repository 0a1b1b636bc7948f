"""What came of trying a model server, as lines and as Markdown."""

from collections.abc import Sequence

from jobs.models.connection import Connection
from studio.views import markdown
from studio.wording import connection as words
from studio.wording.failures import join

_MOST_NAMED = 12


def lines(tried: Connection) -> list[str]:
    """Return it in plain words, the outcome last."""
    if tried.problem:
        return [f"✕ {tried.url}: {join(tried.problem, tried.next_step)}"]
    more = "" if len(tried.models) <= _MOST_NAMED else ", …"
    names = ", ".join(tried.models[:_MOST_NAMED]) + more
    told = [words.ability(one.name, one.can, one.detail) for one in tried.abilities]
    return [words.answered(tried.server, tried.url), words.models(names, tried.model), *told, f"✓ {words.GOOD}"]


def as_markdown(tried: Sequence[Connection]) -> str:
    """Return every server that was tried as a list of its own."""
    parts = [[markdown.plain(line) for line in lines(one)] for one in tried]
    return "\n\n".join("\n".join([first, "", *(f"- {line}" for line in rest)]) for first, *rest in parts)
