"""A fact is recognised in any common writing."""

import pytest

from jobs.metrics.wordings import holds, tokens


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("You have thirty days.", "30 days"),
        ("A 30-day return window", "30 days"),
        ("It costs €1,200.50.", "1200,50 euros"),
        ("EUR 1 200.50 in all", "€1200.50"),
        ("about 1.234 people", "1,234"),
        ("1,234,567 people", "1234567"),
        ("It pays 12,5 %", "12.5 percent"),
        ("25 per cent off", "25%"),
        ("It arrives on 24 November 2026.", "2026-11-24"),
        ("It arrives on November 24th, 2026.", "24.11.2026"),
        ("by 11/24/2026", "24/11/2026"),
        ("on Nov. 24", "24 November 2026"),
        ("am 24. November 2026", "2026-11-24"),
        ("at 17:30", "5:30 p.m."),
        ("We open at 9am.", "09:00"),
        ("order lc1042 is here", "LC-1042"),
        ("It is -5 degrees", "−5"),
        ("the 3rd time", "third"),
        ("Call contoso’s line", "Contoso"),
        ("Free of charge", "free|no cost"),
        ("返品は30日以内です", "30日"),
        ("ＦＲＥＥ delivery", "free delivery"),
    ],
)
def test_a_phrase_is_found_however_it_is_written(text: str, phrase: str) -> None:
    assert holds(text, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("You have 300 days.", "30 days"),
        ("It costs 45 dollars", "45 euros"),
        ("24 November 2025", "24 November 2026"),
        ("Call us between 5 and 30", "530"),
        ("It is 5 degrees", "-5"),
        ("category", "cat"),
        ("days 30", "30 days"),
        ("anything", ""),
    ],
)
def test_another_fact_is_not_found(text: str, phrase: str) -> None:
    assert not holds(text, phrase)


def facts(text: str) -> list[str]:
    return [token.text for token in tokens(text) if token.fact]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "The TrailMaster X4 is sold by Contoso Outdoor in Berlin.",
            ["TrailMaster", "X4", "Contoso", "Outdoor", "Berlin"],
        ),
        ("You can send it back within 30 days.", ["30"]),
        ("It may take one day. We will call.", []),
        ("Please do NOT call. Yes, I mean it.", []),
        ("Das Zelt ist für drei Personen und den Strand.", []),
        ("It is used from 5 pm on 3 May, order LC-1042.", ["5 pm", "3 May", "LC-1042"]),
        ("The 31/02/2024 is no day; 25:99 is no time", ["31", "02", "2024", "25", "99"]),
    ],
)
def test_facts_are_numbers_dates_times_codes_and_names(text: str, found: list[str]) -> None:
    assert facts(text) == found
