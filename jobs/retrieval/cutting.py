"""A document that was read and cut into passages, on its way into a collection."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from jobs.retrieval.chunking import CUTTINGS, MOST_TOKENS, Span, lead_of, passages_of
from jobs.retrieval.reading import Row, Text
from jobs.retrieval.words import estimate_tokens
from storage.collections import NewDocument, NewPassage
from storage.vectors import Vector

_WITHIN = " > "
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class CutDocument:
    """A document with its passages, waiting for their vectors.

    Without `spans` a table is cut into its rows, however its collection is cut; any other text by its headings and
    paragraphs. Then every passage stands under the document's lead.
    """

    name: str
    sha256: str
    text: Text
    spans: Sequence[Span] = ()
    lead: str = ""
    cutting: str = "usual"
    by_rows: bool = False

    def __post_init__(self) -> None:
        if not self.spans:
            text, rows = self.text.text, self.text.rows
            cut = spans_of_rows(text, rows) if rows else passages_of(text, CUTTINGS[self.cutting])
            object.__setattr__(self, "spans", cut)
            object.__setattr__(self, "by_rows", bool(rows))
            object.__setattr__(self, "lead", as_title(PurePath(self.name).stem) if rows else lead_of(text))

    def embedded(self) -> list[str]:
        """Return what is embedded for each passage."""
        texts = (self.text.text[span.start : span.end] for span in self.spans)
        return [embedded_text(title, text) for title, text in zip(self.titles(), texts, strict=True)]

    def titles(self) -> list[str]:
        """Return what says of each passage where it stands: the document's lead and the headings above it."""
        return [self._title(span) for span in self.spans]

    def with_vectors(self, embedder: str, vectors: Iterator[Sequence[float] | Vector]) -> NewDocument:
        """Return the whole document, ready to be kept; takes one vector for each passage."""
        return NewDocument(
            name=self.name,
            sha256=self.sha256,
            text=self.text.text,
            embedder=embedder,
            pages=self.text.pages,
            cutting=self.cutting,
            by_rows=self.by_rows,
            passages=tuple(
                NewPassage(span.start, span.end, next(vectors), title, self._page(span))
                for span, title in zip(self.spans, self.titles(), strict=True)
            ),
        )

    def _title(self, span: Span) -> str:
        path = span.path[1:] if span.path and self.lead.startswith(span.path[0]) else span.path
        return _WITHIN.join(filter(None, (self.lead, *path)))

    def _page(self, span: Span) -> int:
        """The page on which a passage begins, from 1; 0 where the format has none."""
        return sum(start <= span.start for start in self.text.pages)


def spans_of_rows(text: str, rows: Iterable[Row]) -> list[Span]:
    """Return a passage for each row; one that is too long for a passage is cut into several."""
    spans: list[Span] = []
    for row in rows:
        written = text[row.start : row.end]
        whole = estimate_tokens(written) <= MOST_TOKENS
        pieces = [Span(0, len(written))] if whole else passages_of(written)
        spans += (Span(row.start + piece.start, row.start + piece.end, row.titles) for piece in pieces)
    return spans


def as_title(text: str) -> str:
    """Return a text as a title of its own, on one line, whatever is in it."""
    line = " ".join(text.split()).replace(_WITHIN, " › ")
    return line if len(line) <= _LONGEST_TITLE else line[:_LONGEST_TITLE].rsplit(" ", 1)[0]


def lead_in(title: str) -> str:
    """Return the part of a passage's title that says what its document is about."""
    return title.split(_WITHIN)[0]


def embedded_text(title: str, text: str) -> str:
    """Return what stands for a passage in the search by meaning: with its title, since few name their subject."""
    return f"{title}\n{text}"
