"""What a container leaves of the computer: limits of memory and processor time that the kernel's groups set."""

from math import ceil
from pathlib import Path

_FILES = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")
# Version 1 writes "no limit" as a number near the end of what it can count.
_NO_LIMIT = 1 << 60


def room(total: int, free: int, files: Path = _FILES, own: Path = _OWN) -> tuple[int, int]:
    """Return total and free memory after the limits of every group that this process lies in."""
    for folder in _groups(files, own, "memory"):
        limit = _number(folder, "memory.max", "memory.limit_in_bytes")
        if limit is None or limit >= _NO_LIMIT:
            continue
        used = (_number(folder, "memory.current", "memory.usage_in_bytes") or 0) - _given_back_at_need(folder)
        total, free = min(total, limit), min(free, max(0, limit - used))
    return total, free


def processor_limit(cores: int, files: Path = _FILES, own: Path = _OWN) -> int:
    """Return how many cores this process may keep busy, at least one."""
    for folder in _groups(files, own, "cpu"):
        allowed, _, period = _text(folder / "cpu.max").partition(" ")
        if not allowed:
            allowed, period = _text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us")
        if allowed.isdigit() and period.isdigit() and int(period):
            cores = min(cores, max(1, ceil(int(allowed) / int(period))))
    return cores


def _groups(files: Path, own: Path, controller: str) -> list[Path]:
    """Return the folders of the groups that this process lies in, inner ones first, of version 2 and of version 1."""
    found = list[Path]()
    for line in _text(own).splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        root = files / controllers if controllers else files
        if controllers and not root.is_dir():
            root = files / controller
        inner = root / path.lstrip("/")
        found += [inner, *(outer for outer in inner.parents if outer.is_relative_to(root))]
    # In a container its own group often stands at the root, under whatever name the host gave it.
    return list(dict.fromkeys([*found, files, files / controller]))


def _given_back_at_need(folder: Path) -> int:
    """Return the bytes of files that the group holds in memory only because nobody else wanted it yet."""
    for line in _text(folder / "memory.stat").splitlines():
        name, _, value = line.partition(" ")
        if name in {"inactive_file", "total_inactive_file"} and value.isdigit():
            return int(value)
    return 0


def _number(folder: Path, *names: str) -> int | None:
    found = next((text for name in names if (text := _text(folder / name))), "")
    return int(found) if found.isdigit() else None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
