"""A short lane of `python -m tests.fuzz`: bent files end in a table or a sentence, quickly and within the memory."""

import random
from collections.abc import Callable, Iterator

import pytest

from jobs.intake.limited import MEMORY_BYTES
from tests.fuzz.judging import judged
from tests.fuzz.mutating import Mutant, archives, documents, tables

SEED = 7860


@pytest.mark.parametrize(("mutants", "count"), [(tables, 600), (archives, 200)])
def test_no_bent_file_ends_in_a_fault(mutants: Callable[[random.Random], Iterator[Mutant]], count: int) -> None:
    found = judged(mutants(random.Random(SEED)), count)
    assert found.faults == []
    assert found.ended.total() == count
    assert found.ended["table"] > count / 10, "the files are bent so badly that no reader gets far"
    assert found.ended["sentence"] > count / 10, "the files are hardly bent"
    assert found.slowest_s < 5
    assert found.peak_mb < MEMORY_BYTES / 2**20


def test_no_bent_document_ends_in_a_fault() -> None:
    found = judged(documents(random.Random(SEED)), 200, documents=True)
    assert found.faults == []
    assert found.ended.total() == 200
    assert found.ended["text"] > 20, "the files are bent so badly that no reader gets far"
    assert found.ended["sentence"] > 20, "the files are hardly bent"
    assert found.slowest_s < 5
    assert found.peak_mb < MEMORY_BYTES / 2**20
