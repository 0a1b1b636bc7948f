"""The form of the Examples page: what was brought, what its columns hold, and what is done about findings."""

from pathlib import Path

import gradio as gr
import pytest

from storage.errors import UserFault
from studio.columns_form import ColumnsForm
from studio.forms import Values


@pytest.fixture
def form() -> ColumnsForm:
    columns = {"question": gr.Dropdown(), "answer": gr.Dropdown(), "context": gr.Dropdown()}
    return ColumnsForm(
        gr.File(), gr.Textbox(), gr.Dropdown(), columns, gr.Slider(0, 50), gr.Textbox(), gr.Checkbox(), gr.State()
    )


def values_of(form: ColumnsForm, file: str = "") -> Values:
    written = {form.file: file, form.pasted: "", form.sheet: None, form.hold_out: 20, form.name: " FAQ "}
    chosen = {form.columns["question"]: "q", form.columns["answer"]: "{a}: {b}", form.columns["context"]: ""}
    return {**written, **chosen, form.remedies: {"near": "leave out"}}


def test_columns_without_a_choice_are_left_out(form: ColumnsForm, tmp_path: Path) -> None:
    file = tmp_path / "faq.csv"
    file.touch()
    values = values_of(form, str(file))
    assert form.chosen(values) == {"question": "q", "answer": "{a}: {b}"}
    assert (form.path(values), form.share(values), form.named(values)) == (file, 0.2, "FAQ")
    assert [form.looked_up({form.look_up: ticked}) for ticked in (True, False, None)] == [True, False, False]
    assert form.chosen_remedies(values) == {"near": "leave out"}
    assert form.chosen_sheet(values) is None
    with pytest.raises(UserFault, match="No file"):
        form.path({**values, form.file: None})
    with form.brought(values) as (path, name):
        assert (path, name) == (file, "faq.csv")


def test_an_upload_that_was_cleared_away_is_not_called_damaged(form: ColumnsForm, tmp_path: Path) -> None:
    values = values_of(form, str(tmp_path / "faq.csv"))
    for use in (form.path, form.table):
        with pytest.raises(UserFault, match=r"faq\.csv is no longer here") as told:
            use(values)
        assert told.value.next_step == "Choose the file once more."


def test_pasted_cells_are_a_table_and_a_file_to_keep(form: ColumnsForm) -> None:
    pasted = "question\tanswer\nDo you ship?\tWe do.\nOpen today?\tUntil six.\n"
    values = {**values_of(form), form.file: None, form.pasted: pasted}
    table = form.table(values)
    assert (table.columns, len(table.rows)) == (["question", "answer"], 2)
    with form.brought(values) as (path, name):
        assert (path.read_text(), name) == (pasted, "pasted.tsv")
    assert not path.exists()
    with pytest.raises(UserFault, match="Nothing was chosen or pasted"):
        form.table({**values, form.pasted: " "})
