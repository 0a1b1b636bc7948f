"""Test questions as they are looked at: what is expected of each answer, and what will be checked."""

from collections import Counter
from collections.abc import Sequence

from jobs.evaluation.editing import OWN, Added
from jobs.evaluation.proposing import by_facts, proposals
from jobs.evaluation.questions import Question
from jobs.metrics.facts import SHORT_WORDS, Expected, facts_of
from jobs.metrics.scores import normalise
from jobs.metrics.style import Check
from storage.question_sets import QuestionSet
from studio.views import markdown
from studio.views.scores import kind_name
from studio.wording import scores
from studio.wording import test_questions as words
from studio.wording.numbers import count

PER_PAGE = 10
_LONGEST = 90
Choice = tuple[str, str]


def kind_choices() -> list[Choice]:
    """Return the kinds of test questions."""
    return [(name, kind) for kind, name in scores.KINDS.items()]


def set_choices(question_sets: Sequence[QuestionSet]) -> list[str]:
    """Return the sets that take another question: not the sealed ones; first the one that questions go to at first."""
    return list(dict.fromkeys([OWN, *(one.name for one in question_sets if not one.sealed)]))


def fact_choices(expected: Expected) -> tuple[list[Choice], list[str]]:
    """Return the facts to tick, each with its sort, and those that are ticked."""
    offered = proposals(expected)
    choices = [(f"{one.phrase} · {words.SORTS[one.sort]}", one.phrase) for one in offered]
    return choices, [one.phrase for one in offered if one.ticked]


def without_facts(expected: Expected) -> str:
    """Return how an answer is judged for which no fact can be ticked; nothing where there are some."""
    if expected.kind == "unknown":
        return words.SAY_SO
    if not by_facts(expected):
        return words.ONLY_STYLE
    if not expected.answer and not expected.needed:
        return words.NO_ANSWER
    if facts_of(expected):
        return ""
    return words.SAME_TEXT if len(normalise(expected.answer).split()) <= SHORT_WORDS else words.SAME_WORDS


def kept(added: Added) -> str:
    """Return what became of a question, with the next step."""
    made = added.kept
    told = words.kept(markdown.plain(made.name), made.version, made.questions, replaced=added.replaced)
    return f"{told} {words.SCORE}"


def only_counts(name: str, questions: Sequence[Question]) -> str:
    """Return how many questions of each kind there are, and that they are not to be looked at yet."""
    kinds = Counter(question.expected.kind for question in questions)
    told = ", ".join(f"{kind_name(kind)}: {number:,}" for kind, number in kinds.most_common())
    return f"**{markdown.plain(name)}**: {count(len(questions), 'question')} ({told}). {words.HIDDEN}"


def listed(questions: Sequence[Question], number: int) -> str:
    """Return one page of the questions as a table; `number` counts from 0."""
    first = PER_PAGE * number
    shown = questions[first : first + PER_PAGE]
    heading = words.page_of(first + 1, first + len(shown), len(questions))
    return f"**{heading}**\n\n{markdown.table(words.HEAD, [_row(question) for question in shown])}"


def last_page(questions: int) -> int:
    """Return the number of the last page, counted from 0."""
    return max(0, questions - 1) // PER_PAGE


def _row(question: Question) -> list[str]:
    expected = question.expected
    return [
        f"{question.row}. {markdown.plain(expected.question)}",
        " / ".join(markdown.plain(answer) for answer in expected.answers) or "–",
        markdown.plain(kind_name(expected.kind)),
        _checked(expected),
    ]


def _checked(expected: Expected) -> str:
    ticked = "; ".join(markdown.plain(phrase) for phrase in fact_choices(expected)[1])
    wrong = "; ".join(markdown.plain(phrase) for phrase in expected.wrong)
    style = "; ".join(_demand(check) for check in expected.style)
    told = [ticked or without_facts(expected).removesuffix(words.OR_ADD).strip()]
    told += [f"not: {wrong}"] if wrong else []
    return "<br>".join([*told, *([f"style: {style}"] if style else [])])


def _demand(check: Check) -> str:
    return f"{check.demand} {markdown.plain(check.value)}" + (" words" if check.value.isdecimal() else "")


def question_choices(questions: Sequence[Question]) -> list[tuple[str, int]]:
    """Return the questions to choose one, by the number of their row."""
    return [(f"{one.row}. {markdown.shortened(one.expected.question, _LONGEST)}", one.row) for one in questions]
