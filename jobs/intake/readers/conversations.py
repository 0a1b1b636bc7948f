"""Lay conversations out as a table: one row for each pair of what a person said and the answer to it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from jobs.intake.readers.flattening import Columns, flat, text_of
from jobs.intake.readers.messages import is_message, messages_of
from jobs.intake.readers.pairing import Counts, pairs_of
from jobs.intake.table import Heading, Reader

COLUMNS = ("conversation", "turn", "instruction", "context", "question", "answer")

_IDS = ("conversation_id", "conversation", "dialogue_id", "dialog_id", "id", "session_id", "thread_id", "chat_id")
_INSTRUCTIONS = ("system", "system_prompt", "instruction")
# Some files keep a conversation's last answer apart from what comes before it.
_LAST_ANSWERS = ("completion", "chosen")
_MARK_LENGTH = 8


def messages_in(record: Any) -> list[Any]:
    """Return the messages that a record holds; none where it is no conversation."""
    if is_conversation(record):
        return record
    if not isinstance(record, dict):
        return []
    last = next((record[key] for key in _LAST_ANSWERS if is_conversation(record.get(key))), None)
    if last and is_conversation(record.get("prompt")):
        return [*record["prompt"], *last]
    return next((value for value in record.values() if is_conversation(value)), [])


def is_conversation(value: Any) -> bool:
    """Tell whether this is a list of messages."""
    return isinstance(value, list) and bool(value) and is_message(value[0])


def conversations(records: Iterable[Any]) -> Reader:
    """Give the rows of one conversation after the other; the heading's notes say what has no place in a row."""
    columns, counts, names = Columns(*COLUMNS), Counts(), _Names()
    for record in records:
        messages = messages_in(record)
        counts.no_conversation += not messages
        pairs = pairs_of(messages_of(messages), counts)
        beside = record if isinstance(record, dict) else {}
        # A single pair is no conversation: its part is then decided by its question, as in any other table.
        name = names.of(beside, messages) if len(pairs) > 1 else ""
        instruction = next((beside[key] for key in _INSTRUCTIONS if isinstance(beside.get(key), str)), "")
        others = _others(beside)
        for turn, pair in enumerate(pairs, 1):
            number = str(turn) if name else ""
            values = (name, number, pair.instruction or instruction, pair.context, pair.question, pair.answer)
            yield columns.row({**dict(zip(COLUMNS, values, strict=True)), **others})
    return Heading(columns.names, counts.notes())


class _Names:
    """Gives each conversation a name of its own: the one it has, or a mark that is the same for the same words."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, record: Mapping[str, Any], messages: list[Any]) -> str:
        given = (text_of(record[key]).strip() for key in _IDS if isinstance(record.get(key), str | int))
        name = next(filter(None, given), "") or _mark(messages)
        self._seen[name] += 1
        return name if self._seen[name] == 1 else f"{name} ({self._seen[name]})"


def _mark(messages: list[Any]) -> str:
    words = json.dumps(messages, ensure_ascii=False, default=str)
    return hashlib.sha256(words.encode(errors="replace")).hexdigest()[:_MARK_LENGTH]


def _others(record: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands beside a conversation, such as its topic, without what was used and lists of objects."""
    plain = {
        key: value
        for key, value in record.items()
        if key not in (*_IDS, *_INSTRUCTIONS) and not (isinstance(value, list) and _of_objects(value))
    }
    return {f"{key} (2)" if key in COLUMNS else key: text for key, text in flat(plain).items()}


def _of_objects(values: list[Any]) -> bool:
    return any(isinstance(value, dict | list) for value in values)
