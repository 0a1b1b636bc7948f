"""How the threads of a computation wait for each other. Torch and numpy read it when they are first imported."""

# What answers is mostly alone: a training pauses meanwhile. Its many short products take twice as long where threads
# sleep while they wait; threads that spin without end hold the processor that another program's threads need.
ANSWERING = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "10000"}
# After a product of numpy's its threads would spin for 2**26 cycles, some 20 ms, and take the processor from the model
# that is to read what was found; now for a few microseconds.
SEARCHING = {"OPENBLAS_THREAD_TIMEOUT": "14"}
