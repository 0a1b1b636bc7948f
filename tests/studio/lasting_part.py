"""A part for tests: writes its process id into home and stays; deaf to SIGTERM where the home holds a file `deaf`."""

import os
import signal
import time
from pathlib import Path

home = Path(os.environ["TRIPTYCH_HOME"])
if (home / "deaf").exists():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
with (home / "pids").open("a") as pids:
    pids.write(f"{os.getpid()}\n")
if (home / "dying").exists():
    raise SystemExit("the roof fell in")
while True:
    time.sleep(0.05)
