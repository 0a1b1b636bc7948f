"""Run one function on an untrusted file in a child process with limits; bring back plain values or a sentence.

Covered: memory, processor time, wall time, size of the result, no inherited environment, an empty working folder, and
the usual ways of Python code to the network or to other programs. Not covered: this is no sandbox against a fault in
native code, which could still read the user's files.
"""

import json
import logging
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from jobs.intake import limited_child
from jobs.intake.result_file import ResultFile
from storage import errors
from storage.errors import NoSpace, TooLarge, TriptychError, UnreadableFile

MEMORY_BYTES = 1024**3
CPU_S = 20
WALL_S = 60

_PACKAGES = Path(__file__).parent.parent.parent
_START = "import sys; sys.path.insert(0, sys.argv[1]); from jobs.intake.limited_child import main; main()"
_SMALLER = "Split it into smaller files and try again."

log = logging.getLogger(__name__)


def run_limited(
    function: str,
    *args: Any,
    name: str,
    memory_bytes: int = MEMORY_BYTES,
    cpu_s: int = CPU_S,
    wall_s: float = WALL_S,
) -> Any:
    """Call `function` ("package.module:function") with JSON-able `args` in a child process and return its JSON value.

    A generator comes back as a sequence of what it yields, which lies in a file and is read piece by piece. A
    TriptychError of the function is raised here again; `name` is what the sentences call the file when the child is
    stopped at a limit.
    """
    order = json.dumps({"function": function, "args": args, "memory_bytes": memory_bytes, "cpu_s": cpu_s})
    command = [sys.executable, "-I", "-X", "utf8", "-c", _START, str(_PACKAGES)]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as result, tempfile.TemporaryFile() as said:
        try:
            ended = subprocess.run(
                command,
                input=order.encode(),
                stdout=result,
                stderr=said,
                timeout=wall_s,
                cwd=folder,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _over_the_limit(name) from error
        if ended.returncode != 0:
            raise _stopped(name, ended.returncode, said)
        result.seek(0)
        return _value(result)


def _value(result: IO[bytes]) -> Any:
    offsets = [0]
    for line in result:
        match line[:1].decode():
            case limited_child.ITEM:
                offsets.append(offsets[-1] + len(line))
            case limited_child.END:
                return ResultFile(result, offsets)
            case limited_child.VALUE:
                return json.loads(line[1:])
            case limited_child.ERROR:
                raise _error(json.loads(line[1:]))
            case _:
                break
    raise UnreadableFile("The file's reader ended without a result.")


def _error(body: dict[str, str]) -> TriptychError:
    kind = getattr(errors, body["error"], None)
    if not (isinstance(kind, type) and issubclass(kind, TriptychError)):
        kind = UnreadableFile
    return kind(body["sentence"], body["next_step"])


def _over_the_limit(name: str) -> TooLarge:
    return TooLarge(f"Reading {name} took more time or memory than one file may use, so it was stopped.", _SMALLER)


def _stopped(name: str, code: int, said: IO[bytes]) -> TriptychError:
    said.seek(0)
    log.warning("The reader of an upload ended with code %d.", code)
    log.debug("Its last words: %s", said.read()[-2000:].decode(errors="replace"))
    # Native code that gets no memory ends by SIGABRT.
    if code in {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, limited_child.OUT_OF_MEMORY}:
        return _over_the_limit(name)
    if code == limited_child.DISK_FULL:
        return NoSpace(f"The disk is too full to read {name}.")
    if code == limited_child.RESULT_TOO_LARGE:
        return TooLarge(f"{name} holds more text than one file may.", _SMALLER)
    return UnreadableFile(f"{name} could not be read: it is damaged or not what its name says.")
