"""What the measuring of tools rests on: problems with right answers, cases that are asked and never learned."""

from collections.abc import Callable

import pytest

from jobs.tools.tool import Tool
from storage.records import ToolCall
from tests.bench.tool_sets import ALPACA, SGD, Parts, alpaca, same, sgd
from tests.bench.tools import share, valid
from tests.bench.word_problems import problems

SCHEMA = {
    "type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city"],
    "additionalProperties": False,
}  # fmt: skip
FORECAST = Tool("forecast", "Forecast", "The weather.", SCHEMA, str)


def test_the_same_seed_gives_the_same_problems_and_half_take_two_steps() -> None:
    made = problems(1000, 1)
    assert made == problems(1000, 1)
    assert made != problems(1000, 2)
    assert len({text for text, _ in made}) == 1000
    told = dict(made)
    plain = next(text for text in told if text.startswith("What is (") and text.endswith("?"))
    a, b, c = (int("".join(filter(str.isdigit, word))) for word in plain.split() if any(map(str.isdigit, word)))
    assert told[plain] == (a + b) * c


def test_arguments_are_compared_by_what_they_say() -> None:
    assert same({"city": " New  York", "page": ""}, {"city": "new york"})
    assert same({"days": 3}, {"days": "3"})
    assert not same({"city": "Bern"}, {"city": "Bern", "days": 3})
    assert not same({"city": "Bern", "days": 3}, {"city": "Bern"})


def test_valid_are_arguments_that_the_function_takes() -> None:
    assert valid(FORECAST, {"city": "Bern", "days": 3})
    assert not any(valid(FORECAST, given) for given in ({}, None, [], {"city": "Bern", "when": 1}, {"days": 3}))
    assert valid(Tool("joke", "Joke", "A joke.", {**SCHEMA, "properties": {}, "required": []}, str), {})
    assert (share([True, False, True]), share([])) == (0.667, 0.0)


@pytest.mark.parametrize("read", [alpaca, sgd])
def test_what_is_asked_is_not_learned(read: Callable[[], Parts]) -> None:
    if not (ALPACA.is_dir() and SGD.is_dir()):
        pytest.skip("the shared sets are not beside the project")
    parts = read()
    learned = {case.question for case in parts.learn}
    assert learned.isdisjoint(case.question for case in [*parts.asked, *parts.none])
    assert len(parts.asked) > 30
    for case in [*parts.learn, *parts.asked, *parts.none]:
        assert len({tool.name for tool in case.offered}) == len(case.offered) == 5
        assert case.wanted is None or isinstance(case.tool, Tool)
        assert case.question not in {question for tool in case.offered for question, _ in tool.examples} or (
            case.question in learned
        )
    assert all(isinstance(case.wanted, ToolCall) for case in parts.asked)
