"""How well a model chooses tools and fills in their arguments: `python -m tests.bench.tool_choice [SET]`.

A benchmark, not a test: it starts the model server, asks every question of a set and prints the figures of decision 4.
The tables of products and customers come from the shared sets beside the project; without them it says so and stops.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jobs.models.client import connect
from jobs.models.door import Door
from jobs.tools.builtin.arithmetic import work_out
from jobs.tools.calling import call_tools
from jobs.tools.choosing import NONE, offers
from jobs.tools.registry import Registry
from jobs.tools.tables import add_table
from jobs.tools.tool import Tool
from storage.records import ToolCall
from storage.settings import Settings
from storage.tools import fold
from storage.workspace import Workspace
from tests.conftest import PROJECT

DATA = Path(__file__).parent / "data"
CONTOSO = PROJECT.parent / "shared" / "data" / "cs-contoso-outdoor"
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC).timestamp()
_START_S = 90


@dataclass(frozen=True)
class Asked:
    """One question, the call that is wanted (tool "none": no call), the tools offered and the calls made."""

    question: str
    tool: str
    arguments: dict[str, Any] | None
    offered: list[str]
    calls: list[ToolCall]
    seconds: float

    @property
    def chosen(self) -> str:
        """The first tool that was called."""
        return self.calls[0].tool if self.calls else NONE

    @property
    def exact(self) -> bool:
        """Whether the first call is the wanted one with the wanted arguments."""
        return self.chosen == self.tool and (not self.calls or same(self.calls[0].arguments, self.arguments or {}))


def same(given: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Compare arguments by what they mean: sums by their value, keys by their folded form."""
    if "expression" in wanted:
        return work_out(given["expression"]) == work_out(wanted["expression"])
    return {name: fold(str(value)) for name, value in given.items()} == {
        name: fold(str(value)) for name, value in wanted.items()
    }


def questions(name: str) -> list[dict[str, Any]]:
    """Return the rows of a set of questions beside this file."""
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text().splitlines()]


def bench_tools(workspace: Workspace) -> list[Tool]:
    """Add the tables of a shop to a workspace and return all its tools, on a fixed day."""
    customers = workspace.home / "customers.csv"
    with customers.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["name", "age", "email", "phone", "address", "membership"])
        for line in (CONTOSO / "customers.jsonl").read_text().splitlines():
            kept = json.loads(line)
            name = f"{kept['firstName']} {kept['lastName']}"
            rows.writerow([name, *(kept[part] for part in ("age", "email", "phone", "address", "membership"))])
    add_table(workspace, "products", CONTOSO / "products.csv", "products.csv", "name")
    add_table(workspace, "customers", customers, "customers.csv", "name")
    add_table(workspace, "orders", DATA / "orders.csv", "orders.csv", "order")
    return Registry(replace(workspace, clock=lambda: NOW)).tools()


def ask(door: Door, row: dict[str, Any], tools: list[Tool]) -> Asked:
    """Put one question and gather the calls."""
    begun = time.monotonic()
    steps = call_tools(door, "starter", row["question"], tools)
    calls = [step.call for step in steps if step.kind == "called" and step.call]
    offered = [offer.tool.name for offer in offers(tools, row["question"], [])]
    return Asked(row["question"], row["tool"], row["arguments"], offered, calls, time.monotonic() - begun)


def report(asked: list[Asked]) -> str:
    """Return the figures, and the questions that went wrong."""
    wanted = [one for one in asked if one.tool != NONE]
    none = [one for one in asked if one.tool == NONE]
    timed = [one.seconds for one in asked if one.offered]
    return "\n".join(
        [
            f"a call is wanted: {len(wanted)} questions",
            f"  evidence offers the tool   {sum(one.tool in one.offered for one in wanted)}",
            f"  the right tool is chosen   {sum(one.chosen == one.tool for one in wanted)}",
            f"  with the right arguments   {sum(one.exact for one in wanted)}",
            f"no call is wanted: {len(none)} questions",
            f"  evidence offers a tool     {sum(bool(one.offered) for one in none)}",
            f"  a tool is called           {sum(one.chosen != NONE for one in none)}",
            f"seconds a question with evidence: {sum(timed) / max(1, len(timed)):.2f}",
            *(f"  wrong: {one.question} -> {one.chosen} {one.calls[:1]}" for one in asked if not one.exact),
        ]
    )


@contextmanager
def server(settings: Settings) -> Iterator[Door]:
    """Start the model server of a home and give the door to it."""
    own_home = {**os.environ, "TRIPTYCH_HOME": str(settings.home)}
    process = subprocess.Popen([sys.executable, "-m", "jobs.serving"], cwd=PROJECT, env=own_home)
    try:
        deadline = time.monotonic() + _START_S
        while not (settings.home / "run" / "server.json").exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        yield connect(settings)
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Ask every question of the set named on the command line (without one: tool_choice) and print the figures."""
    if not CONTOSO.is_dir():
        sys.exit("The shared sets are not beside the project.")
    name = sys.argv[1] if len(sys.argv) > 1 else "tool_choice"
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        workspace = Workspace.open(settings)
        tools = bench_tools(workspace)
        with server(settings) as door:
            asked = [ask(door, row, tools) for row in questions(name)]
        workspace.close()
    sys.stdout.write(report(asked) + "\n")


if __name__ == "__main__":
    main()
