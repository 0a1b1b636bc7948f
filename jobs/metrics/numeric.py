"""Whether the number that an answer gives is near enough to the one expected."""

from collections.abc import Sequence
from decimal import Decimal

from jobs.metrics.wordings import Token, tokens

# Relative: a hundredth of the number expected.
TOLERANCE = 0.01


def number_within(given: str, question: str, expected: str, tolerance: float = TOLERANCE) -> bool | None:
    """Return whether the answer holds a number within `tolerance`, a share of the one expected.

    None where the expected answer's facts, beyond those that the question holds, are not one number. Numbers of the
    question do not count in the answer either; with 0 expected only 0 is near. The relaxed accuracy of A. Masry et al.,
    "ChartQA", Findings of ACL 2022, after N. Methani et al., "PlotQA", WACV 2020, which allow 5 %.
    """
    asked = tokens(question)
    facts = [token for token in _beyond(asked, expected) if token.fact]
    wanted = _values(facts)
    if len(facts) != 1 or not wanted:
        return None
    allowed = Decimal(str(tolerance))
    said = _values(_beyond(asked, given))
    return any(abs(one - value) <= allowed * abs(value) for one in said for value in wanted)


def _beyond(asked: Sequence[Token], text: str) -> list[Token]:
    return [token for token in tokens(text) if not any(token.same(other) for other in asked)]


def _values(found: Sequence[Token]) -> list[Decimal]:
    return [Decimal(form[1:]) for token in found for form in token.forms if form[0] == "#"]
