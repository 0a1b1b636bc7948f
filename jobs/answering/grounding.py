"""What an answer's sentences rest on: found by comparing words, never taken from the model's own say."""

import re
from collections.abc import Sequence

from jobs.retrieval.words import sentence_spans, stems
from storage.records import Passage

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
MARK = re.compile(r"\s*\[(\d{1,2})\]")
# Fewer subject words are a heading or a yes: they claim nothing that a passage could support.
_CLAIM = 2
_COMPLETE = re.compile(r"[.!?…。！？][\"'”’»)\]*_]*\s*$")
# A sentence counts as supported when this share of its subject words, and every number, stands in one passage.
_SUPPORTED = 0.65


def numbers(text: str) -> set[str]:
    """Return the numbers in the text, without separators of thousands."""
    return {found.replace(",", "") for found in _NUMBER.findall(text)}


def adds_numbers(sentence: str, sources: Sequence[str]) -> bool:
    """Whether the sentence holds a number that none of the sources holds."""
    return not numbers(sentence) <= set[str]().union(*(numbers(source) for source in sources))


def claims(sentence: str) -> bool:
    """Whether the sentence claims anything that a passage could support: it is no heading and no mere yes."""
    return len(stems(sentence)) >= _CLAIM and not sentence.rstrip(" *_").endswith(":")


def supporting(sentence: str, passages: Sequence[Passage]) -> int | None:
    """Return which passage (from 1) supports the sentence best, or None where none does or nothing is claimed."""
    if not claims(sentence):
        return None
    wanted = stems(sentence)
    shares = [
        (len(wanted & stems(f"{passage.title} {passage.text}")) / len(wanted), -place)
        for place, passage in enumerate(passages, start=1)
        if not adds_numbers(sentence, [passage.title, passage.text])
    ]
    share, place = max(shares, default=(0.0, 0))
    return -place if share >= _SUPPORTED else None


def rests_on(sentence: str, sources: Sequence[str]) -> bool:
    """Whether the sentence is complete, adds no number and takes most of its subject words from the sources."""
    plain = without_marks(sentence)
    wanted = stems(plain)
    held = wanted & set[str]().union(*(stems(source) for source in sources))
    complete = _COMPLETE.search(plain) is not None
    return complete and len(held) >= _SUPPORTED * len(wanted) > 0 and not adds_numbers(plain, sources)


def with_marks(text: str, passages: Sequence[Passage], cut_off: bool = False) -> str:
    """Return the text with `[n]` after each sentence that passage n supports; marks of the model's own are removed.

    What was `cut_off` in its last sentence gets no mark there: nobody knows what it would have said.
    """
    plain = without_marks(text)
    pieces: list[str] = []
    done = 0
    for start, end in sentence_spans(plain)[: -1 if cut_off else None]:
        place = supporting(plain[start:end], passages)
        pieces.append(plain[done:end] + (f" [{place}]" if place else ""))
        done = end
    return "".join(pieces) + plain[done:]


def without_marks(text: str) -> str:
    """Return the text without `[n]` marks, as scores compare it."""
    return MARK.sub("", text)
