"""Orders move on by themselves and are refunded once; a refund survives whatever comes after it."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from jobs.sample.book import OrderBook
from storage.errors import Damaged, NotAllowed, NotFound, OurFault, TriptychError, UserFault
from storage.sample import mark_opened, sample_folder
from tests.jobs.sampling import ORDERS, write_book

NOON = 1_772_452_800.0  # 2 March 2026, 12:00 UTC


class Hands:
    """A clock that stands where it is put, in hours after the opening."""

    def __init__(self) -> None:
        self.hours = 0.0

    def __call__(self) -> float:
        return NOON + self.hours * 3600


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    mark_opened(tmp_path / "home", NOON)
    return tmp_path / "home"


def opened(home: Path, clock: Callable[[], float] = lambda: NOON) -> OrderBook:
    return OrderBook(home, write_book(home.parent), clock)


def test_an_order_is_told_with_every_fact(home: Path) -> None:
    book = opened(home)
    assert len(book) == 3
    assert book.order("lc-4101") == {
        "order": "LC-4101",
        "customer": "Ada Holm",
        "product": "City helmet, size M",
        "total": 129.0,
        "placed": "2026-02-28",
        "carrier": "Greenline",
        "status": "being packed",
        "refunded_at": None,
    }
    with pytest.raises(NotFound, match="no order LC-9999"):
        book.order("LC-9999")


@pytest.mark.parametrize(
    ("hours", "status"),
    [
        (-1.0, "being packed"), (0.49, "being packed"), (0.5, "out for delivery"), (1.99, "out for delivery"),
        (2.0, "delivered"), (9000.0, "delivered"),
    ],
)  # fmt: skip
def test_an_order_moves_on_from_the_opening(home: Path, clock: Hands, hours: float, status: str) -> None:
    book = opened(home, clock)
    clock.hours = hours
    assert book.order("LC-4101")["status"] == status
    assert book.order("LC-4102")["status"] == "waiting for parts"


def test_a_refund_is_made_once_and_outlives_the_book(home: Path, clock: Hands) -> None:
    clock.hours = 1.0
    refunded = opened(home, clock).refund("LC-4101")
    assert refunded["refunded_at"].startswith("2026-03-02T")
    clock.hours = 5.0
    again = opened(home, clock)
    assert again.order("LC-4101")["refunded_at"] == refunded["refunded_at"]
    assert again.order("LC-4105")["refunded_at"] is None
    with pytest.raises(NotAllowed, match=r"LC-4101 is refunded already, since 2 March 2026"):
        again.refund("lc-4101")
    with pytest.raises(NotFound):
        again.refund("LC-9999")


def test_of_many_refunds_at_once_one_is_made(home: Path) -> None:
    book, made = opened(home), list[str]()

    def refund() -> None:
        try:
            made.append(book.refund("LC-4105")["refunded_at"])
        except NotAllowed:
            made.append("")

    threads = [threading.Thread(target=refund) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len([at for at in made if at]) == 1


def test_nothing_is_refunded_once_the_sample_is_closed_or_opened_anew(home: Path) -> None:
    book = opened(home)
    assert book.still_open()
    mark_opened(home, NOON + 1)
    with pytest.raises(NotAllowed, match="not open any more"):
        book.refund("LC-4101")
    (sample_folder(home) / "opened.json").unlink()
    assert not book.still_open()
    assert not (sample_folder(home) / "orders-state.json").exists()


def test_a_closed_sample_has_no_book(tmp_path: Path) -> None:
    with pytest.raises(UserFault, match="not open"):
        opened(tmp_path / "home")


@pytest.mark.parametrize("kept", ["", "[1]", '{"LC-4101": "then"}'])
def test_kept_refunds_that_can_not_be_read_are_not_forgotten(home: Path, kept: str) -> None:
    (sample_folder(home) / "orders-state.json").write_text(kept)
    with pytest.raises(Damaged, match="order service"):
        opened(home)


@pytest.mark.parametrize(
    "change", [{"order": "4101"}, {"total": "much"}, {"course": []}, {"placed": -1}, {"colour": "red"}]
)
def test_a_book_with_a_fault_is_named(home: Path, change: dict[str, object]) -> None:
    book = write_book(home.parent, [{**ORDERS[0], **change}])
    with pytest.raises(OurFault, match=r"orders\.json"):
        OrderBook(home, book, lambda: NOON)


def test_a_book_that_is_not_there_or_has_a_number_twice_is_named(home: Path) -> None:
    for book in (home / "none.json", write_book(home.parent, [ORDERS[0], ORDERS[0]])):
        with pytest.raises(TriptychError, match="order book"):
            OrderBook(home, book, lambda: NOON)
    assert json.loads((home.parent / "orders.json").read_text())
