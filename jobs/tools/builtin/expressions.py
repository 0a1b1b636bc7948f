"""Find the sums that stand in a question, as signs or in words, and write them in one form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jobs.tools.builtin.arithmetic import work_out
from jobs.tools.builtin.numerals import with_digits
from jobs.tools.builtin.operations import NoResult
from jobs.tools.builtin.terms import Term, terms
from jobs.tools.tool import ToolFault

MOST_FOUND = 5
MOST_READ = 2_000

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_N = rf"(?<![0-9.,])[$€£]?\s*({_DIGITS})"
_LIST = rf"((?<![0-9.,])(?:[$€£]?{_DIGITS}(?:,\s+and\s+|,\s+|\s+and\s+))+[$€£]?{_DIGITS})"
_PHRASES = [
    (re.compile(pattern), written)
    for pattern, written in (
        (rf"\bsquare root of {_N}", r"sqrt(\1)"),
        (rf"{_N} squared\b", r"\1 ** 2"),
        (rf"{_N} cubed\b", r"\1 ** 3"),
        (rf"\bsubtract {_N} from {_N}", r"\2 - \1"),
        (rf"\bdifference between {_N} and {_N}", r"\1 - \2"),
        (rf"\badd {_N} (?:and|to|with) {_N}", r"\1 + \2"),
        (rf"\bmultiply {_N} (?:by|with|and) {_N}", r"\1 * \2"),
        (rf"\bdivide {_N} (?:by|into) {_N}", r"\1 / \2"),
        (rf"\b(?:split|share) {_N} (?:\w+ ){{0,2}}(?:by|among|between|into) {_N}", r"\1 / \2"),
        (rf"\bproduct of {_N} and {_N}", r"\1 * \2"),
        (rf"\b(?:increase|raise) {_N} by {_N} ?(?:%|percent)", r"\1 + \2%"),
        (rf"\b(?:decrease|reduce|lower) {_N} by {_N} ?(?:%|percent)", r"\1 - \2%"),
        (rf"{_N} ?(?:%|percent) (?:(?:discount|tip|tax|vat) )?on (?:an? )?{_N}", r"\1% of \2"),
        (rf"{_N} (?:[a-z'-]+ ){{1,4}}(?:at|for|costing) {_N} (?:[a-z]+ )?(?:each|apiece|per)\b", r"\1 * \2"),
        (rf"{_N} (?:[a-z'-]+ ){{1,4}}(?:at|for|costing) [$€£]{_N}", r"\1 * \2"),
        (rf"{_N} (?:[a-z'-]+ ){{1,4}}(?:with|at|minus) (?:a )?{_N} ?(?:%|percent) (?:off|discount)", r"\1 - \2%"),
        (rf"\bhow many times does {_N} (?:go|fit) into {_N}", r"\2 / \1"),
        (rf"\bwhat (?:percentage|percent|share) of {_N} is {_N}", r"\2 / \1 * 100"),
        (rf"{_N} is what (?:percentage|percent|share) of {_N}", r"\1 / \2 * 100"),
        (rf"\bhalf of {_N}", r"\1 / 2"),
        (rf"\b(?:a|one|1) third of {_N}", r"\1 / 3"),
        (rf"\b(?:a|one|1) quarter of {_N}", r"\1 / 4"),
        (rf"\b(?:double|twice) {_N}", r"2 * \1"),
        (rf"\b(?:sum|total) of {_LIST}", r"sum(\1)"),
        (rf"\b(?:average|mean) of {_LIST}", r"mean(\1)"),
    )
]
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}([/.])[0-9]{1,2}\1[0-9]{2,4}")
_CUE = re.compile(r"(?:\bis|\bwhat's|\bare|\bcalculate|\bcompute|\bevaluate|\bwork out|\bsolve|\bmake|=|:|^)\s*$")
_UNIT = re.compile(r"\s*[a-z]")
# What stands before a sum where its result is asked for.
_ASKING = re.compile(
    r"(?:\bwhat['’]?s|\bwhat (?:is|are|do|does)|\bhow much (?:is|are|do|does|would|will)"
    r"|\bcalculate|\bcompute|\bevaluate|\bwork out|\bsolve)(?: the| an?)?[\s:]*[$€£]?\s*$"
)
_NOTHING = re.compile(r"[\s=?.!]*")


@dataclass(frozen=True, slots=True)
class _Sum:
    """A sum as it can be worked out, and where it stands in the text."""

    written: str
    start: int
    end: int


def expressions(question: str) -> list[str]:
    """Return the sums in `question`, each as it can be worked out, the longest first; at most five."""
    found = dict.fromkeys(sum_.written for sum_ in _sums(_read(question)))
    return sorted(found, key=len, reverse=True)[:MOST_FOUND]


def asked(question: str) -> bool:
    """Whether `question` asks for the result of a sum that stands in it, or is nothing but a sum."""
    text = _read(question)
    return any(
        _ASKING.search(text[: sum_.start])
        or (_NOTHING.fullmatch(text[: sum_.start]) and _NOTHING.fullmatch(text[sum_.end :]))
        for sum_ in _sums(text)
    )


def _read(question: str) -> str:
    return with_digits(question[:MOST_READ]).casefold()


def _sums(text: str) -> list[_Sum]:
    found = [
        _Sum(_written(match.expand(written)), *match.span())
        for pattern, written in _PHRASES
        for match in pattern.finditer(text)
    ]
    found += [run for run in _runs(text) if not any(run.written in longer.written for longer in found)]
    return [sum_ for sum_ in found if _works(sum_.written)]


def _runs(text: str) -> Iterator[_Sum]:
    """Yield the longest runs of terms that are sums."""
    dates = [match.span() for match in _DATE.finditer(text)]
    at = 0
    while at < len(text):
        read = list(terms(text, at)) if _begins(text, at) else []
        run = _trimmed(read)
        if run and _means_a_sum(text, run) and not any(a < run[-1].end and run[0].start < b for a, b in dates):
            yield _Sum(_joined(run), run[0].start, run[-1].end)
        at = max(read[-1].end if read else at + 1, at + 1)


def _begins(text: str, at: int) -> bool:
    # Inside a word or a number nothing begins: X4, ORD-1042.
    return at == 0 or not (text[at - 1].isalnum() or text[at - 1] in "_-#." or text[at].isspace())


def _trimmed(run: list[Term]) -> list[Term]:
    """Cut off what leads nowhere at either end: operators and brackets without their partner."""
    while run and _hangs(run[-1], run, ")", "%"):
        run = run[:-1]
    while run and _hangs(run[0], run, "(", "-"):
        run = run[1:]
    return run


def _hangs(term: Term, run: list[Term], bracket: str, sign: str) -> bool:
    if term.text == bracket:
        signs = [other.text for other in run]
        return signs.count(bracket) > signs.count("(" if bracket == ")" else ")")
    return term.kind == "operator" and term.text != sign


def _means_a_sum(text: str, run: list[Term]) -> bool:
    """Tell sums from what looks like one: 3-5 days, 24/7, 555-1234, 48 x 24 inches."""
    numbers = [term for term in run if term.kind == "number"]
    calls = any(term.kind == "name" for term in run)
    operators = {term.text for term in run if term.kind == "operator"} - {"(", ")", ","}
    if not (calls or (len(numbers) > 1 and operators)):
        return False
    said = text[run[0].start : run[-1].end]
    if re.search(r"[0-9]{3}[-–][0-9]{3,}", said):
        return False
    doubtful = re.search(r"[0-9][-–/][0-9]", said) or re.search(r"[0-9]\s*x\s*[0-9]", said)
    return not doubtful or (bool(_CUE.search(text[: run[0].start])) and not _UNIT.match(text, run[-1].end))


def _written(expression: str) -> str:
    listed = re.sub(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", expression)
    return _joined(list(terms(re.sub(r",?\s+and\s+", ", ", listed))))


def _joined(run: list[Term]) -> str:
    text = " ".join(term.text for term in run)
    for pattern, tight in (
        (r"\( ", "("),
        (r" ([),%])", r"\1"),
        (r"([a-z]) \(", r"\1("),
        (r"(^|[(*/+,%-] )- (?=[0-9(])", r"\1-"),
    ):
        text = re.sub(pattern, tight, text)
    return re.sub(r"%(?=[0-9])", "% ", text)


def _works(expression: str) -> bool:
    try:
        work_out(expression)
    except NoResult:
        return True
    except ToolFault:
        return False
    return True
