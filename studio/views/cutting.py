"""How a document would be cut into passages, to be looked at before it is done."""

from jobs.retrieval.previewing import Piece, Preview
from studio.views import markdown
from studio.wording import cutting as words

_MOST_CHARACTERS = 1500


def preview(made: Preview, resting: tuple[int, int] | None) -> str:
    """Return the first passages that a document would be cut into, and what becomes of questions that rest on some."""
    name = markdown.plain(made.document)
    head = words.stays(name, made.count) if made.by_rows else words.would_be(name, made.count, made.whole)
    shown = [_piece(number, one) for number, one in enumerate(made.pieces, 1)]
    rest = made.count - len(shown)
    return "\n\n".join([f"**{head}**", words.tests(resting), *shown, *([words.more(rest)] if rest else [])])


def _piece(number: int, piece: Piece) -> str:
    parts = [words.piece(number, markdown.plain(piece.title), piece.tokens)]
    if piece.repeated:
        parts.append(words.repeats(markdown.plain(markdown.shortened(piece.repeated, 160))))
    parts.append(markdown.quoted(piece.text[:_MOST_CHARACTERS]))
    return "\n\n".join(parts)
