"""JSON in all its shapes becomes rows; a line that is none is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jobs.intake.table import Table
from storage.errors import NotFound, TooLarge, UnreadableFile
from tests.tables import table_of

Read = Callable[..., Table]

PAIRS = [{"question": "How big?", "answer": "Größe 2 m"}, {"question": "How long?", "answer": "3 m"}]
ROWS = [["How big?", "Größe 2 m"], ["How long?", "3 m"]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def parse(document: Any, sheet: str | None = None, codec: str = "utf-8") -> Table:
        text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
        (tmp_path / "faq").write_bytes(text.encode(codec))
        return table_of(tmp_path / "faq", "faq.csv", sheet)

    return parse


def lines(*records: Any) -> str:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records)


@pytest.mark.parametrize(
    "document",
    [
        PAIRS,
        json.dumps(PAIRS, indent=4),
        lines(*PAIRS),
        "\n\n" + lines(*PAIRS).replace("\n", "\r\n\r\n") + "\n",
        {"question": ["How big?", "How long?"], "answer": ["Größe 2 m", "3 m"]},
        {"question": {"0": "How big?", "1": "How long?"}, "answer": {"0": "Größe 2 m", "1": "3 m"}},
        {"version": 2, "about": {"tags": ["a"]}, "questions": PAIRS},
        {"data": {"inner": {"rows": PAIRS}}},
        [["question", "answer"], *ROWS],
        lines(["question", "answer"], *ROWS),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_shape_is_the_same_table(read: Read, document: Any, codec: str) -> None:
    table = read(document, codec=codec)
    assert (table.columns, table.rows) == (["question", "answer"], ROWS)


def test_one_object_is_one_row(read: Read) -> None:
    assert read(PAIRS[0]).rows == ROWS[:1]


def test_an_object_of_objects_is_a_row_for_each_key(read: Read) -> None:
    table = read({"a1": PAIRS[0], "a2": PAIRS[1]})
    assert (table.columns, table.rows[1]) == (["key", "question", "answer"], ["a2", *ROWS[1]])


def test_nested_objects_become_dotted_columns_and_lists_are_joined(read: Read) -> None:
    record = {
        "q": "How?",
        "meta": {"id": 7, "by": {"name": "Ann"}, "none": {}},
        "tags": ["a", None, 2],
        "deep": [{"x": 1}],
    }
    table = read([record, {"q": "Why?", "new": True}])
    assert table.columns == ["q", "meta.id", "meta.by.name", "meta.none", "tags", "deep", "new"]
    assert table.rows == [["How?", "7", "Ann", "", "a; ; 2", '[{"x": 1}]', ""], ["Why?", "", "", "", "", "", "true"]]


@pytest.mark.parametrize("number", ["1.0", "1.10", "1e999", "-7", "9" * 5000, "-0.5"])
def test_numbers_stay_as_they_are_written(read: Read, number: str) -> None:
    assert read(f'[{{"n": {number}, "m": null}}]').rows == [[number, ""]]


def test_several_lists_are_sheets(read: Read) -> None:
    document = {"train": PAIRS, "test": PAIRS[:1], "note": "x"}
    assert (read(document).sheets, read(document).sheet) == (["train", "test"], "train")
    assert read(document, "TEST").rows == ROWS[:1]
    with pytest.raises(NotFound, match="no sheet “dev”"):
        read(document, "dev")
    with pytest.raises(NotFound, match="one table, without sheets"):
        read(PAIRS, "train")


def test_plain_texts_are_one_column(read: Read) -> None:
    table = read(["How big?", "How long?"])
    assert (table.columns, table.rows) == (["text"], [["How big?"], ["How long?"]])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (lines(*PAIRS) + '\n{"question": "cut o', r"Line 3 of faq\.csv is not valid JSON"),
        ('[{"question": "a",\n "answer": }]', r"Line 2 of faq\.csv is not valid JSON \(Expecting value, at character"),
        (lines(PAIRS[0]) + "\n" + "[" * 100_000, "nested too deeply"),
        ('[{"a": ' + "[" * 100_000, "nested too deeply"),
        ("[]", "has no rows"),
        ("{}", "has no rows"),
        ('{"data": []}', "one column"),
        ('[["question", "answer"]]', "no rows below"),
        ('[["a", "b"], ["c", "d", "e"], ["f"]]', "Line 2 has 3 columns"),
    ],
)
def test_what_is_no_table_is_a_sentence(read: Read, text: str, what: str) -> None:
    if what == "one column":
        assert read(text).columns == ["data"]
        return
    with pytest.raises(UnreadableFile, match=what) as caught:
        read(text)
    assert caught.value.next_step


def test_too_many_columns_is_a_sentence(read: Read) -> None:
    with pytest.raises(TooLarge, match="more than 256 columns"):
        read([{f"c{number}": 1 for number in range(300)}])


def test_a_text_that_only_looks_a_little_like_json_is_a_table(read: Read) -> None:
    assert read("{name},[answer]\nHello {name},[none]\n").columns == ["{name}", "[answer]"]
