"""A role may be a column or several joined; names are checked, braces can be written, empty stays empty."""

import pytest

from jobs.intake.templates import checked, columns_in, filler
from storage.errors import UserFault

COLUMNS = ["product", "question", "{size}", "Größe  cm"]
ROW = ["Tent", "How big?", "L", "200"]


@pytest.mark.parametrize(
    ("wanted", "text", "used"),
    [
        ("question", "How big?", ["question"]),
        ("QUESTION", "How big?", ["question"]),
        ("{product}: {question}", "Tent: How big?", ["product", "question"]),
        ("{ Product }", "Tent", ["product"]),
        ("{product}{product}", "TentTent", ["product", "product"]),
        ("{{{product}}} costs {{?}}", "{Tent} costs {?}", ["product"]),
        ("{size}", "L", ["{size}"]),
        ("größe cm", "200", []),
    ],
)
def test_columns_are_joined(wanted: str, text: str, used: list[str]) -> None:
    columns = [*COLUMNS[:3], "Größe cm"]
    assert filler(checked(wanted, columns), columns)(ROW) == text
    assert columns_in(wanted, columns) == (used or ["Größe cm"])


def test_a_template_of_empty_columns_is_empty() -> None:
    fill = filler("{product}: {question}", COLUMNS)
    assert fill(["", "  ", "", ""]) == ""
    assert fill(["Tent", "", "", ""]) == "Tent: "


@pytest.mark.parametrize(
    ("wanted", "unknown"),
    [
        ("colour", "colour"),
        ("{product}: {colour}", "colour"),
        ("{}", ""),
        ("{{question}}", "{{question}}"),
        ("What is it?", "What is it?"),
    ],
)
def test_an_unknown_name_is_a_sentence_with_the_columns_there_are(wanted: str, unknown: str) -> None:
    with pytest.raises(UserFault) as caught:
        checked(wanted, COLUMNS)
    assert str(caught.value) == f"There is no column “{unknown}”."
    assert caught.value.next_step.startswith("Choose one of these columns: “product”, “question”")


def test_nothing_is_no_column() -> None:
    assert checked(" ", COLUMNS) == ""
