"""What two texts have in common: keys that are equal where only case, punctuation and spacing differ."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from storage.records import Example

# Punctuation that may tell two texts apart: C and C#, 5 and 5 %, 2/3 and 2*3.
_KEPT = frozenset("%#&@*/\\‰")
_SILENT = frozenset("'’‘`´\u00ad\u200b")
_MINUS = re.compile(r"(?<!\w)[-\u2013](?=\d)")
_FIELDS = ("question", "answer", "instruction", "context")


class _Replacements(dict[int, int | str | None]):
    """What takes the place of a character; found out when one is met first, for there are a million."""

    def __missing__(self, code: int) -> int | str | None:
        character = chr(code)
        punctuation = unicodedata.category(character).startswith("P") and character not in _KEPT
        self[code] = None if character in _SILENT else " " if punctuation else code
        return self[code]


_REPLACED = _Replacements()


def text_key(text: str) -> str:
    """Return the text without case, punctuation and spacing; signs that count (+, %, $, a minus) stay."""
    even = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    if "-" in even or "\u2013" in even:
        even = _MINUS.sub("\u2212", even)
    return " ".join(even.translate(_REPLACED).split()) or text.strip()


def digest(*texts: str) -> int:
    """Return a number that stands for these texts within this process: it saves holding them."""
    return hash(texts)


def spacing_evened(text: str) -> str:
    """Return the text with single spaces."""
    return " ".join(text.split())


def texts_of(example: Example) -> tuple[str, ...]:
    """Return every text of an example."""
    return (
        example.question,
        example.answer,
        example.instruction,
        example.context,
        *(text for pair in example.history for text in pair),
    )


def with_texts(example: Example, change: Callable[[str], str]) -> Example:
    """Return the example with every text changed."""
    changed = {name: change(getattr(example, name)) for name in _FIELDS}
    history = tuple((change(asked), change(answered)) for asked, answered in example.history)
    return replace(example, **changed, history=history)
