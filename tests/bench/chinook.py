"""How many questions to a database come out right: `python -m tests.bench.chinook [WORDS]`; its last line is JSON.

A benchmark, not a test: it starts the model server and puts 28 questions about a music shop to the starter model with
the shop's database as its only tool: once as the database is, and once with a person's own words for it (WORDS is a
file of such lines; without it those beside this file). 24 can be answered from the database, 4 can't.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from jobs.models.door import Door
from jobs.tools.calling import call_tools
from jobs.tools.database.adding import Source, add_database
from jobs.tools.registry import Registry
from storage.records import ToolCall
from storage.settings import Settings
from storage.workspace import Workspace
from tests.bench.tool_choice import DATA, server
from tests.conftest import PROJECT

CHINOOK = PROJECT.parent / "shared" / "data" / "sql-chinook"
_CENT = 0.005


def right(result: str, gold: list[list[Any]]) -> bool:
    """Whether the lines below the header are the wanted rows, in their order; cells beside the wanted ones may stand.

    Numbers count as equal where they differ by less than half a cent: the wanted ones are rounded to two decimals.
    """
    rows = [line.split(" | ") for line in result.splitlines()[1:]]
    return len(rows) == len(gold) and all(map(_holds, rows, gold))


def _holds(row: list[str], wanted: list[Any]) -> bool:
    return all(any(_same(cell, value) for cell in row) for value in wanted)


def _same(cell: str, value: Any) -> bool:
    try:
        return abs(float(cell) - float(value)) <= _CENT
    except ValueError:
        return cell == " ".join(str(value).split())


def ask(door: Door, workspace: Workspace, row: dict[str, Any]) -> ToolCall | None:
    """Put one question to the model with the database as its only tool; return its first call."""
    steps = call_tools(door, "starter", row["question"], Registry(workspace).tools(["ask_music_shop"]))
    return next((step.call for step in steps if step.kind == "called"), None)


def measure(door: Door, workspace: Workspace, words: str) -> dict[str, Any]:
    """Return how many were right, wrong and declined, with the seconds a question took."""
    source = Source(str(CHINOOK / "chinook.sqlite"))
    add_database(workspace, "music shop", source, source.described().tables, words)
    rows = [json.loads(line) for line in (CHINOOK / "questions.jsonl").read_text().splitlines()]
    begun = time.monotonic()
    calls = {row["id"]: ask(door, workspace, row) for row in rows}
    seconds = (time.monotonic() - begun) / len(rows)
    told = {row["id"]: _judged(row, calls[row["id"]]) for row in rows}
    for row in rows:
        sys.stdout.write(f"{told[row['id']]:9} {row['question']}\n")
    answerable = [told[row["id"]] for row in rows if row["answerable"]]
    others = [told[row["id"]] for row in rows if not row["answerable"]]
    return {
        "answerable": len(answerable), "right": answerable.count("right"), "wrong": answerable.count("wrong"),
        "not_asked": answerable.count("declined"), "unanswerable": len(others), "declined": others.count("declined"),
        "seconds": round(seconds, 3),
    }  # fmt: skip


def _judged(row: dict[str, Any], call: ToolCall | None) -> str:
    if call is None:
        return "declined"
    return "right" if row["answerable"] and right(call.result or "", row["gold_result"]) else "wrong"


def main() -> None:
    """Measure without and with the person's words."""
    if not CHINOOK.is_dir():
        sys.exit("The shared sets are not beside the project.")
    words = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "chinook_words.txt"
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        workspace = Workspace.open(settings)
        with server(settings) as door:
            plain = measure(door, workspace, "")
            own = measure(door, workspace, words.read_text(encoding="utf-8"))
        workspace.close()
    sys.stdout.write(json.dumps({"plain": plain, "with_own_words": own}) + "\n")


if __name__ == "__main__":
    main()
