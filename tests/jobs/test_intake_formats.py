"""From bytes to a table: everything that people upload parses right or gets a sentence that names the problem."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.intake.formats import read_pasted, read_table
from jobs.intake.sizes import MOST_BYTES
from jobs.intake.table import Table, usable_names
from storage.errors import NotFound, TooLarge, TriptychError, UnreadableFile
from tests.tables import table_of

Read = Callable[[bytes], Table]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Parse bytes in this process; the limited child has tests of its own."""

    def parse(data: bytes) -> Table:
        path = tmp_path / "faq.csv"
        path.write_bytes(data)
        return table_of(path)

    return parse


def test_a_file_is_read_in_a_child(tmp_path: Path) -> None:
    path = tmp_path / "0b1c"
    path.write_bytes("question;answer\nWie groß?;2 m\n".encode("cp1252"))
    table = read_table(path, "faq.csv")
    assert (table.columns, list(table.rows)) == (["question", "answer"], [["Wie groß?", "2 m"]])
    assert "“groß”" in table.notes[0]


def test_what_is_pasted_from_a_spreadsheet_is_read_the_same_way() -> None:
    table = read_pasted('question\tanswer\nWie groß?\t"2 m\n""breit"""\n')
    assert (table.columns, list(table.rows)) == (["question", "answer"], [["Wie groß?", '2 m\n"breit"']])
    with pytest.raises(UnreadableFile, match="What you pasted is empty"):
        read_pasted(" \n")


def test_a_table_alone_has_no_sheets(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("question,answer\na,b\n")
    assert (table_of(tmp_path / "x").sheets, table_of(tmp_path / "x").sheet) == ([], "")
    with pytest.raises(NotFound, match="one table, without sheets"):
        table_of(tmp_path / "x", sheet="Sheet1")


def test_a_refusal_in_the_child_reaches_the_person(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    with pytest.raises(UnreadableFile, match=r"faq\.csv is a picture \(PNG\)"):
        read_table(tmp_path / "x", "faq.csv")


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "big"
    with path.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    with pytest.raises(TooLarge, match="50 MB"):
        read_table(path, "faq.csv")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_and_line_ends(read: Read, separator: str, newline: str) -> None:
    rows = [["question", "answer"], ["How, then; so?", "Like | this"], ["And\nnow?", 'He said "no"\tso']]
    quoted = newline.join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    table = read(quoted.encode())
    assert table.columns == ["question", "answer"]
    assert table.rows == rows[1:]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_semicolon_table_in_any_encoding(read: Read, codec: str) -> None:
    assert read("frage;antwort\r\nWie groß?;2,5 m\r\n".encode(codec)).rows == [["Wie groß?", "2,5 m"]]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "is empty"),
        (b"%PDF-1.7 ...", "PDF document"),
        (b"PK\x03\x04 broken", "damaged: what is packed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "older Excel"),
        (b"RIFF....WEBP", "picture"),
        (b"....ftypmp42", "film"),
        (b"<!DOCTYPE html><table>", "web page"),
        (bytes(range(1, 9)) * 50, "is not text"),
        (b"question,answer\n", "no rows below"),
        (b"# only a comment\n\n", "no rows below"),
    ],
)
def test_what_is_no_table_is_named(read: Read, data: bytes, what: str) -> None:
    with pytest.raises(UnreadableFile, match=what) as caught:
        read(data)
    assert caught.value.next_step


def test_a_wide_line_is_named_and_so_are_its_fellows(read: Read) -> None:
    data = b"question,answer\n" + b"a,b\n" * 17 + b"Yes, or no?,No\n" + b"a,b\n" + b"x,y,z\n" * 7
    with pytest.raises(UnreadableFile) as caught:
        read(data)
    assert str(caught.value) == (
        "Line 19 has 3 columns, the others 2. Lines 21, 22, 23, 24, 25 and 2 more have too many as well."
    )
    assert caught.value.next_step.startswith("A comma inside a text? Put that text in quotes")


def test_lines_are_counted_as_an_editor_counts_them(read: Read) -> None:
    with pytest.raises(UnreadableFile, match="Line 5 has 3 columns"):
        read(b'question,answer\n"two\nlines",b\n\nx,y,z\n')


def test_empty_cells_too_many_do_no_harm(read: Read) -> None:
    assert read(b"question,answer,\na,b,\nc,d,,,\n").rows == [["a", "b"], ["c", "d"]]


