"""What a reader would see of a document, and a count of what nobody would see and is left out."""

import re
from collections import Counter
from dataclasses import dataclass, field

from storage.errors import TooLarge

MOST_CHARACTERS = 5_000_000

_KINDS = {
    "comment": ("comment", "comments"),
    "script": ("script or style sheet", "scripts or style sheets"),
    "part": ("hidden part", "hidden parts"),
    "sign": ("invisible character", "invisible characters"),
}
# Comments and signs that nobody sees on a page, but a model would read.
_HIDDEN = re.compile(
    "(?P<comment><!--.*?-->)|(?P<script><(?P<tag>script|style)\\b.*?</(?P=tag)\\s*>)"
    "|(?P<sign>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ufe00-\ufe0f])",
    re.DOTALL | re.IGNORECASE,
)
# What honest texts hold: marks of the byte order and of hyphenation, and what joins or colours an emoji.
_HONEST = frozenset("\ufeff\xad\u200c\u200d\ufe0e\ufe0f")


@dataclass(slots=True)
class Seen:
    """The visible text. `pages` says where each page starts in it, `rows` where each row of a table lies: (start, end,
    titles above it). `hidden` counts what was left out by its kind; `notes` are sentences about the rest.
    """

    text: str
    pages: list[int] = field(default_factory=list[int])
    rows: list[tuple[int, int, list[str]]] = field(default_factory=list[tuple[int, int, list[str]]])
    hidden: Counter[str] = field(default_factory=Counter[str])
    notes: list[str] = field(default_factory=list[str])


def visible(text: str, hidden: Counter[str] | None = None) -> str:
    """Return the text with plain line ends and without what a reader would not see, which is counted in `hidden`."""

    def left_out(found: re.Match[str]) -> str:
        kind = "script" if found["script"] else "comment" if found["comment"] else "sign"
        if hidden is not None and found[0] not in _HONEST:
            hidden[kind] += 1
        return ""

    return _HIDDEN.sub(left_out, text.replace("\r\n", "\n").replace("\r", "\n"))


def told(hidden: Counter[str]) -> list[str]:
    """Return the sentence that says what was left out; none where nothing was."""
    parts = [f"{hidden[kind]:,} {words[hidden[kind] != 1]}" for kind, words in _KINDS.items() if hidden[kind]]
    return [f"Left out, since no reader would see it: {', '.join(parts)}."] if parts else []


def refuse_long(characters: int, name: str) -> None:
    """Raise TooLarge where there are more letters than one document may hold."""
    if characters > MOST_CHARACTERS:
        raise TooLarge(f"{name} holds more than {MOST_CHARACTERS:,} letters.")
