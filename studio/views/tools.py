"""Tools in words: what each does, what it works on, which permissions it may have, and what a try gave."""

from jobs.intake.table import Table
from jobs.tools.tool import Tool
from storage.records import Permission, ToolCall, ToolRecord
from studio.views import databases, markdown, mcp, services
from studio.views.answers import player, spoken
from studio.wording import tools as words
from studio.wording.numbers import ago, count, duration

Choice = tuple[str, str]


def line(tool: Tool, record: ToolRecord | None, now: float) -> str:
    """Return one tool: title, what it does, the table, database or service behind it, when it was used last."""
    about = {"table": _table, "database": databases.about, "service": services.about, "mcp": mcp.about}
    facts = [about[record.kind](record)] if record is not None and record.kind in about else []
    used = record.last_used_at if record is not None else None
    facts.append(f"Last used {ago(used, now)}" if used is not None else words.NEVER_USED)
    return f"**{markdown.plain(tool.title)}**\n\n{markdown.plain(tool.description)}\n\n{' · '.join(facts)}"


def _table(record: ToolRecord) -> str:
    config = record.config
    left_out = f", {count(int(config['left_out']), 'row')} without a key left out" if config.get("left_out") else ""
    rows = count(int(config.get("rows", 0)), "row")
    return f"{rows} of {markdown.plain(str(config.get('file', 'a table')))}{left_out}"


def permission_choices(tool: Tool) -> list[Choice]:
    """Return the permissions that a tool may have: one that changes something never runs by itself."""
    allowed = [permission for permission in Permission if tool.effect == "reads" or permission is not Permission.AUTO]
    return [(words.PERMISSIONS[permission], str(permission)) for permission in allowed]


def called(call: ToolCall) -> str:
    """Return what a try gave, word for word."""
    if call.error is not None:
        return f"**✕ It failed after {duration(call.seconds)}.**\n\n{markdown.fence(call.error)}"
    told = [f"**✓ Came back after {duration(call.seconds)}**", markdown.fence(call.result or "")]
    return "\n\n".join([*told, *map(player, spoken([call]))])


def likely_key(table: Table) -> tuple[str, str]:
    """Return the column that tells the rows apart best, and why it was chosen."""
    told_apart = _told_apart(table)
    best = max(range(len(told_apart)), key=lambda place: (told_apart[place], -place))
    name = table.columns[best]
    if told_apart[best] == 1.0:
        return name, words.key_guessed("each row has a value of its own there")
    return name, words.key_guessed("it tells most rows apart")


def _told_apart(table: Table) -> list[float]:
    """Return for each column how many different values it has for each row, from one pass over the rows."""
    seen: list[set[int]] = [set() for _ in table.columns]
    for row in table.rows:
        for values, cell in zip(seen, row, strict=True):
            if value := cell.strip():
                values.add(hash(value))
    return [len(values) / len(table.rows) if table.rows else 0.0 for values in seen]


def added(record: ToolRecord, title: str) -> str:
    """Return that a table is a tool now, with the next step."""
    rows = count(int(record.config.get("rows", 0)), "row")
    return f"{rows} kept. The model may now use {markdown.plain(title)}. [Compare the answers](/compare)"
