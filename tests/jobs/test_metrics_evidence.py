"""What an answer rests on is compared with what it should rest on."""

import pytest

from jobs.metrics.evidence import Called, Found, call_matched, passages_found

CALLS = [{"tool": "look_up_orders", "arguments": {"order": " 10442"}}, {"tool": "calculate", "arguments": {"x": 3}}]


@pytest.mark.parametrize(
    ("expected", "documents", "found"),
    [
        ("", ["a.md"], None),
        ("a.md", [], Found(0.0, 0.0)),
        ("a.md", ["A.md", "b.md"], Found(1.0, 0.5)),
        ("a.md; c.md", ["a.md", "a.md", "b.md", "b.md"], Found(0.5, 0.5)),
        ("a.md|b.md", ["a.md", "b.md"], Found(1.0, 1.0)),
    ],
)
def test_passages_by_document(expected: str, documents: list[str], found: Found | None) -> None:
    assert passages_found(expected, documents) == found


@pytest.mark.parametrize(
    ("expected", "called"),
    [
        ("", None),
        ("look_up_orders", Called(True, None)),
        ("refund_order", Called(False, None)),
        ("look_up_orders(order=10442)", Called(True, True)),
        ('look_up_orders(order="10 442")', Called(True, False)),
        ("calculate(x='3')", Called(True, True)),
        ("refund_order(order=1)", Called(False, False)),
    ],
)
def test_calls_by_tool_and_arguments(expected: str, called: Called | None) -> None:
    assert call_matched(expected, CALLS) == called
