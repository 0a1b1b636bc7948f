"""A dataset version to take away: as a table for spreadsheets, or as conversations for other programs that train."""

import json
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Literal

from jobs.models.conversation import learning
from storage.errors import NotAllowed, UserFault
from storage.records import Example, Json
from storage.spreadsheets import csv_lines

Form = Literal["csv", "jsonl"]
FORMS: dict[str, Form] = {".csv": "csv", ".jsonl": "jsonl"}

_ALWAYS = ("row", "question", "answer")
_WHERE_USED = ("instruction", "context", "kind", "conversation", "turn", "origin")


def form_of(file: Path) -> Form:
    """Return the form that a file's ending asks for; raise UserFault for another ending."""
    if file.suffix.lower() not in FORMS:
        raise UserFault(f"The name {file.name!r} does not say which form is wanted.", "Let it end in .csv or .jsonl.")
    return FORMS[file.suffix.lower()]


def save(examples: Sequence[Example], file: Path) -> None:
    """Write the examples into a new file, in the form that its ending asks for; raise NotAllowed where it exists."""
    write_new(file, saved(examples, form_of(file)))


def write_new(file: Path, lines: Iterable[bytes]) -> None:
    """Write the lines into a new file; raise NotAllowed where it exists, UserFault where it can't be written."""
    try:
        with file.open("xb") as stream:
            stream.writelines(lines)
    except FileExistsError as error:
        raise NotAllowed(f"{file} exists already.", "Choose a name that is not taken.") from error
    except OSError as error:
        raise UserFault(f"{file} can't be written: {error.strerror}.", "Choose another place.") from error


def saved(examples: Sequence[Example], form: Form) -> Iterator[bytes]:
    """Yield the bytes of the file, line by line."""
    if form == "jsonl":
        yield from (f"{json.dumps(line, ensure_ascii=False)}\n".encode() for line in conversations(examples))
        return
    names = [*_ALWAYS, *(name for name in _WHERE_USED if any(getattr(row, name) for row in examples)), "part"]
    for number, line in enumerate(csv_lines(names, map(attrgetter(*names), examples))):
        yield line.encode("utf-8" if number else "utf-8-sig")


def conversations(examples: Sequence[Example]) -> Iterator[Json]:
    """Yield the messages that each conversation, or each row that stands alone, teaches: as the model reads them.

    `conversation` and `kind` stand beside them where they are known, and are read again with them.
    """
    turns: dict[str, list[Example]] = {}
    for row in examples:
        if row.conversation:
            turns.setdefault(row.conversation, []).append(row)
    for row in examples:
        if not row.conversation:
            yield _line([row])
        elif row.conversation in turns:
            yield _line(sorted(turns.pop(row.conversation), key=attrgetter("turn", "row")))


def _line(turns: Sequence[Example]) -> Json:
    instruction = next((row.instruction for row in turns if row.instruction), "")
    system = [{"role": "system", "content": instruction}] if instruction else []
    first = [message for message in learning(turns[0]) if message["role"] != "system"]
    said = [*first, *(message for row in turns[1:] for message in learning(row)[-2:])]
    beside = {"conversation": turns[0].conversation, "kind": turns[0].kind}
    return {**{name: text for name, text in beside.items() if text}, "messages": [*system, *said]}
