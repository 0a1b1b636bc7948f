"""Rows of a table that lie in the file that a limited child wrote."""

from collections.abc import Iterator, Sequence
from typing import overload

ROWS_A_PIECE = 100


class StoredRows(Sequence[list[str]]):
    """The rows of `pieces`, which hold ROWS_A_PIECE each, brought to one width; `count` leaves out what follows."""

    def __init__(self, pieces: Sequence[list[list[str]]], count: int, width: int) -> None:
        self._pieces = pieces
        self._count = count
        self._width = width

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> list[str]: ...
    @overload
    def __getitem__(self, index: slice) -> list[list[str]]: ...
    def __getitem__(self, index: int | slice) -> list[str] | list[list[str]]:
        numbers = range(self._count)[index]
        if isinstance(numbers, int):
            return self._piece(numbers // ROWS_A_PIECE)[numbers % ROWS_A_PIECE]
        return list(self._chosen(numbers))

    def __iter__(self) -> Iterator[list[str]]:
        for number in range(-(-self._count // ROWS_A_PIECE)):
            yield from self._piece(number)

    def _chosen(self, numbers: range) -> Iterator[list[str]]:
        at, piece = -1, list[list[str]]()
        for number in numbers:
            if number // ROWS_A_PIECE != at:
                at = number // ROWS_A_PIECE
                piece = self._piece(at)
            yield piece[number % ROWS_A_PIECE]

    def _piece(self, number: int) -> list[list[str]]:
        width = self._width
        return [row if len(row) == width else (row + [""] * (width - len(row)))[:width] for row in self._pieces[number]]
