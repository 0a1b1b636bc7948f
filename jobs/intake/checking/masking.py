"""Put a word in the place of what nobody should learn by heart."""

from collections.abc import Callable, Iterable, Iterator

from jobs.intake.checking.findings import Tally
from jobs.intake.checking.personal import personal_spans
from jobs.intake.checking.secrets import secret_spans
from jobs.intake.checking.texts import texts_of, with_texts
from storage.records import Example

Span = tuple[int, int, str]
Search = Callable[[str], Iterable[Span]]

# Secrets first: a key may hold what looks like a number.
_SEARCHES: tuple[tuple[str, Search], ...] = (("secret", secret_spans), ("personal", personal_spans))


def check_private(example: Example, tally: Tally) -> Example | None:
    """Find secrets and personal data in a row; return it masked where that was chosen, None where it is left out."""
    used = True
    for check_id, search in _SEARCHES:
        if not any(True for text in texts_of(example) for _ in search(text)):
            continue
        used = tally.add(check_id, example) and used
        if tally.action(check_id) == "mask":
            example = with_texts(example, lambda text, search=search: masked(text, search))
    return example if used else None


def masked(text: str, search: Search) -> str:
    """Return the text with a word in place of each find."""
    pieces, end = list[str](), 0
    for start, after, word in _apart(search(text)):
        pieces += [text[end:start], word]
        end = after
    return "".join([*pieces, text[end:]])


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans in order; of those that overlap, the first and longest."""
    end = 0
    for start, after, word in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= end:
            yield start, after, word
            end = after
