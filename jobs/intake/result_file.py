"""What a limited child wrote, read back item by item, so that the parent never holds all of it."""

import json
import os
import weakref
from array import array
from collections.abc import Iterator, Sequence
from typing import IO, Any, overload


class ResultFile(Sequence[Any]):
    """The items that a generator yielded in a limited child. Their file has no name and goes when this object goes.

    Several threads may read at the same time. A copy is the object itself, as nothing in it ever changes.
    """

    def __init__(self, stream: IO[bytes], offsets: Sequence[int]) -> None:
        """Take over an open file in which the item number n, with a mark before it, begins at `offsets[n]`.

        The last offset is where the last item ends.
        """
        self._file = os.dup(stream.fileno())
        self._offsets = array("q", offsets)
        weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        numbers = range(len(self))[index]
        return self._item(numbers) if isinstance(numbers, int) else [self._item(number) for number in numbers]

    def __iter__(self) -> Iterator[Any]:
        return map(self._item, range(len(self)))

    def __copy__(self) -> "ResultFile":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "ResultFile":
        return self

    def _item(self, number: int) -> Any:
        begin, end = self._offsets[number], self._offsets[number + 1]
        # `pread` leaves the file's position alone, which threads would otherwise move under each other.
        return json.loads(os.pread(self._file, end - begin, begin)[1:])
