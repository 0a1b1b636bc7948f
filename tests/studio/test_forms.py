from pathlib import Path

import gradio as gr
import pytest

from jobs.requests import Train
from jobs.tools.builtin.date_and_time import date_and_time
from storage.errors import UserFault
from studio import forms
from studio.pages.sealing import Sealing
from studio.score_form import ScoreForm


@pytest.fixture
def train_form() -> forms.TrainForm:
    expert = {name: forms.knob(Train, name) for name in forms.EXPERT}
    return forms.TrainForm(gr.Dropdown(), gr.Dropdown(), gr.Textbox(), gr.Radio(), expert, gr.State(), gr.State())


def train_values(form: forms.TrainForm, **expert: str) -> forms.Values:
    chosen = {field: expert.get(name, field.value) for name, field in form.expert.items()}
    said = {form.dataset: "d", form.model: None, form.name: " Returns ", form.preset: "normal"}
    return {**said, form.key: "k", form.parent: "", **chosen}


def test_a_knob_is_drawn_from_its_one_definition() -> None:
    field = forms.knob(Train, "learning_rate")
    known = Train.model_fields["learning_rate"]
    assert (field.label, field.info, field.placeholder) == (known.title, known.description, "Auto")
    assert field.value == ""
    assert forms.knob(Train, "seed").value == "0"
    method = forms.knob(Train, "method")
    assert isinstance(method, gr.Dropdown)
    assert (method.choices, method.value) == ([("Auto", ""), ("lora", "lora"), ("qlora", "qlora")], "")
    assert forms.knob(Train, "keep").value == "best"
    assert forms.knob(Train, "all_rows").value is False


def test_empty_fields_are_left_to_auto(train_form: forms.TrainForm) -> None:
    request = train_form.request(train_values(train_form), "starter")
    assert request == Train(dataset_id="d", name="Returns", preset="normal")
    assert train_form.idem_key(train_values(train_form)) == "k"


def test_what_is_chosen_reaches_the_request(train_form: forms.TrainForm) -> None:
    request = train_form.request(train_values(train_form, rank="8", epochs=" 2,5 "), "starter")
    assert (request.rank, request.epochs) == (8, 2.5)


def test_the_model_that_is_chosen_is_taught_else_the_one_that_answers(train_form: forms.TrainForm) -> None:
    values = train_values(train_form)
    assert train_form.request(values, "starter").model == "starter"
    assert train_form.request({**values, train_form.model: "qwen3-0.6b"}, "starter").model == "qwen3-0.6b"


def test_the_settings_of_a_run_fill_the_form_and_come_back_the_same(train_form: forms.TrainForm) -> None:
    asked = Train(dataset_id="d", name="Returns", preset="thorough", rank=8, method="lora", all_rows=True, epochs=2.5)
    filled = dict(zip(train_form.filled, train_form.filling(asked), strict=True))
    values = {**filled, train_form.key: "k", train_form.parent: "run"}
    assert train_form.request(values, "starter") == asked
    assert train_form.parent_of(values) == "run"
    assert train_form.parent_of(train_values(train_form)) is None


def test_a_field_that_cannot_be_used_is_a_sentence(train_form: forms.TrainForm) -> None:
    for name, written, said in (
        ("epochs", "500", "Passes: choose a number of at most 50"),
        ("epochs", "many", "Passes: write a number"),
        ("rank", "8.5", "Room for what it learns: write a whole number"),
    ):
        with pytest.raises(UserFault, match=said):
            train_form.request(train_values(train_form, **{name: written}), "starter")
    with pytest.raises(UserFault, match="Choose the examples first"):
        train_form.request({**train_values(train_form), train_form.dataset: None}, "starter")


def test_a_question_is_needed_and_has_a_limit() -> None:
    uses = (gr.Dropdown(), gr.Dropdown(), gr.Checkbox(), gr.Radio(), gr.Radio())
    form = forms.QuestionForm(gr.Textbox(), *uses, gr.Checkbox(), gr.State())
    values = {form.question: "  Why? ", form.adapter: "", form.collection: "manuals", form.labels: True}
    values |= {form.wording: "quote", form.freedom: None}
    assert form.goes_on_from({form.follow_up: False, form.comparison: "c1"}) is None
    assert form.goes_on_from({form.follow_up: True, form.comparison: ""}) is None
    assert form.goes_on_from({form.follow_up: True, form.comparison: "c1"}) == "c1"
    assert form.asked(values) == "Why?"
    choices = form.choices(values, "starter")
    assert (choices.adapter_id, choices.collection, choices.labels) == (None, "manuals", True)
    assert form.choices({**values, form.labels: False}, "starter").labels is False
    assert (choices.temperature, form.choices({**values, form.freedom: 0.5}, "starter").temperature) == (0.0, 0.5)
    assert [form.choices({**values, form.wording: one}, "starter").wording for one in ("quote", None)] == [
        "quote",
        "auto",
    ]
    with pytest.raises(UserFault, match="no question"):
        form.asked({**values, form.question: "   "})
    with pytest.raises(UserFault, match="5,000 characters"):
        form.asked({**values, form.question: "x" * 5000})


