"""The order book of the sample company: its orders move on by themselves, and each can be refunded once."""

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from storage.errors import Damaged, NotAllowed, NotFound, OurFault, UserFault
from storage.files import write_atomically
from storage.records import Json
from storage.sample import opened_at, sample_folder

_HOUR_S = 3600.0


class _Entry(BaseModel):
    """One order as the book tells it: `placed` days before the sample was opened, `course` as (state, hours in it)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: str = Field(pattern=r"^LC-[0-9]{4}$")
    customer: str
    product: str
    total: float = Field(ge=0, allow_inf_nan=False)
    placed: float = Field(ge=0, allow_inf_nan=False)
    carrier: str
    course: tuple[tuple[str, float | None], ...] = Field(min_length=1)


_book: TypeAdapter[list[_Entry]] = TypeAdapter(list[_Entry])
_refunds: TypeAdapter[dict[str, float]] = TypeAdapter(dict[str, float])


class OrderBook:
    """The orders of an open sample. Safe to use from several threads; what was refunded stands on the disk."""

    def __init__(self, home: Path, book: Path, clock: Callable[[], float]) -> None:
        """Raise UserFault where the sample is not open, OurFault or Damaged where a file can't be read."""
        opened = opened_at(home)
        if opened is None:
            raise UserFault("The sample company is not open in this home.", "Open it on the page Home.")
        self._home = home
        self._opened = opened
        self._clock = clock
        self._entries = _entries(book)
        self._file = sample_folder(home) / "orders-state.json"
        self._refunded = _kept_refunds(self._file)
        self._writing = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def still_open(self) -> bool:
        """Whether the sample is open as it was when this book was made: not closed, nor opened anew since."""
        return opened_at(self._home) == self._opened

    def order(self, number: str) -> Json:
        """Return all that is known of an order at this moment; raise NotFound."""
        entry = self._entry(number)
        placed = datetime.fromtimestamp(self._opened) - timedelta(days=entry.placed)
        refunded = self._refunded.get(entry.order)
        return {
            **entry.model_dump(include={"order", "customer", "product", "total", "carrier"}),
            "placed": placed.date().isoformat(),
            "status": _state(entry, (self._clock() - self._opened) / _HOUR_S),
            "refunded_at": None if refunded is None else _written(refunded),
        }

    def refund(self, number: str) -> Json:
        """Mark an order as refunded and return it; raise NotFound, or NotAllowed where it may not be refunded (again).

        Once this returns, no crash loses the refund.
        """
        with self._writing:
            entry = self._entry(number)
            if entry.order in self._refunded:
                since = datetime.fromtimestamp(self._refunded[entry.order])
                raise NotAllowed(f"Order {entry.order} is refunded already, since {since.day} {since:%B %Y at %H:%M}.")
            if not self.still_open():
                raise NotAllowed("The sample company is not open any more.")
            refunded = {**self._refunded, entry.order: self._clock()}
            write_atomically(self._file, json.dumps(refunded).encode())
            self._refunded = refunded
        return self.order(number)

    def _entry(self, number: str) -> _Entry:
        entry = self._entries.get(number.upper())
        if entry is None:
            raise NotFound(f"There is no order {number}.")
        return entry


def _entries(book: Path) -> dict[str, _Entry]:
    try:
        entries = _book.validate_json(book.read_bytes())
    except (OSError, ValidationError) as error:
        raise OurFault(f"The order book {book.name} can't be read.", f"Look at {book}.") from error
    by_number = {entry.order: entry for entry in entries}
    if len(by_number) < len(entries):
        raise OurFault(f"The order book {book.name} has a number twice.", f"Look at {book}.")
    return by_number


def _kept_refunds(file: Path) -> dict[str, float]:
    # A file that can't be read is no empty one: an order could be refunded twice.
    try:
        return _refunds.validate_json(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise Damaged("What the sample's order service keeps can't be read.", f"Look at {file}.") from error


def _state(entry: _Entry, hours: float) -> str:
    """The state that an order is in `hours` after the opening; the last one stays."""
    left = max(0.0, hours)
    for state, lasts in entry.course[:-1]:
        if lasts is None or left < lasts:
            return state
        left -= lasts
    return entry.course[-1][0]


def _written(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")
