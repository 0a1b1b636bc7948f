"""How the threads of a computation wait for each other. Torch reads it when it is first imported."""

# What answers is mostly alone: a training pauses meanwhile. Its many short products take twice as long where threads
# sleep while they wait; threads that spin without end hold the processor that another program's threads need.
ANSWERING = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "10000"}