def test_a_short_line_is_filled_and_named(read: Read) -> None:
    table = read(b"question,answer\na,b\nHow do I\nreturn it?,So\n")
    assert table.rows == [["a", "b"], ["How do I", ""], ["return it?", "So"]]
    assert table.notes == [
        "Line 3 has fewer columns than the others; what is missing was read as empty. "
        "A line break inside a text? Put that text in quotes."
    ]


def test_a_quote_that_is_never_closed_names_its_line(read: Read) -> None:
    with pytest.raises(UnreadableFile, match="Line 3 opens a quotation mark that is never closed"):
        read(b'question,answer\na,b\n"c,d\ne,f\ng,h\n')


def test_an_inch_is_no_quotation_mark(read: Read) -> None:
    assert read(b'question,answer\nHow wide?,It is 5" wide\nHow long?,7"\n').rows[1] == ["How long?", '7"']


def test_quotes_after_a_space_or_a_backslash(read: Read) -> None:
    assert read(b'ID, Test\n1, "a, b"\n2, "c ""d"" e"\n3, "f \\" g"\n').rows == [
        ["1", "a, b"],
        ["2", 'c "d" e'],
        ["3", 'f " g'],
    ]


def test_control_characters_are_taken_out_and_said(read: Read) -> None:
    table = read(b"question,answer\n\x00a,b\x00\n")
    assert (table.rows, table.notes) == ([["a", "b"]], ["2 invisible control characters were taken out."])


def test_lines_above_the_table_are_left_out_and_said(read: Read) -> None:
    table = read(b"Our questions, spring\n\nquestion;answer;kind\na;b;c\nd;e;f\n")
    assert table.columns == ["question", "answer", "kind"]
    assert table.notes == ["The table begins on line 3; what stands above it was left out."]


def test_excels_hint_at_the_separator_is_obeyed(read: Read) -> None:
    assert read(b"sep=;\r\nquestion;answer\r\na,b;c\r\n").rows == [["a,b", "c"]]


@pytest.mark.parametrize(
    "data",
    [
        b"1,How are you?\n2,And now?\n",
        b"Can I return my order after 30 days?,Yes\nAnd later?,No\n",
        b"12.5,13\n4,5\n",
    ],
)
def test_a_table_without_names_loses_no_row(read: Read, data: bytes) -> None:
    table = read(data)
    assert table.columns == ["column 1", "column 2"]
    assert len(table.rows) == 2
    assert "numbered" in table.notes[0]


def test_one_column_with_commas_stays_one_column(read: Read) -> None:
    table = read(b"question\nHow, then?\nWhat, where, when?\n")
    assert (table.columns, len(table.rows)) == (["question"], 2)


def test_a_cell_of_100_000_characters_is_read(read: Read) -> None:
    assert read(b"question,answer\nHow?," + b"x" * 100_000 + b"\n").rows[0][1] == "x" * 100_000


def test_too_many_columns_is_a_sentence(read: Read) -> None:
    with pytest.raises(TooLarge, match="300 columns"):
        read(b",".join([b"name"] * 300) + b"\n" + b",".join([b"x"] * 300) + b"\n")


def test_blank_and_repeated_names_are_told_apart() -> None:
    names, notes = usable_names(["id", "", "name", "id", " ", "name\n two", "id (2)"])
    assert names == ["id", "column 2", "name", "id (3)", "column 5", "name two", "id (2)"]
    assert notes == [
        "Column 2 has no name; it is called “column 2” here.",
        "Another column is called “id” too; it is called “id (3)” here.",
        "Column 5 has no name; it is called “column 5” here.",
    ]


def test_many_columns_without_a_name_are_not_told_one_by_one() -> None:
    names, notes = usable_names([""] * 20)
    assert names[-1] == "column 20"
    assert (len(notes), notes[-1]) == (6, "15 more columns got a name of their own.")


def test_a_file_of_blank_lines_is_not_read_to_its_end(read: Read) -> None:
    with pytest.raises(TooLarge, match="more than 3,000,000 lines, most of them blank"):
        read(b"question,answer\n" + b"\n" * 3_100_000)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(alphabet='a1?,;\t|"\r\n\\ é\x00', max_size=120).map(str.encode),
        st.text(max_size=80).map(lambda text: text.encode("utf-16", errors="replace")),
    )
)
def test_no_bytes_at_all_end_in_anything_but_a_table_or_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "fuzz"
    path.write_bytes(data)
    try:
        table = table_of(path)
    except TriptychError:
        return
    assert table.rows
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert len(set(table.columns)) == len(table.columns)
