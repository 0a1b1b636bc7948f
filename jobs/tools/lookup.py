"""A look-up table as a tool: the row of a key, word for word; a key that is not there brings the nearest ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.tools.keys import Span, is_number_like, like_keys, near_keys, nearest, spans, standing
from jobs.tools.tool import Arguments, Tool, ToolFault
from storage.records import Json, ToolRecord
from storage.tools import KEY_LENGTH, Tools, fold

MOST_ROWS = 5
MOST_CELL = 400


def look_up(record: ToolRecord, store: Tools) -> Tool:
    """Return the tool for a kept table; its rows stay in storage."""
    table = _Table(record, store)
    column = record.config["key"]
    return Tool(
        name=record.name,
        title=f"Look up {record.name.removeprefix('look_up_').replace('_', ' ')}",
        description=f"Looks up a row of the table {record.config['name']} by its {column}. "
        f"A row says: {', '.join(record.config['columns'][:12])}.",
        schema=table.schema,
        run=table.answer,
        permission=record.permission,
        narrow=table.narrow,
        sure=table.sure,
        examples=((f"What do we know about {record.config['example']}?", {"key": record.config["example"]}),),
    )


@dataclass(frozen=True)
class _Table:
    record: ToolRecord
    store: Tools

    @property
    def schema(self) -> Json:
        """The flat schema: the key alone."""
        key = {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH, "description": f"The {self._column}"}
        return {"type": "object", "properties": {"key": key}, "required": ["key"], "additionalProperties": False}

    @property
    def _column(self) -> str:
        return self.record.config["key"]

    def narrow(self, question: str) -> Json | None:
        """Return a schema of the keys that stand in the question, else of what is like a key, else of near keys."""
        found = self._keys_for(question)
        return {**self.schema, "properties": {"key": {"enum": found}}} if found else None

    def sure(self, question: str) -> bool:
        """Whether a key of the table stands in the question that is no word and no year, such as ORD-1042 or 10443."""
        config = self.record.config
        read = spans(question, config["key_words"])
        return any(map(is_number_like, standing(read, self._known(read), config)))

    def _known(self, read: Sequence[Span]) -> set[str]:
        return self.store.known_keys(self.record.name, [span.text for span in read])

    def _keys_for(self, question: str) -> list[str]:
        config, name = self.record.config, self.record.name
        read = spans(question, config["key_words"])
        if found := standing(read, self._known(read), config) or like_keys(read, config):
            return found
        return [self._as_written(key) for key in near_keys(question, lambda parts: self.store.keys_with(name, parts))]

    def _as_written(self, folded: str) -> str:
        return str(self.store.rows(self.record.name, folded)[0][self._column])

    def answer(self, arguments: Arguments) -> str:
        """Return the rows with this key; raise ToolFault with the nearest keys where there is none."""
        key = str(arguments["key"]).strip()
        rows = self.store.rows(self.record.name, key)
        if not rows:
            raise ToolFault(self._miss(key))
        shown = "\n\n".join(_written(row) for row in rows[:MOST_ROWS])
        if len(rows) == 1:
            return shown
        more = f"\n\nand {len(rows) - MOST_ROWS} more" if len(rows) > MOST_ROWS else ""
        return f"{len(rows)} rows with {self._column} {key}:\n\n{shown}{more}"

    def _miss(self, key: str) -> str:
        around = self.store.neighbours(self.record.name, key)
        parts = [part for part in fold(key).split() if len(part) > 2]
        around += near_keys(key, lambda _: self.store.keys_with(self.record.name, parts)) if parts else []
        close = [self._as_written(near) for near in nearest(fold(key), around)]
        hint = f" Nearest: {', '.join(close)}." if close else ""
        return f"No row with {self._column} {key}.{hint}"


def _written(row: Json) -> str:
    cells = ((column, str(cell).strip()) for column, cell in row.items())
    return "\n".join(f"{column}: {_cut(cell)}" for column, cell in cells if cell)


def _cut(cell: str) -> str:
    return cell if len(cell) <= MOST_CELL else f"{cell[:MOST_CELL].rstrip()}…"
