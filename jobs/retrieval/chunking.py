"""Cut a document into passages: by headings, then paragraphs, then sentences; each is an exact span of the text."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from jobs.retrieval.words import estimate_tokens, sentence_spans

# Three passages fit into the tokens that a small model reads well.
TARGET_TOKENS = 130
MOST_TOKENS = 180
# A section shorter than this is joined with what follows it.
LEAST_TOKENS = 40


@dataclass(frozen=True, slots=True)
class Cutting:
    """How long passages become, in tokens: `target` where parts are joined, `most` at all, `least` to stand alone.

    A passage that goes on with a section begins with whole sentences of the one before, of at most `overlap` tokens.
    """

    target: int
    most: int
    least: int
    overlap: int = 0


USUAL = Cutting(TARGET_TOKENS, MOST_TOKENS, LEAST_TOKENS)
# The embedder reads 256 tokens, with the title: nothing longer is of use.
CUTTINGS: Mapping[str, Cutting] = {
    "short": Cutting(60, 90, 20, 30),
    "usual": USUAL,
    "long": Cutting(210, 260, 60, 40),
}

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
# Empty lines part paragraphs; within one, a line's mark parts the items of a list or the rows of a table.
_BREAKS = (re.compile(r"\n[ \t]*\n\s*"), re.compile(r"\n(?=[ \t]*(?:[-*+|>•]|\d{1,3}[.)])[ \t])"))
_LEAD_CHARACTERS = 90


@dataclass(frozen=True, slots=True)
class Span:
    """A passage to be: `text[start:end]`, under the headings of `path`."""

    start: int
    end: int
    path: tuple[str, ...] = ()


def passages_of(text: str, cutting: Cutting = USUAL) -> list[Span]:
    """Return the passages of a document in order; only white space lies outside of them.

    None overlap, unless `cutting` says so.
    """
    sections = list(_sections(text))
    pieces = [piece for section in sections for piece in _pieces(text, section, cutting)]
    passages = list(_joined(text, pieces, cutting))
    return _overlapping(text, passages, sections, cutting) if cutting.overlap else passages


def lead_of(text: str) -> str:
    """Return the first words of the document, which say what all of it is about."""
    lines = [line.lstrip("#").strip() for line in text.splitlines() if line.strip()][:2]
    lead = lines[0] if lines else ""
    if len(lines) == 2 and len(lead) + len(lines[1]) < _LEAD_CHARACTERS:
        lead = f"{lead} – {lines[1]}"
    return lead if len(lead) <= _LEAD_CHARACTERS else lead[:_LEAD_CHARACTERS].rsplit(" ", 1)[0]


def _sections(text: str) -> Iterator[Span]:
    """Yield what lies under each heading, its own line included."""
    fenced = [match.span() for match in _FENCE.finditer(text)]
    headings = [
        match for match in _HEADING.finditer(text) if not any(start <= match.start() < end for start, end in fenced)
    ]
    if not headings or headings[0].start() > 0:
        yield Span(0, headings[0].start() if headings else len(text))
    path: list[tuple[int, str]] = []
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    for heading, end in zip(headings, ends, strict=False):
        level = len(heading[1])
        path = [(above, title) for above, title in path if above < level] + [(level, heading[2])]
        yield Span(heading.start(), end, tuple(title for _, title in path))


def _pieces(text: str, section: Span, cutting: Cutting) -> Iterator[Span]:
    """Yield the section whole where it is short enough, else its paragraphs, else their sentences."""
    trimmed = _trimmed(text, section)
    if trimmed is not None:
        yield from _split(text, trimmed, _BREAKS, cutting)


def _split(text: str, span: Span, breaks: Sequence[re.Pattern[str]], cutting: Cutting) -> Iterator[Span]:
    """Cut at the first kind of break; what is still too long is cut at the next kind, at last into sentences."""
    if estimate_tokens(text[span.start : span.end]) <= cutting.most:
        yield span
    elif not breaks:
        yield from _sentences(text, span, cutting)
    else:
        start = span.start
        found = [match.span() for match in breaks[0].finditer(text, span.start, span.end)]
        for end, following in [*found, (span.end, span.end)]:
            yield from _split(text, Span(start, end, span.path), breaks[1:], cutting)
            start = following


def _sentences(text: str, paragraph: Span, cutting: Cutting) -> Iterator[Span]:
    for start, end in sentence_spans(text[paragraph.start : paragraph.end]):
        yield from _hard(text, Span(paragraph.start + start, paragraph.start + end, paragraph.path), cutting)


def _hard(text: str, sentence: Span, cutting: Cutting) -> Iterator[Span]:
    """Cut what has no sentences between words, and what has no words anywhere."""
    start = sentence.start
    while estimate_tokens(text[start : sentence.end]) > cutting.most:
        room = _room(text, start, sentence.end, cutting.target)
        cut = text.rfind(" ", start + 1, room)
        end = cut if cut > start else room
        yield Span(start, end, sentence.path)
        start = end + (len(text[end:room]) - len(text[end:room].lstrip()))
    if text[start : sentence.end].strip():
        yield Span(start, sentence.end, sentence.path)


def _room(text: str, start: int, end: int, tokens: int) -> int:
    low, high = start + 1, min(end, start + 8 * tokens)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if estimate_tokens(text[start:middle]) <= tokens else (low, middle - 1)
    return low


def _joined(text: str, pieces: Sequence[Span], cutting: Cutting) -> Iterator[Span]:
    """Join neighbours up to the target: freely within a section, across sections only where one is very short."""
    current: Span | None = None
    for piece in pieces:
        if current is None:
            current = piece
            continue
        whole = estimate_tokens(text[current.start : piece.end])
        short = estimate_tokens(text[current.start : current.end]) < cutting.least
        if whole <= (cutting.most if short else cutting.target) and (short or piece.path == current.path):
            current = Span(current.start, piece.end, _common(current.path, piece.path))
        else:
            yield current
            current = piece
    if current is not None:
        yield current


def _overlapping(text: str, passages: Sequence[Span], sections: Sequence[Span], cutting: Cutting) -> list[Span]:
    """Let each passage that goes on with a section begin with the last sentences of the one before."""
    begun = [trimmed.start for section in sections if (trimmed := _trimmed(text, section)) is not None]
    made = list(passages[:1])
    for before, passage in pairwise(passages):
        heading = begun[bisect_right(begun, passage.start) - 1]
        made.append(_reaching_back(text, before, passage, max(heading, before.start + 1), cutting))
    return made


def _reaching_back(text: str, before: Span, passage: Span, earliest: int, cutting: Cutting) -> Span:
    start = passage.start
    for sentence, _ in reversed(sentence_spans(text[before.start : before.end])):
        earlier = before.start + sentence
        repeated = estimate_tokens(text[earlier : before.end])
        if (
            earlier < earliest
            or repeated > cutting.overlap
            or estimate_tokens(text[earlier : passage.end]) > cutting.most
        ):
            break
        start = earlier
    return replace(passage, start=start)


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return one[:same]


def _trimmed(text: str, span: Span) -> Span | None:
    piece = text[span.start : span.end]
    if not piece.strip():
        return None
    return Span(span.start + len(piece) - len(piece.lstrip()), span.start + len(piece.rstrip()), span.path)
