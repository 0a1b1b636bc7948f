"""How the threads of a computation wait for each other: asleep, so that programs side by side do not starve."""

# Threads that spin while they wait are a little faster alone. Beside another program that computes they hold the
# processor that the awaited thread needs, and every step takes ten times as long. Read when torch is first imported.
BESIDE_OTHERS = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "500"}
