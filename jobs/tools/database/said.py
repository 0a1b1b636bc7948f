"""What the mentions of a question add up to: things, what is done with them, and conditions."""

from dataclasses import dataclass, field

from jobs.tools.database.mentions import Mention
from storage.outside.query import Sign

_YEARS = range(1800, 2200)
_THING = frozenset({"table", "columns", "measure", "year"})


@dataclass
class Said:
    """What the mentions add up to: things in their order, what is done, and conditions that still want a column."""

    things: list[Mention] = field(default_factory=list)
    does: set[str] = field(default_factory=set)
    per: Mention | None = None
    most: Mention | None = None
    values: list[Mention] = field(default_factory=list)
    compared: list[tuple[Mention, Sign, str]] = field(default_factory=list)
    years: list[str] = field(default_factory=list)
    lacks: list[Mention] = field(default_factory=list)
    limit: int | None = None


class Unclear(Exception):
    """The mentions add up to no question."""


def sorted_out(mentioned: list[Mention]) -> Said:
    """Return what the mentions add up to; raise Unclear where one has no place."""
    said, at = Said(), 0
    while at < len(mentioned):
        at += _take(mentioned, at, said)
    return said


def _take(all_of: list[Mention], at: int, said: Said) -> int:
    """Note the mention at this place; return how many were used."""
    one, after = all_of[at], all_of[at + 1] if at + 1 < len(all_of) else None
    match one.kind:
        case "does":
            return _take_deed(one.names[0], after, said)
        case "sign":
            if after is None or after.kind != "number":
                return 1  # "over all invoices" compares nothing
            said.compared.append((_last_amount(said), _sign(one.names[0]), after.said))
            return 2
        case "number":
            _take_number(one, after, said)
        case "value":
            said.values.append(one)
        case _:
            said.things.append(one)
    return 1


def _take_deed(does: str, after: Mention | None, said: Said) -> int:
    if does == "no":
        if after is None or after.kind not in {"table", "columns"}:
            raise Unclear
        said.lacks.append(after)
        return 2
    if does == "per":
        if after is None or after.kind not in _THING:
            return 1  # "albums by Led Zeppelin"
        said.per = after
        return 2
    said.does.add(does)
    return 1


def _take_number(one: Mention, after: Mention | None, said: Said) -> None:
    last = said.things[-1] if said.things else None
    if one.names == ("in",) and one.said.isdecimal() and int(one.said) in _YEARS:
        if last is not None and last.kind == "year":
            said.things.pop()
        said.years.append(one.said)
    elif last is not None and last.kind in {"columns", "measure"} and not (after and after.kind == "table"):
        said.compared.append((last, "is", one.said))
        said.things.pop()
    elif one.said.isdecimal() and said.limit is None and after is not None and after.kind in _THING:
        said.limit = int(one.said)
    else:
        raise Unclear


def _last_amount(said: Said) -> Mention:
    if not said.things or said.things[-1].kind not in {"columns", "measure"}:
        raise Unclear
    return said.things.pop()


def _sign(said: str) -> Sign:
    signs: tuple[Sign, ...] = ("above", "below", "at least", "at most")
    return next(sign for sign in signs if sign == said)
