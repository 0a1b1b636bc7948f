"""What a model is asked for a passage, and the pairs of question and answer in what it says."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jobs.models.conversation import conversation
from jobs.models.door import Chat
from jobs.retrieval.cutting import embedded_text, lead_in
from jobs.retrieval.words import sentence_spans, words
from storage.errors import TriptychError
from storage.records import Json, Passage

LONGEST_QUESTION = 200
LONGEST_ANSWER = 400

_TOKENS_A_PAIR = 220
_VARIED = 0.7
_LEAST_WORDS = 4
_INSTRUCTION = (
    "You write examples of questions that people ask, with good answers. You use nothing but the given text, and you "
    "write in its language. A question is understood without the text; an answer is one or two whole sentences."
)
_ONE = "Write a question that this text answers, and its answer, as JSON."
_SEVERAL = "Write {pairs} different questions that this text answers, and their answers, as JSON."
# Without these the starter model's answers are rarely about the text.
_SHOWN = (
    (
        "The library is open from Monday to Friday, 9 am to 6 pm. Books can be borrowed for four weeks.",
        {"answer": "You can borrow a book for four weeks.", "question": "How long can I borrow a book?"},
    ),
    (
        "# Parking\nVisitors park behind the house. The first two hours are free; a further hour costs 1.50 dollars.",
        {"answer": "Visitors park behind the house.", "question": "Where do visitors park?"},
    ),
)


class Unreadable(TriptychError):
    """What the model said holds no pairs."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Which model is asked for how many pairs a passage; one that `quotes` answers with a sentence of the passage."""

    model: str
    pairs: int
    quotes: bool = False

    def chat(self, passage: Passage, drafted: int = 0) -> Chat:
        """Return the request for a passage; where it was `drafted` from before, the model says something else."""
        shown = [(_asked(text, 1), json.dumps({"pairs": [pair]})) for text, pair in _SHOWN]
        schema = _schema(self.pairs, _sentences(passage.text) if self.quotes else [])
        return Chat(
            conversation(_asked(_read(passage), self.pairs), instruction=_INSTRUCTION, history=shown),
            self.model,
            max_tokens=_TOKENS_A_PAIR * self.pairs,
            temperature=_VARIED if drafted else 0.0,
            seed=drafted,
            response_format={"type": "json_schema", "json_schema": {"name": "pairs", "schema": schema}},
        )


def pairs_in(said: str) -> list[tuple[str, str]]:
    """Return the questions and answers in what a model said; raise Unreadable where it is not what was asked for."""
    try:
        pairs = json.loads(said[said.index("{") : said.rindex("}") + 1])["pairs"]
        return [(str(pair["question"]), str(pair["answer"])) for pair in pairs]
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("The model's answer could not be read.") from error


def _asked(text: str, pairs: int) -> str:
    wanted = _ONE if pairs == 1 else _SEVERAL.format(pairs=pairs)
    return conversation(wanted, context=text)[-1]["content"]


def _read(passage: Passage) -> str:
    about = lead_in(passage.title)
    return passage.text if passage.start == 0 or passage.text.startswith(about) else embedded_text(about, passage.text)


def _sentences(text: str) -> list[str]:
    """Return the whole sentences that can stand as an answer."""
    found = dict.fromkeys(text[start:end] for start, end in sentence_spans(text))
    return [one for one in found if one[0].isalnum() and one.endswith((".", "!")) and len(words(one)) >= _LEAST_WORDS]


def _schema(pairs: int, answers: Sequence[str]) -> Json:
    # The answer comes first: a small model that has chosen a sentence finds the question to it, not the other way.
    texts: dict[str, Any] = {
        "answer": {"enum": list(answers)} if answers else {"type": "string", "maxLength": LONGEST_ANSWER},
        "question": {"type": "string", "maxLength": LONGEST_QUESTION},
    }
    pair = {"type": "object", "properties": texts, "required": list(texts), "additionalProperties": False}
    listed = {"type": "array", "items": pair, "minItems": 1, "maxItems": pairs}
    return {"type": "object", "properties": {"pairs": listed}, "required": ["pairs"], "additionalProperties": False}
