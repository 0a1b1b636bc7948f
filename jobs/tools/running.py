"""Run one call of a tool within a time limit; whatever goes wrong becomes the call's error, in a sentence."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import perf_counter

from jobs.tools.approving import UNKNOWN
from jobs.tools.tool import Tool
from storage.errors import TriptychError
from storage.records import ToolCall

LIMIT_S = 10.0

log = logging.getLogger(__name__)


def run_tool(tool: Tool, call: ToolCall, limit_s: float = LIMIT_S) -> ToolCall:
    """Return `call` with the tool's result or its error, and the seconds it took."""
    began = perf_counter()
    # One thread a call: a tool that hangs holds up nothing but itself.
    pool = ThreadPoolExecutor(1, thread_name_prefix=f"tool-{tool.name}")
    try:
        running = pool.submit(tool.run, call.arguments)
        fault = running.exception(limit_s)
        seconds = perf_counter() - began
        if fault is None:
            return replace(call, result=running.result(), seconds=seconds)
        return replace(call, error=_sentence(tool, fault), seconds=seconds)
    except TimeoutError:
        late = _unsure(tool, f"{tool.title} took longer than {limit_s:g} s.")
        return replace(call, error=late, seconds=perf_counter() - began)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _sentence(tool: Tool, fault: BaseException) -> str:
    if isinstance(fault, TriptychError):
        return str(fault)
    log.error("the tool %s failed", tool.name, exc_info=fault)
    return _unsure(tool, f"{tool.title} failed unexpectedly ({type(fault).__name__}).")


def _unsure(tool: Tool, sentence: str) -> str:
    return f"{sentence} {UNKNOWN}." if tool.effect == "acts" else sentence
