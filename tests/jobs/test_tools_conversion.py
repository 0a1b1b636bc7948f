"""Units and currencies are converted by their definitions, and offered only where a question asks for it."""

from fractions import Fraction
from pathlib import Path

import pytest

from jobs.tools.builtin.conversion import conversion
from jobs.tools.builtin.units import units
from jobs.tools.choosing import offers
from jobs.tools.registry import Registry, try_tool
from jobs.tools.tables import add_table
from jobs.tools.tool import Tool, ToolFault
from storage.workspace import Workspace

RATES = "Currency,Rate\nEUR,1\nUSD,1.25\nGBP,0.8\nBAD,none\nNIL,0\n"


@pytest.fixture
def tool(workspace: Workspace) -> Tool:
    return conversion(workspace.tools)


@pytest.fixture
def rates(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text(RATES)
    add_table(workspace, "rates", path, "rates.csv", "Currency")


def asked(tool: Tool, question: str) -> str | None:
    narrowed = tool.narrow(question)
    if narrowed is None:
        return None
    return tool.run({name: one["enum"][0] for name, one in narrowed["properties"].items()})


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many kilometres are 26 miles?", "26 miles = 41.842944 kilometres"),
        ("Convert 5 ft to cm", "5 feet = 152.4 centimetres"),
        ("What is 100 °F in °C?", "100 °F ≈ 37.7777777778 °C"),
        ("What is -40 fahrenheit in celsius?", "-40 °F = -40 °C"),
        ("0 kelvin in degrees Celsius", "0 kelvins = -273.15 °C"),
        ("How many grams are in a pound?", "1 pounds = 453.59237 grams"),
        ("How many ml are there in 2 cups?", "2 US cups = 473.176473 millilitres"),
        ("How many square feet is 1,000 m²?", "1000 square metres ≈ 10763.9104167 square feet"),
        ("I drive 130 km/h in mph, how fast is it?", "130 kilometres per hour ≈ 80.7782549909 miles per hour"),
        ("How many minutes in 1.5 hours?", "1.5 hours = 90 minutes"),
        ("5 GiB to MB", "5 gibibytes = 5368.70912 megabytes"),
        ("250 kcal as kJ", "250 kilocalories = 1046 kilojoules"),
        ("20 knots into km/h", "20 knots = 37.04 kilometres per hour"),
    ],
)
def test_units_are_converted(tool: Tool, question: str, answer: str) -> None:
    assert asked(tool, question) == answer
    assert tool.sure(question)
    (offer,) = offers([tool], question, [])
    assert offer.sure


@pytest.mark.parametrize(
    "question",
    [
        "How many days do I have to send it back?", "Is the shop 5 miles from here?", "How much is 5 miles in litres?",
        "How many cups are in the box?", "What is 5 in 10?", "Convert 5 m to m", "How many EUR are 5 USD?",
        "What costs 5 euros in the shop?", "", "in to as in",
    ],
)  # fmt: skip
def test_it_is_not_offered_where_nothing_is_to_be_converted(tool: Tool, question: str) -> None:
    assert tool.narrow(question) is None
    assert not tool.sure(question)


@pytest.mark.usefixtures("rates")
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many USD are 100 EUR?", "100 EUR = 125 USD (by rates)"),
        ("Convert $50 to euros", "50 USD = 40 EUR (by rates)"),
        ("What are 8 pounds in dollars?", "8 GBP = 12.5 USD (by rates)"),
        ("What are 8 pounds in kg?", "8 pounds = 3.62873896 kilograms"),
        ("How many BAD are 5 EUR?", None),
        ("How many NIL are 5 EUR?", None),
        ("How many XYZ are 5 EUR?", None),
    ],
)
def test_currencies_are_those_of_the_persons_table(tool: Tool, question: str, answer: str | None) -> None:
    assert asked(tool, question) == answer


def test_a_table_of_something_else_has_no_rates(workspace: Workspace, tool: Tool, tmp_path: Path) -> None:
    path = tmp_path / "rooms.csv"
    path.write_text("currency,price\nEUR,1\nUSD,2\n")
    add_table(workspace, "rooms", path, "rooms.csv", "currency")
    path.write_text("currency,rate\nEUR,1\nUSD,2\n")
    add_table(workspace, "by_rate", path, "by_rate.csv", "rate")
    assert tool.narrow("How many USD are 5 EUR?") is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((5, "miles", "litres"), "miles can't be converted to litres"),
        ((5, "miles", "furlongs"), "'furlongs' is no unit that is known here"),
        ((5, "EUR", "USD"), "add a look-up table with the columns currency and rate"),
        (("nan", "m", "km"), "too large"),
        ((1e31, "m", "km"), "too large"),
        ((-300, "°C", "°F"), "Nothing is as cold as -300 °C"),
    ],
)
def test_what_can_not_be_converted_is_told(tool: Tool, given: tuple[object, str, str], sentence: str) -> None:
    with pytest.raises(ToolFault, match=sentence):
        tool.run(dict(zip(("amount", "from", "to"), given, strict=True)))


def test_it_can_be_tried_by_hand(workspace: Workspace) -> None:
    call = try_tool(Registry(workspace), "convert_units", {"amount": "2.5", "from": " Kg ", "to": "g"})
    assert call.result == "2.5 kilograms = 2500 grams"


def test_every_conversion_comes_back_to_where_it_began() -> None:
    every = set(units().values())
    for source in every:
        for target in every:
            if source.dimension == target.dimension:
                assert target.into(source, source.into(target, Fraction(7, 3))) == Fraction(7, 3)
    assert {unit.dimension for unit in every} == {
        "length", "mass", "volume", "area", "speed", "temperature", "time", "data", "energy",
    }  # fmt: skip
