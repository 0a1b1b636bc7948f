"""Benchmarks. Each runs alone, so what it starts waits as it does where nothing was set for tests side by side."""

import os
import sys

from jobs.models.threads import SEARCHING
from tests import BESIDE_OTHERS

if "pytest" not in sys.modules:
    for name, value in BESIDE_OTHERS.items():
        if os.environ.get(name) == value:
            del os.environ[name]
    os.environ.update(SEARCHING)
