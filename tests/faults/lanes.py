"""Two lanes: short in `make test`, and the full figures with `make faults`, which prints them."""

import os
import sys
from typing import TypeVar

T = TypeVar("T")
FULL = os.environ.get("TRIPTYCH_FAULTS") == "full"


def lane(short: T, full: T) -> T:
    """Return the figure of the lane that runs."""
    return full if FULL else short


def tell(what: str) -> None:
    """Say a figure where the full lane runs, past pytest's capturing."""
    if FULL:
        sys.__stderr__.write(f"\n  {what}\n")  # pyright: ignore[reportOptionalMemberAccess]  # there is one in a terminal
