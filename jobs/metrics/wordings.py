"""A text as tokens that compare equal however a fact is written: "€1,200.50" and "1200,50 euros", "thirty" and 30."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from jobs.metrics.quantities import MONTHS, NUMBER_WORDS, date_forms, number_forms, time_form


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text in all its forms. `fact`: a number, a date, a time, a code or a name."""

    forms: frozenset[str]
    text: str
    fact: bool = False

    def same(self, other: "Token") -> bool:
        """Whether both can mean the same; a date without a year fits that day in any year."""
        return bool(self.forms & other.forms) or any(
            mine[0] == "@" == theirs[0] and len(mine) != len(theirs) and mine[-5:] == theirs[-5:]
            for mine in self.forms
            for theirs in other.forms
        )


_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[ '’\u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*"
_PIECE = re.compile(
    rf"""
    (?P<iso>\b(?P<iso_year>\d{{4}})-(?P<iso_month>\d{{1,2}})-(?P<iso_day>\d{{1,2}})\b)
  | (?P<numeric>\b(?P<first>\d{{1,2}})(?P<mark>[./-])(?P<second>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}|\d{{2}})\b)
  | (?P<day_month>\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:\s+of)?\s+(?P<month>{_MONTH})\b\.?
        (?:,?\s+(?P<day_month_year>\d{{4}})\b)?)
  | (?P<month_day>\b(?P<month2>(?-i:(?=[^\W\d_a-z]))(?:{_MONTH}))\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*%)
        (?:,?\s+(?P<month_day_year>\d{{4}})\b)?)
  | (?P<clock>\b(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d{{2}}))?\s*(?P<half>[ap]\.?m\b\.?)
        |\b(?P<hour24>\d{{1,2}}):(?P<minute24>\d{{2}})\b(?:\s*(?:h|Uhr)\b)?)
  | (?P<code>\b[A-Z]+(?:-[A-Z]+)*-?\d[\w-]*\b)
  | (?P<before>[€$£¥]|\b(?:EUR|USD|GBP|CHF)\b)\s?(?P<money>{_NUMBER})
  | (?P<number>(?:(?<![\w)])[-−](?=\d))?(?:{_NUMBER}))(?:(?:st|nd|rd|th)\b)?
  | (?P<unit>[€$£¥%])
  | (?P<letter>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])
  | (?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNITS = {
    "€": "euro", "eur": "euro", "$": "dollar", "usd": "dollar", "£": "pound", "gbp": "pound", "¥": "yen",
    "chf": "franc", "%": "percent", "prozent": "percent",
}  # fmt: skip
# Words that are written with a capital without naming anything.
_NO_NAMES = frozenset(
    {"i", "i'm", "i'll", "i've", "i'd", "ok", "faq", "yes", "no", "not", "never", "only", "all", "any", "and", "or"}
    | {"must", "do", "please", "note"}
)
_SENTENCE_END = frozenset('.!?:;\n•*-–—"“„«(>|')
_TITLE_SHARE = 0.6
# German gives every noun a capital.
_GERMAN = re.compile(r"\b(?:der|die|das|und|nicht|ist|für|ein|eine|mit|auf|zu|von)\b")


def tokens(text: str) -> list[Token]:
    """Return the text's tokens in order, each in its comparable forms."""
    plain = unicodedata.normalize("NFKC", text).replace("per cent", "percent")
    names = _names_tell(plain)
    found: list[Token] = []
    for match in _PIECE.finditer(plain):
        found += _READ[_kind(match)](match, names)
    return found


def holds(text: str, phrase: str) -> bool:
    """Whether the text holds the phrase, in any common writing; "a|b" asks for one of the two."""
    given = tokens(text)
    return any(_within(given, tokens(way)) for way in phrase.split("|") if way.strip())


def _within(given: list[Token], wanted: list[Token]) -> bool:
    return bool(wanted) and any(
        all(token.same(given[start + place]) for place, token in enumerate(wanted))
        for start in range(len(given) - len(wanted) + 1)
    )


def _kind(match: re.Match[str]) -> str:
    return next(kind for kind in _READ if match[kind] is not None)


def _names_tell(text: str) -> bool:
    """In German, and in titles, so many words have a capital that a capital tells nothing."""
    words = re.findall(r"(?<=[^\W\d_] )[^\W\d_]{2,}", text)
    capitals = sum(word[0].isupper() for word in words)
    return len(_GERMAN.findall(text)) < 2 and capitals <= max(2, len(words) * _TITLE_SHARE)


def _fact(forms: frozenset[str], text: str) -> list[Token]:
    return [Token(forms, text, fact=True)] if forms else _numbers(text)


def _numbers(text: str) -> list[Token]:
    return [Token(number_forms(piece), piece, fact=True) for piece in re.findall(r"\d+", text)]


def _date(match: re.Match[str], *groups: str) -> list[Token]:
    day, month, year = (match[group] for group in groups)
    return _fact(date_forms(day, month, year), match.group())


def _numeric_date(match: re.Match[str], _names: bool) -> list[Token]:
    first, second, year = match["first"], match["second"], match["year"]
    forms = date_forms(first, second, year)
    # With slashes the month may come first.
    return _fact(forms | date_forms(second, first, year) if match["mark"] == "/" else forms, match.group())


def _clock(match: re.Match[str], _names: bool) -> list[Token]:
    hour = match["hour"] or match["hour24"]
    return _fact(time_form(hour, match["minute"] or match["minute24"], match["half"]), match.group())


def _money(match: re.Match[str], _names: bool) -> list[Token]:
    return [Token(number_forms(match["money"]), match["money"], fact=True), _unit(match["before"])]


def _unit(text: str) -> Token:
    return Token(frozenset({_UNITS[text.casefold()]}), text)


def _word(match: re.Match[str], names: bool) -> list[Token]:
    text = match.group()
    plain = text.casefold().replace("’", "'")
    if plain in NUMBER_WORDS:
        # "one" and ordinals count things less often than they speak of them.
        return [Token(frozenset({plain, f"#{NUMBER_WORDS[plain]}"}), text, fact=plain not in _LOOSE_NUMBERS)]
    if "-" in text:
        return [token for part in text.split("-") for token in _single(part, names and _inside(match))]
    return _single(text, names and _inside(match))


def _single(text: str, may_be_name: bool) -> list[Token]:
    plain = text.casefold().replace("’", "'").removesuffix("'s")
    shouted = len(text) > 1 and (text.isupper() or any(letter.isupper() for letter in text[1:]))
    name = plain not in _NO_NAMES and (shouted or (may_be_name and text[0].isupper()))
    return [Token(frozenset({_UNITS.get(plain, _stem(plain))}), text, fact=name)]


def _stem(word: str) -> str:
    """Drop a plural's s, so that "30 day" and "30 days" are one."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _inside(match: re.Match[str]) -> bool:
    """Whether the word stands inside a sentence, where a capital means a name."""
    before = match.string[: match.start()].rstrip(" \t")
    return bool(before) and before[-1] not in _SENTENCE_END


_LOOSE_NUMBERS = frozenset({"one", "first", "second", "third", "zero"})
_READ: dict[str, Callable[[re.Match[str], bool], list[Token]]] = {
    "iso": lambda match, _: _date(match, "iso_day", "iso_month", "iso_year"),
    "numeric": _numeric_date,
    "day_month": lambda match, _: _fact(
        date_forms(match["day"], match["month"], match["day_month_year"]), match.group()
    ),
    "month_day": lambda match, _: _fact(
        date_forms(match["day2"], match["month2"], match["month_day_year"]), match.group()
    ),
    "clock": _clock,
    "code": lambda match, _: [Token(frozenset({match.group().casefold().replace("-", "")}), match.group(), fact=True)],
    "money": _money,
    "number": lambda match, _: [Token(number_forms(match["number"]), match["number"], fact=True)],
    "unit": lambda match, _: [_unit(match.group())],
    "letter": lambda match, _: [Token(frozenset({match.group()}), match.group())],
    "word": _word,
}
