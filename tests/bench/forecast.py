"""How well the forecast of a training foretells its end: ten small trainings of the starter, one after the other.

`python -m tests.bench.forecast` prints for each what was said before its first step and what it took, and as the last
line JSON: the ratios (took / said), how many lie within 15 percent, and the ratios of the memory. Run it while nothing
else runs; twenty to thirty minutes on two cores.
"""

import csv
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from jobs.models.catalogue import ASSETS
from jobs.queue import Queue
from jobs.training.forecast import FORECAST, told
from storage.settings import Settings
from storage.workspace import Workspace
from tests.running import Running, studio_running

EXAMPLES = ASSETS / "samples" / "larkspur" / "examples.csv"
WITHIN = 0.15
# Rows, how many examples are joined to one row, and passes: sets of short and of long rows, short and long runs.
RUNS = (
    (40, 1, 2),
    (40, 1, 5),
    (80, 1, 3),
    (160, 1, 2),
    (320, 1, 1),
    (40, 4, 1),
    (60, 4, 2),
    (80, 6, 1),
    (120, 2, 2),
    (30, 1, 8),
)


@dataclass(frozen=True)
class Outcome:
    """What was said of a training, and the truth."""

    said_s: float
    took_s: float
    said_bytes: int
    held_bytes: int

    @property
    def ratio(self) -> float:
        """The seconds it took as a share of those that were said."""
        return self.took_s / self.said_s


def write_set(path: Path, rows: int, joined: int) -> None:
    """Write so many examples, each made of `joined` of the sample company's."""
    with EXAMPLES.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("question", "answer"))
        for row in range(rows):
            some = [given[(row * joined + part) % len(given)] for part in range(joined)]
            writer.writerow([" ".join(one[key] for one in some) for key in ("question", "answer")])


def run_one(running: Running, folder: Path, shape: tuple[int, int, int]) -> Outcome:
    """Train on a set of that shape to its end and return what was said and what it took."""
    rows, joined, passes = shape
    name = f"rows{rows}x{joined}"
    write_set(folder / f"{name}.csv", rows, joined)
    running.triptych("dataset", "add", str(folder / f"{name}.csv"), "--name", name)
    made = running.triptych("train", name, "--epochs", str(passes), "--wait")
    workspace = Workspace.open(Settings(home=running.home))
    try:
        job = Queue(workspace.database, workspace.clock).get(str(made["id"]))
        foretold = told(workspace.runs.records(job.id, FORECAST)[-1].body)
    finally:
        workspace.close()
    assert job.started_at is not None
    assert job.finished_at is not None
    took = job.finished_at - job.started_at
    return Outcome(foretold.seconds, took, foretold.peak_bytes, int(job.result["peak_bytes"]))


def main() -> None:
    """Run all and print the figures."""
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory() as name, studio_running(Path(name) / "home") as running:
        for shape in RUNS:
            found = run_one(running, Path(name), shape)
            outcomes.append(found)
            sys.stdout.write(
                f"{shape[0]:4} examples x {shape[1]}, {shape[2]} passes: said {found.said_s:6.1f} s, took "
                f"{found.took_s:6.1f} s, ratio {found.ratio:.2f}; memory said {found.said_bytes / 1e9:.2f} GB, held "
                f"{found.held_bytes / 1e9:.2f} GB\n"
            )
            sys.stdout.flush()
    ratios = [round(one.ratio, 3) for one in outcomes]
    good = sum(abs(ratio - 1) <= WITHIN for ratio in ratios)
    memory = [round(one.held_bytes / one.said_bytes, 3) for one in outcomes]
    sys.stdout.write(
        f"{json.dumps({'ratios': ratios, 'within_15_percent': good, 'runs': len(ratios), 'memory': memory})}\n"
    )


if __name__ == "__main__":
    main()
