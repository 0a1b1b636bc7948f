"""The most memory that reading a file needs, in the process that asks and in its limited child."""

import json
import subprocess
import sys
from pathlib import Path

from jobs.intake.columns import fill_in
from jobs.intake.formats import read_table
from jobs.intake.limited import run_limited
from jobs.intake.prepare import prepare
from tests.peak import peak_mb

_PROJECT = Path(__file__).parent.parent.parent
_MEASURED = "import sys; from tests.bench import memory; sys.stdout.write(memory.of_parent(sys.argv[1]))"


def of_parent(path: str) -> str:
    """Return the peak of this process before reading, after reading all rows, and after preparing them, as JSON."""
    before = peak_mb()
    table = read_table(Path(path), Path(path).name)
    for _ in table.rows:
        pass
    read = peak_mb()
    prepare(table, fill_in(table, {}))
    return json.dumps({"before": before, "read": read, "prepared": peak_mb()})


def measured(path: Path) -> dict[str, float]:
    """Return the peaks of a fresh process that reads the file, and of its child."""
    command = [sys.executable, "-c", _MEASURED, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=_PROJECT)
    (child,) = run_limited("tests.peak:after_reading", str(path), path.name, name=path.name)
    return {**json.loads(done.stdout), "child": child}
