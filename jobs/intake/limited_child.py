"""The child's side of `limited`: take the limits, run the one function, write its result line by line."""

import errno
import importlib
import json
import os
import resource
import sys
from collections.abc import Iterator
from typing import IO, Any

from storage.errors import TriptychError

VALUE, ITEM, END, ERROR = "=", "+", ".", "!"
OUT_OF_MEMORY = 70
RESULT_TOO_LARGE = 71
DISK_FULL = 72

_RESULT_BYTES = 256 * 1024 * 1024
_OPEN_FILES = 64
_ENDINGS = {errno.EFBIG: RESULT_TOO_LARGE, errno.ENOSPC: DISK_FULL, errno.EDQUOT: DISK_FULL}
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.spawn", "os.posix_spawn")


def main() -> None:
    """Read the order on stdin, obey it, write the result on stdout. Whatever else is printed goes to stderr."""
    order = json.load(sys.stdin)
    result = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    os.dup2(2, 1)
    _take_limits(order["memory_bytes"], order["cpu_s"])
    try:
        _write(result, order["function"], order["args"])
        result.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except OSError as error:
        if error.errno not in _ENDINGS:
            raise
        os._exit(_ENDINGS[error.errno])


def _take_limits(memory_bytes: int, cpu_s: int) -> None:
    _lower(resource.RLIMIT_CPU, cpu_s)
    _lower(resource.RLIMIT_FSIZE, _RESULT_BYTES)
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)
    if sys.platform != "darwin":  # macOS knows the name of this limit but not the limit
        _lower(resource.RLIMIT_AS, memory_bytes)
    sys.addaudithook(_refuse)


def _lower(which: int, most: int) -> None:
    hard = resource.getrlimit(which)[1]
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (allowed, allowed))


def _refuse(event: str, _args: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a reader of uploads may not use {event}")


def _write(result: IO[str], function: str, args: list[Any]) -> None:
    """Write the function's value, or every item of a generator and then the end mark, or its TriptychError."""
    module, _, name = function.partition(":")
    try:
        answer = getattr(importlib.import_module(module), name)(*args)
        if not isinstance(answer, Iterator):
            _line(result, VALUE, answer)
            return
        for item in answer:
            _line(result, ITEM, item)
        _line(result, END, None)
    except TriptychError as error:
        _line(result, ERROR, {"error": type(error).__name__, "sentence": str(error), "next_step": error.next_step})


def _line(result: IO[str], mark: str, body: Any) -> None:
    result.write(f"{mark}{json.dumps(body, ensure_ascii=False)}\n")
