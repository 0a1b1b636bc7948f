"""Date and time: sentences from an injected clock, and calls copied from questions."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from jobs.tools.builtin.date_and_time import date_and_time
from jobs.tools.builtin.dates import dates_in
from jobs.tools.tool import ToolFault
from storage.records import Json

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC).timestamp()
TOOL = date_and_time(lambda: NOW, UTC)
TODAY = "2026-11-23"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"operation": "now"}, "It is 14:05 on Monday, 23 November 2026 (UTC)."),
        ({"operation": "now", "zone": "Asia/Tokyo"}, "It is 23:05 on Monday, 23 November 2026 (JST)."),
        ({"operation": "now", "zone": "sydney"}, "It is 01:05 on Tuesday, 24 November 2026 (AEDT)."),
        ({"operation": "today"}, "Today is Monday, 23 November 2026."),
        ({"operation": "today", "zone": "New York"}, "Today is Monday, 23 November 2026."),
        ({"operation": "weekday", "date": "2026-12-24"}, "24 December 2026 is a Thursday."),
        ({"operation": "weekday"}, "23 November 2026 is a Monday."),
        (
            {"operation": "days_between", "date": "2026-01-01", "other_date": "3 March 2026"},
            "From 1 January 2026 to 3 March 2026: 61 days (8 weeks and 5 days).",
        ),
        (
            {"operation": "days_between", "date": "2026-11-24"},
            "From 23 November 2026 to 24 November 2026: 1 day.",
        ),
        (
            {"operation": "add", "amount": 10, "unit": "days"},
            "10 days after 23 November 2026 is Thursday, 3 December 2026.",
        ),
        (
            {"operation": "add", "date": "2027-01-03", "amount": -1, "unit": "weeks"},
            "1 week before 3 January 2027 is Sunday, 27 December 2026.",
        ),
        (
            {"operation": "add", "date": "2026-12-31", "amount": 2, "unit": "months"},
            "2 months after 31 December 2026 is Sunday, 28 February 2027.",
        ),
        (
            {"operation": "add", "date": "2024-02-29", "amount": 1, "unit": "years"},
            "1 year after 29 February 2024 is Friday, 28 February 2025.",
        ),
    ],
)
def test_an_answer_is_a_sentence(arguments: Json, sentence: str) -> None:
    assert TOOL.run(arguments) == sentence


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"operation": "now", "zone": "Atlantis"}, "no time zone 'Atlantis'"),
        ({"operation": "now", "zone": "../../etc/passwd"}, "no time zone"),
        ({"operation": "weekday", "date": "soon"}, "'soon' is not a date"),
        ({"operation": "weekday", "date": "2026-02-30"}, "is not a date"),
        ({"operation": "add"}, "How much to add is missing"),
        ({"operation": "add", "amount": 10**9}, "At most 100000"),
        ({"operation": "add", "amount": 99_999, "unit": "years"}, "outside of the calendar"),
        ({"operation": "add", "amount": -99_999, "unit": "months"}, "outside of the calendar"),
    ],
)
def test_a_fault_is_a_sentence(arguments: Json, sentence: str) -> None:
    with pytest.raises(ToolFault, match=sentence):
        TOOL.run(arguments)


def test_the_zone_of_the_home_decides_what_today_is() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC).timestamp()
    berlin = date_and_time(lambda: late, ZoneInfo("Europe/Berlin"))
    assert berlin.run({"operation": "today"}) == "Today is Tuesday, 24 November 2026."


def calls(question: str) -> list[dict[str, list[object]]]:
    narrowed = TOOL.narrow(question)
    shapes = narrowed.get("anyOf", [narrowed]) if narrowed else []
    return [{name: values["enum"] for name, values in shape["properties"].items()} for shape in shapes]


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("What time is it?", {"operation": ["now"]}),
        ("What's the time in New York?", {"operation": ["now"], "zone": ["America/New_York"]}),
        ("The current time in London and Paris", {"operation": ["now"], "zone": ["Europe/London", "Europe/Paris"]}),
        ("What day is it today?", {"operation": ["today"]}),
        ("What day of the week is 24 December?", {"operation": ["weekday"], "date": ["2026-12-24"]}),
        ("which weekday was July 4, 1976", {"operation": ["weekday"], "date": ["1976-07-04"]}),
        ("5/6/2026 is which weekday?", {"operation": ["weekday"], "date": ["2026-05-06", "2026-06-05"]}),
        (
            "How many days until Christmas?",
            {"operation": ["days_between"], "date": [TODAY], "other_date": ["2026-12-25"]},
        ),
        (
            "How many days since 1 December?",
            {"operation": ["days_between"], "date": [TODAY], "other_date": ["2025-12-01"]},
        ),
        (
            "how many days between 2026-01-01 and March 3rd, 2026?",
            {"operation": ["days_between"], "date": ["2026-01-01"], "other_date": ["2026-03-03"]},
        ),
        ("What date was three weeks ago?", {"operation": ["add"], "date": [TODAY], "amount": [-3], "unit": ["weeks"]}),
        (
            "What is the date a month after New Year's Eve?",
            {"operation": ["add"], "date": ["2026-12-31"], "amount": [1], "unit": ["months"]},
        ),
    ],
)
def test_a_call_is_copied_from_the_question(question: str, call: dict[str, list[object]]) -> None:
    assert calls(question) == [call]


@pytest.mark.parametrize(
    "question",
    [
        "How many days does shipping take?",
        "What time do you open?",
        "Can I return it within 30 days after purchase?",
        "What can I do in May?",
        "Is tomorrow a holiday?",
        "Why do we celebrate Christmas?",
    ],
)
def test_a_question_that_only_mentions_time_asks_for_no_call(question: str) -> None:
    assert TOOL.narrow(question) is None


def test_several_meanings_are_offered_as_closed_calls() -> None:
    assert [call["operation"] for call in calls("What time is it, and what is today's date?")] == [["now"], ["today"]]


def test_days_are_found_in_order_and_impossible_ones_left_out() -> None:
    text = "between 3 june 2027 and 2027-01-05, not 31/31/2027 or 30 february"
    assert dates_in(text, date(2026, 11, 23)) == [date(2027, 6, 3), date(2027, 1, 5)]
