"""Guess which column holds the question, the answer and the rest, each guess with its reason in words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jobs.intake.role_names import NAMES, NO_TEXTS, NUMBERING, ROLES, TEXT, WEAK_NAMES, Role
from jobs.intake.sampling import Sample
from jobs.intake.table import Table
from jobs.intake.templates import checked, columns_in

__all__ = ["ROLES", "Guess", "Role", "fill_in", "guess_roles"]

_MOSTLY_ASKING = 0.4
_MOSTLY_FILLED = 0.9
_MOSTLY_DIFFERENT = 0.9
_FEW_INSTRUCTIONS = 0.5
_ALPACA = frozenset({"instruction", "output"})


@dataclass(frozen=True, slots=True)
class Guess:
    """One role, the column that seems to hold it, and why."""

    role: Role
    column: str
    reason: str


def guess_roles(table: Table, given: Mapping[str, str] | None = None) -> list[Guess]:
    """Guess the roles that `given` leaves open, among the columns that it leaves over.

    Question and answer are guessed by name, then by contents; the other roles by a name whose column holds something.
    """
    given = given or {}
    taken = {column for wanted in given.values() for column in columns_in(wanted, table.columns)}
    free = [column for column in table.columns if column not in taken]
    sample = Sample(table)
    guesses: list[Guess] = []
    for role in ROLES:
        if role in given:
            continue
        guess = _BY_ROLE.get(role, _named_and_filled)(role, free, sample)
        if guess:
            guesses.append(guess)
            free.remove(guess.column)
    return guesses


def fill_in(table: Table, given: Mapping[str, str]) -> dict[str, str]:
    """Return roles with their columns or templates: those given, checked, and guesses for the rest.

    One given as "" is left out. Raises UserFault where a column is named that is not there.
    """
    known = {role: checked(wanted, table.columns) for role, wanted in given.items()}
    guessed = {guess.role: guess.column for guess in guess_roles(table, known)}
    return {role: column for role, column in {**guessed, **known}.items() if column}


def _by_name(role: Role, free: list[str], names: Mapping[Role, str]) -> Guess | None:
    known = names[role].split()
    for name in known:
        for column in free:
            if column.casefold() == name:
                return Guess(role, column, f"its name is “{column}”")
    for column in free:
        words = _words(column)
        if not words & NO_TEXTS and any(len(name) > 1 and name in words for name in known):
            return Guess(role, column, f"its name, “{column}”, says so")
    return None


def _words(column: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", column.casefold()))


def _named_and_filled(role: Role, free: list[str], sample: Sample) -> Guess | None:
    return _by_name(role, [column for column in free if sample.holds_something(column)], NAMES)


def _question(role: Role, free: list[str], sample: Sample) -> Guess | None:
    return (
        _by_name(role, free, NAMES)
        or _of_instructions(role, free, sample)
        or _asking(role, free, sample)
        or _by_name(role, [column for column in free if sample.filled(column) >= _MOSTLY_FILLED], WEAK_NAMES)
        or _short_and_different(role, free, sample)
        or next((Guess(role, column, f"its name is “{column}”") for column in free if column.casefold() == TEXT), None)
        or (Guess(role, free[0], "it is the first column that is left") if len(free) > 1 else None)
    )


def _of_instructions(role: Role, free: list[str], sample: Sample) -> Guess | None:
    """Read instructions with outputs: each instruction asks, unless the same few are given for many inputs."""
    columns = {column.casefold(): column for column in free}
    if not columns.keys() >= _ALPACA:
        return None
    told, given = columns["instruction"], columns.get("input")
    few = sample.different(told) < _FEW_INSTRUCTIONS
    if given and few and sample.filled(given) >= _MOSTLY_FILLED and sample.different(given) > sample.different(told):
        return Guess(role, given, f"the same few instructions are given for each “{given}”")
    return Guess(role, told, f"each “{told}” has an output as its answer")


def _asking(role: Role, free: list[str], sample: Sample) -> Guess | None:
    asking = max(free, key=sample.asking, default=None)
    if asking is None or sample.asking(asking) < _MOSTLY_ASKING:
        return None
    return Guess(role, asking, "its texts end in question marks")


def _short_and_different(role: Role, free: list[str], sample: Sample) -> Guess | None:
    """Find a column with a text of its own in every row, which is short beside the longest: a first line, a subject."""
    longest = max(map(sample.length, free), default=0)
    for column in free:
        if (
            not _words(column) & NO_TEXTS
            and sample.words(column) >= 2
            and sample.length(column) * 2 <= longest
            and sample.filled(column) >= _MOSTLY_FILLED
            and sample.different(column) >= _MOSTLY_DIFFERENT
        ):
            return Guess(role, column, "each row has a short text of its own there")
    return None


def _answer(role: Role, free: list[str], sample: Sample) -> Guess | None:
    named = _by_name(role, free, NAMES) or _by_name(role, free, WEAK_NAMES)
    if named or not free:
        return named
    reason = "it is the only column that is left" if len(free) == 1 else "it holds the longest texts"
    return Guess(role, max(free, key=sample.length), reason)


def _conversation(role: Role, free: list[str], sample: Sample) -> Guess | None:
    named = [column for column in free if _numbers(column, NAMES[role])]
    found = next((column for column in named if sample.shared(column)), None)
    return Guess(role, found, f"its name is “{found}”, and rows share its values") if found else None


def _turn(role: Role, free: list[str], sample: Sample) -> Guess | None:
    named = [column for column in free if _numbers(column, NAMES[role])]
    found = next((column for column in named if sample.numbered(column)), None)
    return Guess(role, found, f"its name is “{found}”, and it holds numbers") if found else None


def _numbers(column: str, names: str) -> bool:
    words = _words(column)
    return bool(words) and len(words - NUMBERING) == 1 and words - NUMBERING <= set(names.split())


_BY_ROLE: dict[Role, Callable[[Role, list[str], Sample], Guess | None]] = {
    "question": _question,
    "answer": _answer,
    "conversation": _conversation,
    "turn": _turn,
}
