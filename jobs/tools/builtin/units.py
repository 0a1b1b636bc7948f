"""Units that are converted exactly, each by its definition.

Sources: the SI Brochure (BIPM, 9th edition) for metric units, litre, tonne, hour, day; NIST Special Publication 811,
appendix B, for inch, pound and what follows from these (international yard and pound, 1959), US and imperial volumes,
knot, thermochemical calorie and BTU (IT); IEC 80000-13 for kibibyte and its kin. A month and a year have no fixed
length and are left out.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a dimension: a value of it times `scale`, plus `offset`, is the value in the dimension's first unit."""

    dimension: str
    name: str
    aliases: tuple[str, ...]
    scale: Fraction
    offset: Fraction = Fraction(0)

    def into(self, other: "Unit", value: Fraction) -> Fraction:
        """Return a value of this unit in another one of the same dimension."""
        return (value * self.scale + self.offset - other.offset) / other.scale


# Dimension to lines of: name | other ways to write it | how many of the first unit it is.
_TABLE = {
    "length": """
        metres | metre, meter, meters, m | 1
        millimetres | millimetre, millimeter, millimeters, mm | 0.001
        centimetres | centimetre, centimeter, centimeters, cm | 0.01
        kilometres | kilometre, kilometer, kilometers, km, kms | 1000
        inches | inch | 0.0254
        feet | foot, ft | 0.3048
        yards | yard, yd | 0.9144
        miles | mile, mi | 1609.344
        nautical miles | nautical mile, nmi | 1852
    """,
    "mass": """
        kilograms | kilogram, kilo, kilos, kg, kgs | 1
        milligrams | milligram, mg | 0.000001
        grams | gram, gramme, grammes, g | 0.001
        tonnes | tonne, metric ton, metric tons, t | 1000
        ounces | ounce, oz | 0.028349523125
        pounds | pound, lb, lbs | 0.45359237
        stones | stone, st | 6.35029318
        US tons | us ton, short ton, short tons | 907.18474
    """,
    "volume": """
        litres | litre, liter, liters, l | 1
        millilitres | millilitre, milliliter, milliliters, ml | 0.001
        centilitres | centilitre, centiliter, centiliters, cl | 0.01
        decilitres | decilitre, deciliter, deciliters, dl | 0.1
        cubic metres | cubic metre, cubic meter, cubic meters, m3, m³ | 1000
        cubic centimetres | cubic centimetre, cubic centimeter, cubic centimeters, cm3, cm³ | 0.001
        US gallons | us gallon, gallon, gallons, gal | 3.785411784
        US quarts | us quart, quart, quarts | 0.946352946
        US pints | us pint | 0.473176473
        US cups | us cup, cup, cups | 0.2365882365
        US fluid ounces | us fluid ounce, fluid ounce, fluid ounces, fl oz | 0.0295735295625
        US tablespoons | us tablespoon, tablespoon, tablespoons, tbsp | 0.01478676478125
        US teaspoons | us teaspoon, teaspoon, teaspoons, tsp | 0.00492892159375
        imperial gallons | imperial gallon, uk gallon, uk gallons | 4.54609
        imperial pints | imperial pint, uk pint, uk pints | 0.56826125
    """,
    "area": """
        square metres | square metre, square meter, square meters, m2, m², sqm | 1
        square centimetres | square centimetre, square centimeter, square centimeters, cm2, cm² | 0.0001
        square kilometres | square kilometre, square kilometer, square kilometers, km2, km² | 1000000
        hectares | hectare, ha | 10000
        acres | acre | 4046.8564224
        square inches | square inch, sq in | 0.00064516
        square feet | square foot, sq ft, sqft | 0.09290304
        square miles | square mile, sq mi | 2589988.110336
    """,
    "speed": """
        metres per second | metre per second, meters per second, meter per second, m/s | 1
        kilometres per hour | kilometre per hour, kilometers per hour, kilometer per hour, km/h, kmh, kph | 5/18
        miles per hour | mile per hour, mph | 0.44704
        knots | knot, kn | 463/900
    """,
    "time": """
        seconds | second, sec, secs, s | 1
        milliseconds | millisecond, ms | 0.001
        minutes | minute, min, mins | 60
        hours | hour, hr, hrs, h | 3600
        days | day | 86400
        weeks | week | 604800
    """,
    "data": """
        bytes | byte, b | 1
        bits | bit | 1/8
        kilobytes | kilobyte, kb | 1000
        megabytes | megabyte, mb | 1000000
        gigabytes | gigabyte, gb | 1000000000
        terabytes | terabyte, tb | 1000000000000
        kibibytes | kibibyte, kib | 1024
        mebibytes | mebibyte, mib | 1048576
        gibibytes | gibibyte, gib | 1073741824
        tebibytes | tebibyte, tib | 1099511627776
    """,
    "energy": """
        joules | joule, j | 1
        kilojoules | kilojoule, kj | 1000
        megajoules | megajoule, mj | 1000000
        watt hours | watt hour, watt-hour, watt-hours, wh | 3600
        kilowatt hours | kilowatt hour, kilowatt-hour, kilowatt-hours, kwh | 3600000
        calories | calorie, cal | 4.184
        kilocalories | kilocalorie, kcal | 4184
        BTU | btus | 1055.05585262
    """,
}
_TEMPERATURES = (
    Unit("temperature", "kelvins", ("kelvin", "k"), Fraction(1)),
    Unit("temperature", "°C", ("celsius", "degrees celsius", "degree celsius", "degrees c", "c"), Fraction(1),
         Fraction("273.15")),
    Unit("temperature", "°F", ("fahrenheit", "degrees fahrenheit", "degree fahrenheit", "degrees f", "f"),
         Fraction(5, 9), Fraction("459.67") * Fraction(5, 9)),
)  # fmt: skip


@cache
def units() -> dict[str, Unit]:
    """Return the units by every way to write them, in small letters."""
    every = [*_TEMPERATURES, *(_unit(dimension, line) for dimension, text in _TABLE.items() for line in _lines(text))]
    return {alias.casefold(): unit for unit in every for alias in (unit.name, *unit.aliases)}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _unit(dimension: str, line: str) -> Unit:
    name, aliases, scale = (part.strip() for part in line.split("|"))
    return Unit(dimension, name, tuple(alias.strip() for alias in aliases.split(",")), Fraction(scale))
