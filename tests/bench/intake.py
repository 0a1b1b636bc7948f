"""What the intake of a large file costs: `python -m tests.bench.intake` prints seconds beside pandas, and memory.

A benchmark, not a test: run it while nothing else runs. About a minute.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas

from jobs.intake.columns import fill_in
from jobs.intake.formats import read_table
from jobs.intake.prepare import prepare
from tests.bench.memory import measured

ROWS = 200_000
_TRIES = 3
_WORDS = "tent order how long battery return please within thirty days store receipt warranty bicycle cold winter email"


def write_rows(path: Path, rows: int) -> None:
    """Write a table of questions of about 50 characters and answers of about 150, with commas in some."""
    chance = random.Random(7860)
    known = _WORDS.split()

    def words(count: int) -> str:
        return " ".join(chance.choices(known, k=count))

    with path.open("w", encoding="utf-8") as stream:
        stream.write("question,answer,category\n")
        for number in range(rows):
            comma = ", and" if number % 3 == 0 else ""
            stream.write(f'{words(7)} {number}?,"{words(11)}{comma} {words(11)}.",{chance.choice(known)}\n')


def best(action: Callable[[], object]) -> float:
    """Return the least seconds of a few tries."""
    taken: list[float] = []
    for _ in range(_TRIES):
        begun = time.monotonic()
        action()
        taken.append(time.monotonic() - begun)
    return min(taken)


def intake(path: Path) -> None:
    """Do all that an upload does before rows are stored."""
    table = read_table(path, path.name)
    prepare(table, fill_in(table, {}))


def show(line: str) -> None:
    """Print one line of figures at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        many, few = Path(folder) / "many.csv", Path(folder) / "few.csv"
        write_rows(many, ROWS)
        write_rows(few, ROWS // 10)
        show(f"{ROWS:,} rows, {many.stat().st_size / 2**20:.1f} MB, best of {_TRIES}")
        pandas_s = best(lambda: pandas.read_csv(many))
        show(f"pandas.read_csv           {pandas_s:6.2f} s")
        read_s, intake_s = best(lambda: read_table(many, many.name)), best(lambda: intake(many))
        show(f"read in a limited child   {read_s:6.2f} s, {read_s / pandas_s:.1f} times as long")
        show(f"read, guessed, prepared   {intake_s:6.2f} s, {intake_s / pandas_s:.1f} times as long")
        for path, rows in ((few, ROWS // 10), (many, ROWS)):
            peak = measured(path)
            show(
                f"peak with {rows:7,} rows: child {peak['child']:.0f} MB; parent {peak['before']:.0f} MB before, "
                f"{peak['read']:.0f} MB after reading all rows, {peak['prepared']:.0f} MB after preparing them"
            )


if __name__ == "__main__":
    main()
