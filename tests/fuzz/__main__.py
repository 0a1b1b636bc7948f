"""`python -m tests.fuzz`: bend 10,000 tables, 2,000 archives and 2,000 documents, read each in a limited child, and
print how they end.
"""

import random
import resource
import sys
import time
from pathlib import Path

from tests.fuzz.judging import Judged, judged
from tests.fuzz.mutating import archives, documents, tables

TABLES = 10_000
ARCHIVES = 2_000
DOCUMENTS = 2_000
SEED = 7860


def show(what: str, found: Judged, seconds: float) -> None:
    """Print one line of figures, and each fault."""
    ends = ", ".join(f"{count:,} {ended}" for ended, count in found.ended.most_common())
    sys.stdout.write(
        f"{what}: {ends}; slowest {found.slowest_s:.1f} s; most memory {found.peak_mb:.0f} MB; "
        f"{found.children_lost} children ended by a file; {seconds:.0f} s in all\n"
    )
    sys.stdout.writelines(f"  FAULT {fault}\n" for fault in found.faults)
    sys.stdout.flush()


def main() -> int:
    """Print the figures; 1 where any file ended in a fault. A folder as the argument keeps the files of faults."""
    keep = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    faults = 0
    lanes = (("tables", tables, TABLES), ("archives", archives, ARCHIVES), ("documents", documents, DOCUMENTS))
    for what, mutants, count in lanes:
        begun = time.monotonic()
        found = judged(mutants(random.Random(SEED)), count, keep, documents=what == "documents")
        show(f"{count:,} {what}", found, time.monotonic() - begun)
        faults += len(found.faults)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    sys.stdout.write(f"the largest child of all had {largest:.0f} MB\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
