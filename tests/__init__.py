"""The tests. Torch reads the waiting policy when it is first imported, so it is set here, before any test."""

import os

# Threads that spin while they wait are faster alone. Beside another program that computes they hold the processor that
# the awaited thread needs, and every step takes ten times as long.
BESIDE_OTHERS = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "500"}

for name, value in BESIDE_OTHERS.items():
    os.environ.setdefault(name, value)
