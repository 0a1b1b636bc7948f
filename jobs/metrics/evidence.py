"""What an answer rests on, against what it should: passages found, tools and arguments chosen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_SEPARATORS = re.compile(r"[;|\n]")
_CALL = re.compile(r"\s*(?P<tool>[\w.-]+)\s*(?:\((?P<arguments>.*)\))?\s*", re.DOTALL)
_ARGUMENT = re.compile(r"\s*(\w+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^,]*))\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Found:
    """The share of expected documents among those read, and the share of read passages that are of one expected."""

    recall: float
    precision: float


@dataclass(frozen=True, slots=True)
class Called:
    """Whether an expected tool was called, and whether with the expected arguments; None where none are expected."""

    tool: bool
    arguments: bool | None


def passages_found(expected: str, documents: Sequence[str]) -> Found | None:
    """Compare the documents of the passages read with those expected (names between ; or |); None without any.

    Recall and precision as in C. D. Manning, P. Raghavan, H. Schütze, "Introduction to Information Retrieval", 2008,
    chapter 8, counted by document.
    """
    wanted = {name.strip().casefold() for name in _SEPARATORS.split(expected) if name.strip()}
    if not wanted:
        return None
    read = [name.casefold() for name in documents]
    right = sum(name in wanted for name in read)
    return Found(len(wanted & set(read)) / len(wanted), right / len(read) if read else 0.0)


def call_matched(expected: str, calls: Sequence[Mapping[str, Any]]) -> Called | None:
    """Compare the calls made with the one expected, `tool` or `tool(name=value, …)`; None where none is expected."""
    told = _CALL.fullmatch(expected)
    if told is None or not told["tool"]:
        return None
    same = [call for call in calls if call["tool"] == told["tool"]]
    if told["arguments"] is None:
        return Called(bool(same), None)
    wanted = {name: _same(a or b or c) for name, a, b, c in _ARGUMENT.findall(told["arguments"])}
    given = [{name: _same(str(value)) for name, value in call["arguments"].items()} for call in same]
    return Called(bool(same), any(wanted.items() <= one.items() for one in given))


def _same(value: str) -> str:
    return " ".join(value.casefold().split())
