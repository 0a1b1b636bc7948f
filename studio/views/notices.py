"""Errors as a page shows them: a sentence under the field, as Markdown."""

from storage.errors import TriptychError
from studio.views import markdown
from studio.wording.failures import sentence


def failed(error: TriptychError) -> str:
    """Return what happened and what to do next, with the mark of a failure."""
    return f"**✕** {markdown.plain(sentence(error))}"


def done(text: str) -> str:
    """Return what is done, with its mark; `text` is Markdown already."""
    return f"**✓** {text}"
