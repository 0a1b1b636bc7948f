"""A ZIP with one file in it is that file; any other is a sentence that names what is inside."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from jobs.intake.formats import read_table
from jobs.intake.table import Table
from storage.errors import TooLarge, UnreadableFile
from tests.tables import table_of
from tests.workbooks import excel, packed

CSV = "question,answer\nHow big?,Two metres\n"
Read = Callable[[bytes], Table]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    monkeypatch.chdir(tmp_path)

    def parse(data: bytes) -> Table:
        (tmp_path / "pack").write_bytes(data)
        return table_of(tmp_path / "pack", "faq.zip")

    return parse


@pytest.mark.parametrize(
    "members",
    [
        {"faq.csv": CSV},
        {"faq/": "", "faq/faq.csv": CSV, "__MACOSX/faq/._faq.csv": "x", "faq/.DS_Store": "x"},
        {"faq.txt": '[{"question": "How big?", "answer": "Two metres"}]'},
    ],
)
def test_the_only_file_is_read(read: Read, tmp_path: Path, members: Mapping[str, str]) -> None:
    table = read(packed(members))
    assert (table.columns, table.rows) == (["question", "answer"], [["How big?", "Two metres"]])
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]


def test_it_is_unpacked_in_the_child_and_gone_with_it(tmp_path: Path) -> None:
    (tmp_path / "faq.zip").write_bytes(packed({"../../faq.csv": CSV}))
    assert list(read_table(tmp_path / "faq.zip", "faq.zip").rows) == [["How big?", "Two metres"]]
    assert [path.name for path in tmp_path.iterdir()] == ["faq.zip"]


def test_a_fault_inside_names_both_files(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"faq\.csv in faq\.zip is empty"):
        read(packed({"sub/faq.csv": ""}))


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"a.csv": CSV, "b.csv": CSV}, r"\(ZIP\) of 2 files: a\.csv, b\.csv\."),
        ({f"{nr}.csv": CSV for nr in range(9)}, r"of 9 files: 0\.csv, 1\.csv, 2\.csv, 3\.csv, 4\.csv and 4 more"),
        ({"a/": ""}, "without a file in it"),
        ({"a.zip": packed({"a.csv": CSV})}, r"a\.zip in faq\.zip is packed once more"),
        ({"a.xlsx": excel({"S": [["a", "b"], ["c", "d"]]})}, r"a\.xlsx in faq\.zip is packed once more"),
        ({"a.csv.gz": b"\x1f\x8b rest"}, r"a\.csv\.gz in faq\.zip is a packed file \(gzip\)"),
    ],
)
def test_any_other_is_a_sentence(read: Read, members: Mapping[str, str | bytes], what: str) -> None:
    with pytest.raises(UnreadableFile, match=what) as caught:
        read(packed(members))
    assert caught.value.next_step


def test_a_bomb_is_refused_before_it_is_unpacked(read: Read) -> None:
    with pytest.raises(TooLarge, match=r"would unpack to [\d,]+ times its size"):
        read(packed({"a.csv": "a,b\n" * 2_000_000}))


def test_a_file_over_the_limit_is_refused_before_it_is_unpacked(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.intake.sizes.MOST_BYTES", 10)
    with pytest.raises(TooLarge, match=r"faq\.zip has"):
        read(packed({"a.csv": CSV}))


def locked() -> bytes:
    data = bytearray(packed({"a.csv": CSV}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def wrong_sum() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", CSV)
    return stream.getvalue().replace(b"Two metres", b"Ten metres")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (locked(), "locked with a password"),
        (wrong_sum(), "damaged"),
        (packed({"a.csv": CSV})[:-30], "damaged"),
        (b"PK\x03\x04" + bytes(200), "damaged"),
    ],
)
def test_damage_is_a_sentence(read: Read, data: bytes, what: str) -> None:
    with pytest.raises(UnreadableFile, match=what):
        read(data)
