"""Which drafts are of use, decided by comparing words: what a model says of its own drafts counts nothing."""

from collections.abc import Iterable

from jobs.drafting.asking import LONGEST_ANSWER, LONGEST_QUESTION
from jobs.intake.splits import question_key
from jobs.metrics.wordings import tokens
from jobs.retrieval.words import stems, words
from storage.records import Passage

UNREADABLE = "the model's answer could not be read"
EMPTY = "no question or no answer"
BROKEN_OFF = "it breaks off"
REPEATED = "the same question was drafted before"
COPIED = "the question only copies the text"
ECHOED = "the answer only repeats the question"
ELSEWHERE = "the question is not about the text"
ASTRAY = "the answer does not belong to the question"
UNFOUNDED = "a number or a name does not stand in the text"
INVENTED = "the answer says what the text does not"

# Of the words that an answer adds to its question, so many must stand in the text. Looser than what an answer with
# marks needs, because a person reads each draft before it is learned.
_HELD = 0.5
_YES_NO = frozenset({"yes", "no", "ja", "nein", "sí", "oui", "non", "não", "sim"})
_SENTENCE_WORDS = 4
_ENDS = (".", "!", "?", "…", "。", "”", '"', "’", ")", "»")


class Sieve:
    """Tells what is wrong with the drafts of one collection; it knows which questions came before."""

    def __init__(self, before: Iterable[str]) -> None:
        self._asked = {question_key(question) for question in before}

    def fault(self, question: str, answer: str, passage: Passage) -> str:
        """Return why the draft is of no use, or an empty string; then its question counts as asked."""
        key = question_key(question)
        if not words(question) or not words(answer):
            return EMPTY
        if _cut(question, LONGEST_QUESTION) or _cut(answer, LONGEST_ANSWER):
            return BROKEN_OFF
        if key in self._asked:
            return REPEATED
        if _copied(question, passage.text):
            return COPIED
        text = f"{passage.title}\n{passage.text}"
        fault = _astray(question, answer, text) or _unfounded(question, answer, text)
        if not fault:
            self._asked.add(key)
        return fault


def _cut(text: str, longest: int) -> bool:
    return len(text) >= longest and not text.endswith(_ENDS)


def _copied(question: str, text: str) -> bool:
    # A text may hold questions itself: such a one, mark included, is a good draft.
    asked_there = question.endswith("?") and question in text
    return f" {question_key(question)} " in f" {question_key(text)} " and not asked_there


def _astray(question: str, answer: str, text: str) -> str:
    """A question must ask of the text and, where the answer is a sentence of it, of that sentence."""
    if not stems(question) & stems(text):
        return ELSEWHERE
    quoted = answer in text and len(words(answer)) >= _SENTENCE_WORDS
    return ASTRAY if quoted and not stems(question) & stems(answer) else ""


def _unfounded(question: str, answer: str, text: str) -> str:
    there, known = stems(text), tokens(text)
    facts = [token for said in (question, answer) for token in tokens(said) if token.fact]
    if not all(any(fact.same(token) for token in known) for fact in facts):
        return UNFOUNDED
    added = stems(answer) - stems(question)
    if not added:
        return ECHOED
    added -= _YES_NO
    return INVENTED if len(added & there) < _HELD * len(added) else ""
