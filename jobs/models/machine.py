"""What this computer is: processor, memory and graphics cards, looked at without loading anything heavy."""

import logging
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Literal

import psutil

from jobs.models.cgroups import processor_limit, room

log = logging.getLogger(__name__)

# Instructions that make bf16 products faster than fp32 ones; elsewhere bf16 on a processor is emulated and slow.
FAST_BF16 = frozenset({"avx512_bf16", "amx_bf16"})
# Products of 8 bits are added up without loss; older processors cut off sums that are too large.
FAST_INT8 = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})
_ASK_TIMEOUT_S = 5
# What a person's other programs, the pages and the worker take beside a model.
_BESIDE_BYTES = 2_000_000_000
# A driver keeps a part of each card to itself, and what is freed on it is not all usable again.
_OF_A_CARD = 0.9


@dataclass(frozen=True, slots=True)
class Gpu:
    """One NVIDIA card; `memory_bytes` is 0 where the driver does not tell."""

    name: str
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Machine:
    """This computer. `cards_work`: the installed torch can compute on an NVIDIA card."""

    processor: str
    cores: int
    memory_bytes: int
    free_bytes: int
    gpus: tuple[Gpu, ...] = ()
    cards_work: bool = True
    apple: bool = False
    fast_bf16: bool = False

    @property
    def gpu(self) -> Gpu | None:
        """The card that models are computed on, or None where it is the processor."""
        return self.gpus[0] if self.gpus and self.cards_work else None

    @property
    def computes_on(self) -> Literal["gpu", "apple", "processor"]:
        """Where models are computed."""
        if self.gpu:
            return "gpu"
        return "apple" if self.apple else "processor"

    @property
    def weight_bytes(self) -> int:
        """Bytes of one weight while a model answers: 2 (bf16) where that is fast, else 4 (fp32)."""
        return 2 if self.gpu or self.fast_bf16 else 4

    @property
    def room_bytes(self) -> int:
        """Memory that a model may take, as an estimate: most of the card, or what this computer has beside the rest."""
        if self.gpu:
            return int(self.gpu.memory_bytes * _OF_A_CARD)
        return max(0, self.memory_bytes - _BESIDE_BYTES)


def look(environment: Mapping[str, str] = os.environ) -> Machine:
    """Look at this computer. Only the free memory is new at every look; cards are asked for once a process."""
    total, free = room(psutil.virtual_memory().total, psutil.virtual_memory().available)
    return Machine(
        processor=_processor(),
        cores=_cores(),
        memory_bytes=total,
        free_bytes=free,
        gpus=_cards(environment.get("PATH", ""), environment.get("CUDA_VISIBLE_DEVICES")),
        cards_work=_cards_work(),
        apple=platform.system() == "Darwin" and platform.machine() == "arm64",
        fast_bf16=bool(FAST_BF16 & processor_flags()),
    )


@cache
def processor_flags() -> frozenset[str]:
    """Return what the processor says that it can do, in the kernel's words; nothing where it is not told."""
    return frozenset(_told_by_kernel("flags").split())


@cache
def _processor() -> str:
    if platform.system() == "Darwin":
        return _said(["sysctl", "-n", "machdep.cpu.brand_string"]).strip() or platform.machine()
    return _told_by_kernel("model name") or platform.processor() or platform.machine() or "unknown processor"


def _told_by_kernel(key: str) -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = re.search(rf"^{key}\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


def _cores() -> int:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processor_limit(allowed)


@cache
def _cards(path: str, visible: str | None) -> tuple[Gpu, ...]:
    """Return the cards that may be used, in the driver's order; `visible` is the usual restriction of them."""
    found = _asked_driver(path) or _seen_by_kernel()
    if visible is None:
        return tuple(found)
    wanted = [number.strip() for number in visible.split(",")]
    # A card can also be named by its UUID; which one it is does not matter here, that it may be used does.
    return tuple(found[int(number)] if number.isdigit() else found[0] for number in wanted if _usable(number, found))


def _usable(number: str, found: list[Gpu]) -> bool:
    return bool(found) and (int(number) < len(found) if number.isdigit() else number.startswith(("GPU-", "MIG-")))


def _asked_driver(path: str) -> list[Gpu]:
    program = shutil.which("nvidia-smi", path=path)
    if program is None:
        return []
    said = _said([program, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"])
    return [_card(line) for line in said.splitlines() if line.strip()]


def _card(line: str) -> Gpu:
    name, _, mebibytes = line.rpartition(",")
    number = mebibytes.strip()
    return Gpu((name or line).strip(), int(number) * 2**20 if number.isdigit() else 0)


def _seen_by_kernel(proc: Path = Path("/proc/driver/nvidia/gpus"), devices: Path = Path("/dev")) -> list[Gpu]:
    """Return the cards of a driver whose program lacks. A container sees the driver without any card being its own."""
    if not any(devices.glob("nvidia[0-9]*")):
        return []
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in sorted(proc.glob("*/information"))]
    names = [re.search(r"^Model:\s*(.+)$", text, re.MULTILINE) for text in texts]
    return [Gpu(name[1].strip(), 0) for name in names if name]


def _said(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=_ASK_TIMEOUT_S, check=True).stdout
    except (subprocess.SubprocessError, OSError) as error:
        log.warning("%s does not answer (%s).", command[0], error)
        return ""


@cache
def _cards_work() -> bool:
    """Whether the installed torch was built for cards; its version tells, so torch itself need not be loaded."""
    try:
        return not metadata.version("torch").endswith("+cpu")
    except metadata.PackageNotFoundError:
        return False
