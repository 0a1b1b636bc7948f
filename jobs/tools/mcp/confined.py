"""Becomes another program within limits, which the kernel ends with its parent: `confined.py PARENT PROGRAM ARGUMENT…`.

It is a file of its own, and not a function run between fork and exec, because forking a process with threads is unsafe.
"""

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_LIMITS = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_CPU: 60,
    resource.RLIMIT_FSIZE: 256 * 1024 * 1024,
    resource.RLIMIT_NOFILE: 1_024,
}
# Address space that is only reserved does not count here: some runtimes reserve tens of gigabytes as they start.
_MEMORY = 2 * 1024 * 1024 * 1024


def main(arguments: list[str]) -> None:
    """Take the limits, see that the parent still lives, and become the program (all of it outlives the exec)."""
    parent, *command = arguments
    for which, most in _LIMITS.items():
        _lower(which, most)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_DATA, _MEMORY)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(parent):
            sys.exit(1)
    os.execv(command[0], command)


def _lower(which: int, most: int) -> None:
    hard = resource.getrlimit(which)[1]
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (allowed, allowed))


if __name__ == "__main__":
    main(sys.argv[1:])
