"""Which rows are learned, which are watched while learning, and which are the exam.

The conversation alone decides, so that no turn of it is in another part; where there is none, the question alone.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from storage.errors import UserFault
from storage.records import Example, Part

WATCH_SHARE = 0.1
USUAL_SHARE = 0.2
MOST_HELD_OUT = 0.9
_WORDS = re.compile(r"\w+").findall
_USUAL_SHARES = [number / 20 for number in range(1, 19)]


def question_key(question: str) -> str:
    """Return the question without case, punctuation and spacing; equal keys mean the same question."""
    text = question if question.isascii() else unicodedata.normalize("NFKC", question)
    return " ".join(_WORDS(text.casefold())) or question.strip()


def part_key(example: Example) -> str:
    """Return what decides the example's part: its conversation, or else its question."""
    # No question's key has a colon between words, so a conversation never falls together with a question.
    return f"conversation:{example.conversation}" if example.conversation else question_key(example.question)


def with_parts(
    examples: Iterable[Example], hold_out: float, remembered: Mapping[str, Part] | None = None
) -> list[Example]:
    """Return the examples with their parts.

    A hash of the example's key decides, so a row keeps its part whatever rows come or go. Where a small set would leave
    a part empty, the key nearest to it is moved there; `remembered` (see `moved`) keeps it there in later versions.
    """
    if not 0 <= hold_out <= MOST_HELD_OUT:
        raise UserFault(f"The share to hold back must lie between 0 and {MOST_HELD_OUT}, not {hold_out}.")
    rows = list(examples)
    keys = [part_key(example) for example in rows]
    parts: dict[str, Part] = {key: _part(key, hold_out) for key in keys}
    for key, part in (remembered or {}).items():
        if key in parts and (part != "exam" or hold_out > 0):
            parts[key] = part
    _fill_empty(parts, hold_out)
    return [
        example if example.part == parts[key] else replace(example, part=parts[key])
        for example, key in zip(rows, keys, strict=True)
    ]


def moved(earlier: Iterable[Example]) -> dict[str, Part]:
    """Return the keys of an earlier version that are alone in their part: they may have been moved there."""
    parts: dict[str, Part] = {part_key(example): example.part for example in earlier}
    sizes = Counter(parts.values())
    return {key: part for key, part in parts.items() if part != "learn" and sizes[part] == 1}


def held_out_share(examples: Iterable[Example]) -> float:
    """Return the share that was held back when these examples were split, as their hashes tell it.

    They leave a narrow gap, in which the usual shares are likelier than others.
    """
    parts: dict[str, Part] = {part_key(example): example.part for example in examples}
    exam = [_shares(key)[0] for key, part in parts.items() if part == "exam"]
    if not exam:
        return 0.0
    above, most = max(exam), min((_shares(key)[0] for key, part in parts.items() if part != "exam"), default=1.0)
    fitting = [share for share in _USUAL_SHARES if above < share <= most]
    seen = len(exam) / len(parts)
    # A small set may have had rows moved, so that nothing fits.
    return min(
        fitting or ([most] if above < most else [seen]), key=lambda share: (share != USUAL_SHARE, abs(share - seen))
    )


def _shares(key: str) -> tuple[float, float]:
    """Return two independent numbers from 0 to 1, the same for this key for ever."""
    digest = hashlib.sha256(key.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64, int.from_bytes(digest[8:16], "big") / 2**64


def _part(key: str, hold_out: float) -> Part:
    exam, watch = _shares(key)
    if exam < hold_out:
        return "exam"
    return "watch" if watch < WATCH_SHARE else "learn"


def _fill_empty(parts: dict[str, Part], hold_out: float) -> None:
    wanted: list[Part] = ["learn", "exam", "watch"] if hold_out > 0 else ["learn", "watch"]
    wanted = wanted[: len(parts)]
    for part in wanted:
        sizes: Counter[Part] = Counter(parts.values())
        if not sizes[part]:
            can_give: list[Part] = [other for other in sizes if sizes[other] > 1 or other not in wanted]
            giver = max(can_give, key=lambda other: sizes[other])
            parts[min((key for key in parts if parts[key] == giver), key=_DISTANCES[part])] = part


# How far a key's hash is from the part.
_DISTANCES: dict[Part, Callable[[str], float]] = {
    "exam": lambda key: _shares(key)[0],
    "watch": lambda key: _shares(key)[1],
    "learn": lambda key: -_shares(key)[0],
}
