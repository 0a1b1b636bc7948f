"""The tests. Torch reads the waiting policy when it is first imported, so it is set here, before any test."""

import os

from jobs.models.threads import BESIDE_OTHERS

for name, value in BESIDE_OTHERS.items():
    os.environ.setdefault(name, value)
