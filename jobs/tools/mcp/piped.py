"""Messages to a program through its pipes: it is started within limits and ended, with what it started, each time.

Only `session` imports this module, as it loads the package.
"""

import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE
from tempfile import TemporaryDirectory
from typing import Any

import anyio
from anyio.abc import ByteReceiveStream, ByteSendStream, ObjectReceiveStream, ObjectSendStream, Process
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from jobs.tools.mcp.program import Program

MOST_BYTES = 2_000_000
_CONFINED = Path(__file__).with_name("confined.py")
_PATIENCE_S = 0.5
_OVER = (anyio.EndOfStream, anyio.ClosedResourceError, anyio.BrokenResourceError, OSError)


class Piped:
    """Speaks with a program through its pipes. `fault` is why that went wrong, in a sentence."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.fault = ""

    @asynccontextmanager
    async def streams(self) -> AsyncGenerator[Any]:
        """Start the program and give the two streams through which a client speaks; end it behind them."""
        told, inbox = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        outbox, asked = anyio.create_memory_object_stream[SessionMessage](0)
        with TemporaryDirectory(prefix="triptych-mcp-") as folder, told, inbox, outbox, asked:
            process = await self._started(folder)
            try:
                async with anyio.create_task_group() as tasks:
                    assert process.stdout is not None
                    assert process.stdin is not None
                    tasks.start_soon(self._hear, process.stdout, told)
                    tasks.start_soon(_tell, asked, process.stdin)
                    yield inbox, outbox
                    tasks.cancel_scope.cancel()
            finally:
                with anyio.CancelScope(shield=True):
                    await _end(process)

    async def _started(self, folder: str) -> Process:
        confined = [sys.executable, "-I", "-S", str(_CONFINED), str(os.getpid()), *self._program.command]
        return await anyio.open_process(
            confined, stdin=PIPE, stdout=PIPE, stderr=None if self._program.looked else DEVNULL,
            cwd=folder, env=self._program.environment, start_new_session=True,
        )  # fmt: skip

    async def _hear(self, output: ByteReceiveStream, told: ObjectSendStream[SessionMessage | Exception]) -> None:
        """Pass on what the program says, a message a line, until it ends, says too much, or what is no message."""
        rest, heard = b"", 0
        with suppress(*_OVER):
            async with told:
                async for part in output:
                    heard += len(part)
                    *lines, rest = (rest + part).split(b"\n")
                    if heard > MOST_BYTES:
                        self.fault = f"{self._program.name} says more than {MOST_BYTES / 1e6:g} MB."
                        return
                    for line in filter(bytes.strip, lines):
                        await told.send(SessionMessage(jsonrpc_message_adapter.validate_json(line, by_name=False)))
                self.fault = f"{self._program.name} ended by itself."


async def _tell(asked: ObjectReceiveStream[SessionMessage], program: ByteSendStream) -> None:
    with suppress(*_OVER):
        async for one in asked:
            text = one.message.model_dump_json(by_alias=True, exclude_unset=True)
            await program.send(f"{text}\n".encode())


async def _end(process: Process) -> None:
    """Close the program's input, wait a moment, and kill its whole group, whatever is left of it."""
    with suppress(*_OVER):
        await process.stdin.aclose() if process.stdin else None
    with anyio.move_on_after(_PATIENCE_S):
        await process.wait()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with anyio.move_on_after(_PATIENCE_S), suppress(*_OVER):
        await process.aclose()
