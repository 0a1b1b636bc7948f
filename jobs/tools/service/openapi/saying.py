"""Words of a document, which nobody here wrote, as one short plain line; and the first proposal of a question."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from jobs.retrieval.formats.seen import visible
from jobs.tools.service.values import Parameter

_TAG = re.compile(r"<[^<>]{0,500}>")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()]{0,1000}\)")
_MARKS = re.compile(r"[`*#|\[\]{}]+|(?<!\w)_+|_+(?!\w)")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s")
_UNCLOSED = re.compile(r"<!--.*", re.DOTALL)
# Looking for the end of a comment in a text made of thousands of beginnings would take too long.
_MOST_READ = 1_000


def plain(value: Any, limit: int) -> str:
    """Return a text as one line of at most `limit` characters, without markup and what nobody would see."""
    return _plain(value[:_MOST_READ], limit) if isinstance(value, str) else ""


@lru_cache(maxsize=4_096)  # one parameter may stand in all operations
def _plain(read: str, limit: int) -> str:
    text = _UNCLOSED.sub(" ", visible(read))
    text = _MARKS.sub(" ", _LINK.sub(r"\1", _TAG.sub(" ", text)))
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    return f"{text[: limit - 2].rpartition(' ')[0] or text[: limit - 2]} …"


def words(name: str) -> str:
    """Return a name of programs in words: getOrderById is get order by id."""
    return " ".join(part.lower() for part in _HUMP.split(name) if part)


def sentence(*texts: Any, limit: int) -> str:
    """Return the first of the texts that says something, up to its first full stop where it is longer."""
    said = next((found for text in texts if (found := plain(text, _MOST_READ))), "")
    return plain(said if len(said) <= limit else _SENTENCE.split(said)[0], limit)


def question(summary: str, parameters: Sequence[tuple[Parameter, str]]) -> str:
    """Return a question to begin with: the summary, then each parameter with a value for it.

    The first that stands there counts, so quotes and numbers of the summary go, and numbers stand before texts.
    """
    about = re.sub(r"[\"“”„«»]|\b\S*\d\S*", " ", summary)
    about = plain(re.split(r"[.!?]\s|[.!?:;]$", f"{about.strip()} ")[0], 120).rstrip(" .!?:;,") or "Ask"
    ordered = sorted(parameters, key=lambda pair: pair[0].kind == "text")
    given = [f"{words(one.name)} {_quoted(one, value)}" for one, value in ordered]
    return f"{about}: {', '.join(given)}" if given else f"{about}?"


def _quoted(one: Parameter, value: str) -> str:
    if one.choices:
        return value.replace("_", " ")
    return f'"{value}"' if one.kind == "text" else value
