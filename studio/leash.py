"""Becomes another program that the kernel ends when its parent dies, run as `python leash.py PARENT PROGRAM ARGUMENT…`.

It is a file of its own, and not a function run between fork and exec, because forking a process with threads is unsafe.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Ask for the signal, see that the parent still lives, and become the program (the wish outlives the exec)."""
    parent, *command = arguments
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(parent):
            sys.exit(1)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
