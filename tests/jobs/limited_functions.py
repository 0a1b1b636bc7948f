"""Functions that the tests of `limited` run in a child process."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from storage.errors import UnreadableFile


def echo(*values: object) -> list[object]:
    print("noise that must not reach the result")  # noqa: T201 - a library may print
    return list(values)


def count(upto: int) -> Iterator[int]:
    yield from range(upto)


def refuse(sentence: str) -> None:
    raise UnreadableFile(sentence, "Do this instead.")


def refuse_late() -> Iterator[int]:
    yield 1
    raise UnreadableFile("Line 2 is wrong.")


def crash() -> None:
    raise KeyError("not foreseen")


def spin() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(60)


def swallow_memory() -> int:
    return len(bytearray(2 * 1024**3))


def swallow_disk() -> Iterator[str]:
    while True:
        yield "x" * 10_000_000


def surroundings() -> dict[str, object]:
    return {
        "environment": dict(os.environ),
        "folder": [path.name for path in Path.cwd().iterdir()],
        "heavy": [name for name in ("torch", "sqlalchemy", "pydantic", "gradio") if name in sys.modules],
    }


def surrogate() -> str:
    return "broken \ud800 letter"


def connect() -> str:
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    except PermissionError as error:
        return str(error)
    return "connected"


def run_program() -> str:
    try:
        subprocess.run([sys.executable, "-c", "pass"], check=True)
    except PermissionError as error:
        return str(error)
    return "ran"


def nested(depth: int) -> object:
    return json.loads("[" * depth + "]" * depth)
