"""A call in one line, as a person reads and changes it beside a question: `look_up_orders(key="10443")`, or `none`."""

import json
import re
from collections.abc import Iterator
from typing import Any

from jobs.tools.choosing import NONE
from storage.errors import UserFault
from storage.records import ToolCall

_CALL = re.compile(r"\s*([\w.-]+)\s*(?:\((.*)\))?\s*", re.DOTALL)
_NAME = re.compile(r"\s*([\w.-]+)\s*=\s*")
_AFTER = re.compile(r"\s*(?:,|$)")
_DECODER = json.JSONDecoder()


def written(call: ToolCall | None) -> str:
    """Return a call as one line; NONE where no tool is to be called."""
    if call is None:
        return NONE
    values = (f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in call.arguments.items())
    return f"{call.tool}({', '.join(values)})"


def read(text: str) -> ToolCall | None:
    """Return the call that a line tells, None for NONE; raise UserFault where it can't be understood."""
    told = _CALL.fullmatch(text)
    if told is None:
        raise _unreadable(text)
    if told[1].casefold() == NONE and not told[2]:
        return None
    return ToolCall(told[1], dict(_arguments(text, told[2] or "")))


def _arguments(text: str, told: str) -> Iterator[tuple[str, Any]]:
    at = 0
    while told[at:].strip():
        name = _NAME.match(told, at)
        if name is None:
            raise _unreadable(text)
        value, end = _value(told, name.end())
        after = _AFTER.match(told, end)
        if after is None:
            raise _unreadable(text)
        yield name[1], value
        at = after.end()


def _value(told: str, at: int) -> tuple[Any, int]:
    """Return a value as JSON writes it, or else all letters up to the next comma, and where it ends."""
    try:
        value, end = _DECODER.raw_decode(told, at)
        if _AFTER.match(told, end):
            return value, end
    except ValueError:
        pass  # it stands there without quotes
    end = told.find(",", at)
    end = len(told) if end < 0 else end
    if told[at:end].lstrip().startswith('"'):
        return "", at  # begun with a quote and never ended: nothing that may follow stands here
    return told[at:end].strip(), end


def _unreadable(text: str) -> UserFault:
    return UserFault(
        f"The call {text[:80]!r} can't be understood.",
        f'Write it as look_up_orders(key="10443"), or {NONE} where no tool is needed.',
    )
