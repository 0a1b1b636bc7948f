"""Whether the ways had the same information is said from what was kept with the scores."""

from storage.records import Json
from studio.views.information import information

FAQ = {"id": "d", "name": "FAQ", "version": 2}
BASE: Json = {"column_id": "base", "way": "base"}
TUNED: Json = {"column_id": "tuned", "way": "tuned", "adapter_id": "a", "examples": FAQ}
ROWS: Json = {"column_id": "documents", "way": "documents", "collection": "FAQ rows", "documents": 1, "rows_of": "d"}
MANUALS: Json = {**ROWS, "collection": "Manuals", "documents": 8, "rows_of": None}
TOOLS: Json = {"column_id": "tools", "way": "tools", "tools": ["calculator", "look_up_orders"]}
NAMES = {"base": "Base", "tuned": "Tuned", "documents": "Documents", "tools": "Tools", "hybrid": "Hybrid"}


def test_the_same_rows_are_told_as_such() -> None:
    same = "Documents read the same rows that Tuned was trained on."
    assert information([BASE, TUNED, ROWS], NAMES) == same
    assert information([BASE, TUNED, ROWS, TOOLS], NAMES) == f"{same} Tools could use 2 tools."


def test_what_differs_is_named_once_with_all_its_ways() -> None:
    hybrid = {**TUNED, **MANUALS, **TOOLS, "column_id": "hybrid", "way": "hybrid"}
    assert information([BASE, TUNED, MANUALS, TOOLS, hybrid], NAMES) == (
        "The ways had different information: Tuned and Hybrid were trained on FAQ, version 2; "
        "Documents and Hybrid read Manuals (8 documents); Tools and Hybrid could use 2 tools."
    )


def test_rows_of_other_examples_are_not_the_same() -> None:
    assert information([TUNED, {**ROWS, "rows_of": "other"}], NAMES).startswith("The ways had different information")
    two = [TUNED, {**TUNED, "column_id": "tools", "examples": {**FAQ, "id": "e", "version": 3}}, ROWS]
    assert information(two, NAMES).startswith("The ways had different information")


def test_examples_deleted_since_are_told_as_such() -> None:
    gone = {**TUNED, "examples": {"id": "d", "name": None, "version": None}}
    assert "Tuned was trained on examples that were deleted since" in information([gone, MANUALS], NAMES)


def test_where_one_way_alone_knows_something_nothing_is_compared() -> None:
    assert information([BASE, TUNED], NAMES) == ""
    assert information([BASE], NAMES) == ""
