"""What a judge is asked: whether an answer is right, and which of two is better; and the verdict in what it says."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from jobs.models.conversation import conversation
from jobs.models.door import Chat, Message
from storage.errors import TriptychError
from storage.records import Json

Better = Literal["A", "B", "tie"]
Verdict = TypeVar("Verdict", bound=str)

RIGHT_OR_WRONG: tuple[Literal["right", "wrong"], ...] = ("right", "wrong")
BETTER: tuple[Better, ...] = ("A", "B", "tie")

_LONGEST_REASON = 200
_LONGEST_TEXT = 2000  # letters; a longer text is cut, so that a small model's memory holds all of them
_TOKENS = 400  # the longest reason in any script, with what stands around it
_SHOWN_QUESTION = "How long may I keep a book?"
_SHOWN_EXPECTED = "You may keep it for four weeks."
_NOBODY_KNOWS = "(Nobody can know this. An answer is right if it says so, and wrong if it claims to know.)"
_CHECKS = (
    "You check answers. An answer is right if it says what the expected answer says, in whatever words. It is wrong if "
    "a fact, a number or a name lacks or differs, or if it does not answer. Neither its length nor its tone counts. "
    "Reply as JSON with a short reason and the verdict."
)
_COMPARES = (
    "You compare two answers to a question. The better one says what the expected answer says, and nothing that is "
    "wrong. Neither the order nor the length of the answers counts. Reply as JSON with a short reason and the verdict: "
    "A, B, or tie where neither is better."
)


class UnreadableVerdict(TriptychError):
    """What a judge said holds no verdict."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what its answer should say."""

    question: str
    expected: Sequence[str]
    kind: str = ""

    @classmethod
    def of(cls, line: Json) -> "Asked":
        """Return what a line of an answers file was asked."""
        expected = [text for text in (line["expected"], *line["accepted"]) if text]
        return cls(line["question"], expected, line["kind"])

    @property
    def can_be_judged(self) -> bool:
        """Whether it is known what the answer should say."""
        return bool(self.expected) or self.kind == "unknown"


def check(asked: Asked, answer: str, model: str) -> Chat:
    """Return the request that asks whether an answer is right."""
    shown = Asked(_SHOWN_QUESTION, [_SHOWN_EXPECTED])
    history = [
        (_to_check(shown, "28 days."), _reply("Four weeks are 28 days.", "right")),
        (_to_check(shown, "You may keep a book for two weeks."), _reply("It says two weeks, not four.", "wrong")),
    ]
    messages = conversation(_to_check(asked, answer), instruction=_CHECKS, history=history)
    return _asked(messages, model, RIGHT_OR_WRONG)


def compare(asked: Asked, first: str, second: str, model: str) -> Chat:
    """Return the request that asks which of two answers is better; the first is called A."""
    shown = Asked(_SHOWN_QUESTION, [_SHOWN_EXPECTED])
    wrong, right = "You may keep books as long as you like, and we hope that you enjoy them.", "28 days."
    history = [
        (_to_compare(shown, wrong, right), _reply("A has no limit; four weeks are 28 days.", "B")),
        (_to_compare(shown, right, wrong), _reply("Four weeks are 28 days; B has no limit.", "A")),
    ]
    messages = conversation(_to_compare(asked, first, second), instruction=_COMPARES, history=history)
    return _asked(messages, model, BETTER)


def _asked(messages: Sequence[Message], model: str, verdicts: Sequence[str]) -> Chat:
    format_, shared = _format(verdicts), len(messages) - 1  # what the judge is told stands before every question
    return Chat(messages, model, max_tokens=_TOKENS, response_format=format_, shared=shared)


def verdict_in(said: str, verdicts: Sequence[Verdict]) -> tuple[Verdict, str]:
    """Return verdict and reason out of what a judge said; raise UnreadableVerdict where there is none.

    A server that masks can say nothing else; of what another one says, the last JSON that holds a verdict counts.
    """
    known = {verdict.casefold(): verdict for verdict in verdicts}
    for start in reversed([place for place, letter in enumerate(said) if letter == "{"]):
        try:
            told, _ = json.JSONDecoder().raw_decode(said, start)
        except ValueError:
            continue
        verdict = known.get(str(told.get("verdict")).strip().casefold())
        if verdict is not None:
            return verdict, str(told.get("reason", ""))[:_LONGEST_REASON]
    raise UnreadableVerdict("The judge's verdict could not be read.")


def _to_check(asked: Asked, answer: str) -> str:
    return "\n".join([*_about(asked), f"Given answer: {_cut(answer)}", "Is the given answer right or wrong?"])


def _to_compare(asked: Asked, first: str, second: str) -> str:
    answers = [f"Answer A: {_cut(first)}", f"Answer B: {_cut(second)}"]
    return "\n".join([*_about(asked), *answers, "Which answer is better?"])


def _about(asked: Asked) -> list[str]:
    expected = " / or: ".join(_cut(text) for text in asked.expected) or _NOBODY_KNOWS
    return [f"Question: {_cut(asked.question)}", f"Expected answer: {expected}"]


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_TEXT else f"{plain[:_LONGEST_TEXT]} …"


def _reply(reason: str, verdict: str) -> str:
    return json.dumps({"reason": reason, "verdict": verdict})


def _format(verdicts: Sequence[str]) -> Json:
    # The reason comes first: a verdict that follows from something is better than one that is justified afterwards.
    properties = {"reason": {"type": "string", "maxLength": _LONGEST_REASON}, "verdict": {"enum": list(verdicts)}}
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"type": "json_schema", "json_schema": {"name": "verdict", "schema": schema}}
