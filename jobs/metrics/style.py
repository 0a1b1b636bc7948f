"""A checklist for the style of an answer: what it must hold, what it must not, how long it may be."""

import re
from dataclasses import dataclass
from typing import Literal

from jobs.metrics.wordings import holds
from storage.errors import UserFault

Demand = Literal["has", "not", "starts", "ends", "at most", "at least"]

_LENGTH = re.compile(r"(at most|at least) (\d+) words?", re.IGNORECASE)
_WORDS = re.compile(r"(has|not|starts|ends)\s*:\s*(.+)", re.IGNORECASE | re.DOTALL)
_HELP = "Write entries such as “has: Dear customer; not: sorry; starts: Hello; ends: Regards; at most 60 words”."


@dataclass(frozen=True, slots=True)
class Check:
    """One entry of a checklist. `value` is a phrase, several ways of saying it apart by |, or a number of words."""

    demand: Demand
    value: str

    def passes(self, given: str) -> bool:
        """Whether the answer meets this entry."""
        match self.demand:
            case "at most":
                return len(given.split()) <= int(self.value)
            case "at least":
                return len(given.split()) >= int(self.value)
            case "starts":
                return _plain(given).startswith(tuple(_plain(text) for text in self.value.split("|")))
            case "ends":
                return _plain(given).endswith(tuple(_plain(text) for text in self.value.split("|")))
            case "has":
                return holds(given, self.value)
            case "not":
                return not holds(given, self.value)


def checklist(text: str) -> tuple[Check, ...]:
    """Read the entries of a checklist, apart by semicolons or line ends; raise UserFault naming one that is none."""
    return tuple(_check(entry.strip()) for entry in re.split(r"[;\n]", text) if entry.strip())


def _check(entry: str) -> Check:
    length, words = _LENGTH.fullmatch(entry), _WORDS.fullmatch(entry)
    if length:
        return Check("at most" if length[1].casefold() == "at most" else "at least", length[2])
    if words is None:
        raise UserFault(f"“{entry}” is no entry of a style checklist.", _HELP)
    demands: dict[str, Demand] = {"has": "has", "not": "not", "starts": "starts", "ends": "ends"}
    return Check(demands[words[1].casefold()], words[2].strip())


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split()).strip(" .!?,;:'\"“”")
