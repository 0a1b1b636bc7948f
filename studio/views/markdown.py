"""Text of users, documents and models as safe Markdown: shown as written, never as markup, links or pictures."""

import re
from collections.abc import Iterable, Sequence

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~$])")
_LINE_START = re.compile(r"^(\s*\d*)([-=.])", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)  # four spaces would make it code
_FENCE_RUN = re.compile(r"`+")


def plain(text: str) -> str:
    """Return `text` so that Markdown shows exactly these characters, on one line of a sentence."""
    return _literal(" ".join(text.split()))


def paragraphs(text: str) -> str:
    """Return `text` as it was written, line breaks included, with nothing of it read as markup."""
    return _literal(text).replace("\n", "  \n")


def _literal(text: str) -> str:
    escaped = _MARKUP.sub(r"\\\1", _no_tags(_INDENT.sub("", text)))
    return _no_links(_LINE_START.sub(r"\1\\\2", escaped))


def answer(text: str) -> str:
    """Return a model's text as Markdown: bold, lists and code are kept; links, pictures, tags and headings are not."""
    pieces = text.split("```")
    return "```".join(piece if index % 2 else _tamed(piece) for index, piece in enumerate(pieces))


def _tamed(text: str) -> str:
    safe = _no_tags(text).replace("![", "!\\[").replace("](", "]\\(").replace("]:", "]\\:")
    safe = re.sub(r"^(\s*)(#+|=+|-{2,})", r"\1\\\2", safe, flags=re.MULTILINE)
    return _no_links(safe)


def _no_tags(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _no_links(text: str) -> str:
    return text.replace("://", "&#58;//").replace("www.", "www&#46;").replace("@", "&#64;")


def fence(text: str) -> str:
    """Return `text` in a plain code fence that no backtick inside can close."""
    longest = max((len(run) for run in _FENCE_RUN.findall(text)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}\n{text}\n{marks}"


def code(text: str) -> str:
    """Return `text` as a short piece of code inside a line."""
    longest = max((len(run) for run in _FENCE_RUN.findall(text)), default=0)
    marks = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{marks}{space}{' '.join(text.split())}{space}{marks}"


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; headers and cells are Markdown already, line breaks in them become spaces."""
    lines = [_line(headers), _line(["---"] * len(headers)), *(_line(row) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()) for cell in cells) + " |"


def quoted(text: str) -> str:
    """Return a text of several lines as a quotation, shown as it was written."""
    return "\n".join(f"> {line}" for line in paragraphs(text.strip()).split("\n"))


def progress(percent: int, words: str) -> str:
    """Return a bar with its number beside it."""
    return f'<progress value="{percent}" max="100">{percent} %</progress> {percent} % · {words}'


def shortened(text: str, limit: int = 200) -> str:
    """Return `text` cut at a word, with an ellipsis where something was left out."""
    one_line = " ".join(text.split())
    if len(one_line) <= limit:
        return one_line
    return one_line[:limit].rsplit(" ", 1)[0] + " …"