def test_files_and_searches(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.touch()
    files = forms.FilesForm(gr.File(), gr.Dropdown(), gr.State())
    assert files.inputs == {files.files, files.collection, files.key}
    assert files.paths({files.files: [str(file)], files.key: "k"}) == [file]
    with pytest.raises(UserFault, match=r"b\.md is no longer here"):
        files.paths({files.files: [str(file), str(tmp_path / "b.md")], files.key: "k"})
    assert [files.shown({files.collection: value}) for value in ("Manuals", None)] == ["Manuals", ""]
    assert files.request([("uploads/1.md", "a.md")], "manuals").files == (("uploads/1.md", "a.md"),)
    with pytest.raises(UserFault):
        files.paths({files.files: [], files.key: "k"})
    search = forms.SearchForm(gr.Textbox(), gr.Number(), gr.Dropdown())
    assert [search.shown({search.collection: value}) for value in ("Manuals", None)] == ["Manuals", ""]
    assert search.asked({search.question: " e-bike ", search.most: 99}) == ("e-bike", 10)
    with pytest.raises(UserFault):
        search.asked({search.question: "", search.most: 3})


def test_a_tools_fields_are_drawn_from_its_schema() -> None:
    tool = date_and_time(lambda: 0.0)
    fields = forms.tool_fields(tool.schema, tool.name, {})
    assert list(fields) == list(tool.schema["properties"])
    assert isinstance(fields["operation"], gr.Dropdown)
    form = forms.ToolForm(fields)
    given = {field: None for field in fields.values()} | {fields["operation"]: "now"}
    assert form.arguments(given) == {"operation": "now"}
    assert [fields[name].value for name in ("operation", "unit")] == ["now", None], "what may stay empty is empty"
    numbers = {"properties": {"how_many": {"type": "integer", "description": "Days"}}}
    field = forms.tool_fields(numbers, "t", {"how_many": 3})["how_many"]
    assert isinstance(field, gr.Textbox)
    assert (field.label, field.placeholder) == ("How many", "For example: 3")


def test_scores_ask_what_is_chosen_and_leave_the_rest_at_the_newest() -> None:
    uses = (gr.Dropdown(), gr.Dropdown(), gr.Dropdown(), gr.Checkbox(), gr.Radio(), gr.Slider(), gr.Slider())
    sealing = Sealing(gr.Checkbox(), gr.Column(), gr.Markdown(), gr.Checkbox())
    form = ScoreForm(gr.Dropdown(), gr.File(), gr.CheckboxGroup(), *uses, gr.Checkbox(), sealing, gr.State())
    nothing = {field: None for field in form.inputs}
    values = {**nothing, form.source: "d", form.ways: ["base", "hybrid"], form.adapter: "", form.collection: "Manuals"}
    assert form.own_file(values) is None
    assert form.own_file({**values, form.file: "x/test.csv"}) == Path("x/test.csv")
    assert form.chosen(values) == "d"
    choices = form.choices(values, "starter")
    assert (choices.ways, choices.adapter_id, choices.collection) == (("base", "hybrid"), None, "Manuals")
    assert (choices.temperature, choices.labels) == (0.0, False)
    assert form.choices({**values, form.labels: True}, "starter").labels is True
    assert [form.choices({**values, form.wording: one}, "starter").wording for one in ("free", None)] == [
        "free",
        "auto",
    ]
    assert form.asking(values) == {"repeats": 1, "fresh": False}
    freely = {**values, form.freedom: 0.7, form.repeats: 3.0, form.fresh: True}
    assert form.choices(freely, "starter").temperature == 0.7
    assert form.asking(freely) == {"repeats": 3, "fresh": True}
    assert form.another_adapter(values) is None
    assert form.another_adapter({**values, form.another: "a"}) == "a"
    with pytest.raises(UserFault, match="no test questions"):
        form.chosen(nothing)
    with pytest.raises(UserFault, match="No way was chosen"):
        form.choices({**values, form.ways: []}, "starter")
