"""Some of a version's rows: by what they hold, their part, their kind and their numbers, a page at a time."""

from collections.abc import Iterator

import pytest

from storage.records import Example
from storage.settings import Settings
from storage.workspace import Workspace

ROWS = [
    Example(1, "Wie groß ist die Höhle?", "100% sure: two metres", "Be SHORT", "Ein Zelt.", "facts", "learn"),
    Example(2, "How old is a_b?", "Three years, or C:\\years", part="watch"),
    Example(3, "HOW FAR?", "Four", part="exam", kind="facts"),
    Example(5, "And Sunday?", "Closed.", conversation="a", turn=2),
    Example(7, "Open on Saturday?", "Until noon.", conversation="a", turn=1),
]


@pytest.fixture
def dataset(either_settings: Settings) -> Iterator[tuple[Workspace, str]]:
    workspace = Workspace.open(either_settings)
    kept = [
        workspace.datasets.keep(name, rows, rows=9, columns={}, dropped=(), source="x")
        for name, rows in (("faq", ROWS), ("other", ROWS[:2]))
    ]
    yield workspace, kept[0].id
    workspace.close()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3, 5, 7]),
        ("how", [2, 3]),
        ("  fAr? ", [3]),
        ("short", [1]),
        ("zelt", [1]),
        ("noon", [7]),
        ("facts", []),
        ("%", [1]),
        ("_", [2]),
        ("\\", [2]),
        ("a_b", [2]),
        ("ab", []),
        ("'; --", []),
        ("\0", [1, 2, 3, 5, 7]),
    ],
)
def test_rows_are_found_by_what_they_hold(dataset: tuple[Workspace, str], query: str, numbers: list[int]) -> None:
    workspace, dataset_id = dataset
    found, total = workspace.datasets.page(dataset_id, query=query)
    assert ([row.row for row in found], total) == (numbers, len(numbers))


def test_letters_beyond_english_have_no_case_either(workspace: Workspace) -> None:
    kept = workspace.datasets.keep("faq", ROWS, rows=9, columns={}, dropped=(), source="x")
    for query in ("HÖHLE", "höhle", "GROSS", "GROẞ"):
        assert workspace.datasets.page(kept.id, query=query) == ([ROWS[0]], 1), query


def test_parts_kinds_and_numbers_narrow_it_down(dataset: tuple[Workspace, str]) -> None:
    workspace, dataset_id = dataset
    page = workspace.datasets.page
    assert page(dataset_id, part="exam") == ([ROWS[2]], 1)
    assert page(dataset_id, kind="facts") == ([ROWS[0], ROWS[2]], 2)
    assert page(dataset_id, kind="facts", part="learn", query="zelt") == ([ROWS[0]], 1)
    assert page(dataset_id, kind="", part="watch") == ([ROWS[1]], 1)
    assert page(dataset_id, rows=[2, 3, 4]) == ([ROWS[1], ROWS[2]], 2)
    assert page(dataset_id, rows=[]) == ([], 0)
    assert page(dataset_id, rows=range(3, 100_000))[1] == 3
    assert page("nothing") == ([], 0)


def test_a_page_is_a_part_of_the_whole_and_knows_what_was_said_before(dataset: tuple[Workspace, str]) -> None:
    workspace, dataset_id = dataset
    assert workspace.datasets.page(dataset_id, 1, 2) == (ROWS[1:3], 5)
    assert workspace.datasets.page(dataset_id, 10, 2) == ([], 5)
    (sunday,), total = workspace.datasets.page(dataset_id, 3, 1)
    assert (sunday.row, total) == (5, 5)
    assert sunday.history == (("Open on Saturday?", "Until noon."),)
    assert workspace.datasets.page(dataset_id)[0] == workspace.datasets.examples(dataset_id)


def test_the_kinds_of_a_version_are_told(dataset: tuple[Workspace, str]) -> None:
    workspace, dataset_id = dataset
    assert workspace.datasets.kinds(dataset_id) == ["", "facts"]


def test_a_version_that_follows_tells_from_which(dataset: tuple[Workspace, str]) -> None:
    workspace, dataset_id = dataset
    first = workspace.datasets.get(dataset_id)
    second = workspace.datasets.follow(first, ROWS, rows=9, source="x", origin={"edited": 2})
    assert second is not None
    assert workspace.datasets.get("faq").origin == {"from": first.id, "edited": 2}
    third = workspace.datasets.follow(second, ROWS, rows=9, source="x")
    assert third is not None
    assert third.origin == {"from": second.id}
