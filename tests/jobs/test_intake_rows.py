"""Rows lie in a file: counted, sliced and read again and again without ever being held at once."""

import copy
import gc
import threading
import tracemalloc
from pathlib import Path

import pytest

from jobs.intake.formats import read_table
from jobs.intake.rows import ROWS_A_PIECE, StoredRows
from jobs.intake.table import Table

COUNT = 2 * ROWS_A_PIECE + 30


@pytest.fixture
def table(tmp_path: Path) -> Table:
    path = tmp_path / "many.csv"
    path.write_text("nr,text\n" + "".join(f"{number},x\n" for number in range(COUNT)))
    return read_table(path, "many.csv")


def numbers(rows: list[list[str]]) -> list[int]:
    return [int(row[0]) for row in rows]


def test_rows_are_counted_and_read_again_and_again(table: Table) -> None:
    assert len(table.rows) == COUNT
    assert numbers(list(table.rows)) == numbers(list(table.rows)) == list(range(COUNT))
    assert [0, "x"] not in table.rows
    assert ["7", "x"] in table.rows


@pytest.mark.parametrize(
    "cut",
    [slice(6), slice(ROWS_A_PIECE - 2, ROWS_A_PIECE + 2), slice(-3, None), slice(None, None, -70), slice(900, 999)],
)
def test_a_slice_is_what_a_list_would_give(table: Table, cut: slice) -> None:
    assert numbers(table.rows[cut]) == list(range(COUNT))[cut]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("index", [0, ROWS_A_PIECE, COUNT - 1, -1])
def test_one_row_is_taken_by_its_number(table: Table, index: int) -> None:
    assert int(table.rows[index][0]) == range(COUNT)[index]


def test_a_number_beyond_the_rows_is_no_row(table: Table) -> None:
    with pytest.raises(IndexError):
        table.rows[COUNT]


def test_rows_are_brought_to_one_width() -> None:
    assert list(StoredRows([[["a"], ["a", "b", "c"], ["a", "b"]]], 3, 2)) == [["a", ""], ["a", "b"], ["a", "b"]]


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_a_copy_shares_the_file_and_the_file_goes_with_the_last(tmp_path: Path, table: Table) -> None:
    opened = open_files()
    twin = copy.deepcopy(table)
    assert open_files() == opened
    rows = twin.rows
    del twin
    assert numbers(rows[:2]) == [0, 1]
    more = [read_table(tmp_path / "many.csv", "many.csv") for _ in range(3)]
    assert open_files() == opened + 3
    del more
    gc.collect()
    assert open_files() == opened


def test_threads_do_not_move_each_other(table: Table) -> None:
    seen: list[bool] = []

    def read() -> None:
        seen.extend(numbers(list(table.rows)) == list(range(COUNT)) for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 80


def test_many_rows_need_no_more_memory_than_few(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("question,answer\n" + f"{'q' * 50}?,{'a' * 150}\n" * 50_000)
    tracemalloc.start()
    try:
        table = read_table(path, "many.csv")
        assert sum(1 for _ in table.rows) == 50_000
        assert tracemalloc.get_traced_memory()[1] < 2 * 2**20
    finally:
        tracemalloc.stop()


def test_a_table_can_be_hashed_and_compared_without_reading_its_rows(table: Table) -> None:
    assert {table: 1}[table] == 1
    assert table == table
    assert table != copy.copy(table)
