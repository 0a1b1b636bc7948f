"""An answer in a document's own words: the sentence nearest to the question, and the words in it that answer it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jobs.answering.grounding import claims
from jobs.models.door import Chat, Door
from jobs.retrieval.cutting import embedded_text
from jobs.retrieval.words import sentence_spans, stems
from storage.records import Json, Passage

# A begun sentence tells a small model that a few words are wanted; one that was taught to read knows it.
_BEGUN = 'The answer is: "'
_CLOSED = ' "\\""'
_MOST_TOKENS = 48
# No name of a document: where columns are compared with their names hidden, it would tell which this is.
_SAY = "your documents say"


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of passage `number` (from 1): the characters `start` to `end` of its document.

    `words` are those of its characters that answer, as a model pointed at them; empty where it did not.
    """

    number: int
    passage: Passage
    start: int
    end: int
    words: tuple[int, int] = (0, 0)

    @property
    def text(self) -> str:
        """The sentence, word for word."""
        return self.within(self.start, self.end)

    @property
    def told(self) -> str:
        """The answer as a person reads it: one framing sentence around what is quoted, and its mark."""
        quoted = f"“{self.text}” [{self.number}]"
        start, end = self.words
        part = 0 < end - start < self.end - self.start
        return f"“{self.within(start, end)}”, as {_SAY}: {quoted}" if part else f"{_SAY.capitalize()}: {quoted}"

    @property
    def where(self) -> Json:
        """Which characters of which document are quoted, for the provenance."""
        return {"passage": self.number, "start": self.start, "end": self.end, "words": list(self.words)}

    def within(self, start: int, end: int) -> str:
        """Return these characters of the document."""
        return self.passage.text[start - self.passage.start : end - self.passage.start]

    def pointing(self, said: str) -> "Quote":
        """Return the quote with the words that a model `said`; as it is where they don't stand in the sentence."""
        words = [re.escape(word) for word in said.split()]
        found = re.search(r"\s+".join(words), self.text) if words else None
        if found is None:
            return self
        return replace(self, words=(self.start + found.start(), self.start + found.end()))


def nearest_sentence(question: str, passages: Sequence[Passage], door: Door) -> Quote:
    """Return the sentence of the passages that is nearest to the question, by meaning and by words.

    Headings, questions and other lines that claim nothing are passed over where there is anything else. Raises
    ModelUnavailable.
    """
    every = [
        Quote(number, passage, passage.start + start, passage.start + end)
        for number, passage in enumerate(passages, 1)
        for start, end in sentence_spans(passage.text)
    ]
    kept = [one for one in every if _says(one.text)] or every
    if len(kept) == 1:
        return kept[0]
    _, (asked, *vectors) = door.embed([question, *(embedded_text(one.passage.title, one.text) for one in kept)])
    meaning = np.maximum(np.asarray(vectors) @ np.asarray(asked), 0)
    return kept[int(np.argmax(meaning * [1 + _held(question, one) for one in kept]))]


def pointing_out(quote: Quote, chat: Chat, taught: bool = False) -> Chat:
    """Return the chat in which a model can say nothing but a run of words of the sentence.

    One that was not `taught` to read is led to it by a begun sentence, and ends it with a closing quote.
    """
    words = json.dumps({"substring_words": " ".join(quote.text.split())}, ensure_ascii=False)
    lark = f"start: words{'' if taught else _CLOSED}\nwords: %regex {words}"
    grammar = {"type": "grammar", "lark": lark}
    return replace(chat, prefix="" if taught else _BEGUN, max_tokens=_MOST_TOKENS, response_format=grammar)


def _says(sentence: str) -> bool:
    # A question is nearest to a question: of rows of examples it would be quoted in place of their answer.
    return claims(sentence) and not sentence.startswith("#") and not sentence.endswith("?")


def _held(question: str, quote: Quote) -> float:
    """The share of the question's subject words that the sentence or its title holds."""
    wanted = stems(question)
    return len(wanted & stems(f"{quote.passage.title} {quote.text}")) / len(wanted) if wanted else 0.0
