"""How the events of the pages run: silent ones, and those that need no place in the line."""

from typing import Any

QUIET: dict[str, Any] = {"show_progress": "hidden"}
AT_ONCE: dict[str, Any] = {"show_progress": "hidden", "queue": False}
LATEST: dict[str, Any] = {"show_progress": "hidden", "trigger_mode": "always_last"}
TAIL: dict[str, Any] = {
    "show_progress": "hidden",
    "trigger_mode": "multiple",
    "concurrency_limit": 64,
    "concurrency_id": "tail",
}
