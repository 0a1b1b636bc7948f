"""Parquet files and folders of `datasets` are read with their labels' names and their splits."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, Value
from pyarrow import parquet

from jobs.intake.formats import read_table
from jobs.intake.readers import folders
from jobs.intake.table import Table
from storage.errors import NotFound, TooLarge, UnreadableFile
from tests.tables import table_of

FEATURES = Features({"text": Value("string"), "label": ClassLabel(names=["no", "yes"])})
ROWS = [["Is it?", "yes"], ["Was it?", "no"]]


def labelled(*texts: str) -> Dataset:
    return Dataset.from_dict(
        {"text": list(texts), "label": [(n + 1) % 2 for n in range(len(texts))]}, features=FEATURES
    )


def read(data: Any, path: Path) -> Table:
    parquet.write_table(pa.table(data), path)
    return table_of(path, "faq.parquet")


def test_a_parquet_file_is_read_in_a_child(tmp_path: Path) -> None:
    labelled("Is it?", "Was it?").to_parquet(tmp_path / "faq")
    table = read_table(tmp_path / "faq", "faq.csv")
    assert (table.columns, list(table.rows), table.sheets) == (["text", "label"], ROWS, [])


def test_nested_values_and_conversations_are_laid_out(tmp_path: Path) -> None:
    table = read(
        {"q": ["a"], "about": [{"id": 1, "tags": ["x", "y"]}], "raw": [b"\xffz"], "no": [None]}, tmp_path / "f"
    )
    assert (table.columns, table.rows) == (
        ["q", "about.id", "about.tags", "raw", "no"],
        [["a", "1", "x; y", "\ufffdz", ""]],
    )
    said = [{"role": "user", "content": "How?"}, {"role": "assistant", "content": "So."}]
    assert read({"messages": [said]}, tmp_path / "f").rows == [["", "", "", "", "How?", "So."]]


def test_too_wide_or_damaged_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="300 columns"):
        read({f"c{number}": [1] for number in range(300)}, tmp_path / "f")
    whole = (tmp_path / "f").read_bytes()
    (tmp_path / "f").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile, match="damaged: its columns"):
        table_of(tmp_path / "f")


def test_labels_beyond_their_names_stay_numbers(tmp_path: Path) -> None:
    noted = json.dumps({"info": {"features": {"label": {"_type": "ClassLabel", "names": ["no"]}}}})
    data = pa.table({"label": [0, 5, None]}).replace_schema_metadata({"huggingface": noted})
    assert read(data, tmp_path / "f").rows == [["no"], ["5"], [""]]
    for broken in ("no json", "[]", '{"info": 1}'):
        data = data.replace_schema_metadata({"huggingface": broken})
        assert read(data, tmp_path / "f").rows == [["0"], ["5"], [""]]


def saved(folder: Path) -> None:
    DatasetDict({"test": labelled("Test?"), "train": labelled("Is it?", "Was it?")}).save_to_disk(folder)


def saved_alone(folder: Path) -> None:
    labelled("Is it?", "Was it?").save_to_disk(folder, num_shards=2)
    (folder / "cache-0123.arrow").write_bytes(b"left over")


def of_parquet(folder: Path) -> None:
    labelled("Is it?").to_parquet(folder / "data" / "train-00000-of-00002.parquet")
    labelled("x", "Was it?").select([1]).to_parquet(folder / "data" / "train-00001-of-00002.parquet")
    labelled("Test?").to_parquet(folder / "data" / "test-00000-of-00001-0123abcd.parquet")


def of_numbered_parquet(folder: Path) -> None:
    labelled("Is it?", "Was it?").to_parquet(folder / "default" / "train" / "0000.parquet")


def of_lines(folder: Path) -> None:
    lines = [json.dumps(dict(zip(("text", "label"), row, strict=True))) for row in ROWS]
    folder.mkdir()
    (folder / "train.jsonl").write_text("\n".join(lines))
    (folder / "README.md").write_text("About it.")


@pytest.mark.parametrize(
    ("write", "splits"),
    [
        (saved, ["train", "test"]),
        (saved_alone, ["folder"]),
        (of_parquet, ["train", "test"]),
        (of_numbered_parquet, ["train"]),
        (of_lines, ["train"]),
    ],
)
def test_folders_are_read_by_their_splits(tmp_path: Path, write: Callable[[Path], None], splits: list[str]) -> None:
    write(tmp_path / "folder")
    table = table_of(tmp_path / "folder")
    assert (table.columns, table.rows) == (["text", "label"], ROWS)
    assert (table.sheets, table.sheet) == (splits, splits[0])
    if "test" in splits:
        assert table_of(tmp_path / "folder", sheet="test").rows == [["Test?", "yes"]]


def test_a_folder_is_read_in_a_child(tmp_path: Path) -> None:
    saved(tmp_path / "folder")
    assert list(read_table(tmp_path / "folder", "folder", "train").rows) == ROWS


def test_a_folder_that_is_no_dataset_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "state.json").write_text('{"_data_files": [{"filename": "../gone.arrow"}]}')
    with pytest.raises(UnreadableFile, match="holds no data"):
        table_of(tmp_path)
    of_lines(tmp_path / "more")
    with pytest.raises(NotFound, match="no sheet “dev”"):
        table_of(tmp_path, sheet="dev")
    monkeypatch.setattr(folders, "_MOST_ENTRIES", 2)
    with pytest.raises(TooLarge, match="more than 2 files"):
        table_of(tmp_path)


def test_a_broken_file_in_a_folder_is_named(tmp_path: Path) -> None:
    of_lines(tmp_path / "folder")
    with (tmp_path / "folder" / "train.jsonl").open("a") as stream:
        stream.write("\nnot json")
    with pytest.raises(UnreadableFile, match=r"Line 3 of train\.jsonl"):
        table_of(tmp_path / "folder")
    (tmp_path / "folder" / "train.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(UnreadableFile, match=r"train\.(jsonl|parquet)"):
        table_of(tmp_path / "folder")
