"""How far the marks [n] of an answer hold: counted by sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.answering.grounding import MARK, claims, supporting, without_marks
from jobs.retrieval.words import sentence_spans
from storage.records import Passage


@dataclass(frozen=True, slots=True)
class Cited:
    """How many sentences claim something, how many of them have a mark, and of how many the marked passage supports."""

    sentences: int
    marked: int
    supported: int


def cited(text: str, passages: Sequence[Passage]) -> Cited:
    """Count the sentences of an answer, with and without a mark, and the marks that hold.

    A mark belongs to the sentence that it stands in or behind. It holds where the words and numbers of the sentence
    stand in that passage, by the rule of `grounding`. After citation recall and precision of T. Gao et al., "Enabling
    large language models to generate text with citations", EMNLP 2023, with the words in place of an entailment model.
    """
    plain = without_marks(text)
    spans = sentence_spans(plain)
    marks: dict[int, list[int]] = {}
    for place, number in _marks(text):
        marks.setdefault(max((start for start, _ in spans if start < place), default=-1), []).append(number)
    claimed = [(plain[start:end], marks.get(start, [])) for start, end in spans if claims(plain[start:end])]
    held = [
        any(supporting(sentence, passages[number - 1 : number]) for number in numbers) for sentence, numbers in claimed
    ]
    return Cited(len(claimed), sum(bool(numbers) for _, numbers in claimed), sum(held))


def _marks(text: str) -> list[tuple[int, int]]:
    """Return each mark's place in the text without marks, and its number."""
    found: list[tuple[int, int]] = []
    removed = 0
    for match in MARK.finditer(text):
        found.append((match.start() - removed, int(match[1])))
        removed += match.end() - match.start()
    return found
