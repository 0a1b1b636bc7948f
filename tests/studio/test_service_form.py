"""The form that adds a service, and what is said of it: the host, and never the secret."""

import json

import gradio as gr
import pytest

from jobs.tools.service.adding import Service, add_service
from storage.workspace import Workspace
from studio.cli import main
from studio.service_form import ServiceForm
from studio.views import services, tools

GIVEN = {
    "name": "Weather", "description": "Says the weather.", "address": "https://api.example/{city}",
    "example": "How is the weather in Bonn?", "parameters": "city: text, a city", "header": "X-Key: hunter2-and-more",
}  # fmt: skip


def test_each_field_is_one_of_the_service() -> None:
    form = ServiceForm(
        *(gr.Textbox(), gr.Textbox(), gr.Radio(), gr.Textbox(), gr.Textbox(), gr.Textbox(), gr.Textbox(), gr.Checkbox())
    )
    values = {field: {**GIVEN, "method": "POST", "inner": True}[name] for name, field in vars(form).items()}
    assert form.inputs == set(values)
    assert form.service(values) == Service(**GIVEN, method="POST", inner=True)
    empty = form.service(dict.fromkeys(values))
    assert (empty.method, empty.inner, empty.address) == ("GET", False, "")
    assert "hunter2" not in repr(form.service(values))


def test_a_service_says_which_host_it_asks(workspace: Workspace) -> None:
    made = add_service(workspace, Service(**GIVEN))
    assert services.about(made) == "Reads from api.example, with a secret that is never shown"
    assert "Ask, for example: How is the weather in Bonn?" in services.added(made)
    local = {**GIVEN, "address": "http://127.0.0.1:8000/{city}", "header": ""}
    acts = add_service(workspace, Service(**local, method="POST", inner=True))
    assert services.about(acts) == (
        "Acts on 127\\.0.0.1:8000, which you allowed although it may lie in your own network"
    )
    assert acts.permission == "ask"
    assert tools.words.REMOVE[made.kind] == "Remove this service"


def test_a_service_is_added_by_a_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.readline", lambda: "X-Key: hunter2-and-more\n", raising=False)
    told = ["--description", GIVEN["description"], "--example", GIVEN["example"], "--parameter", GIVEN["parameters"]]
    with pytest.raises(SystemExit) as ended:
        main(["service", "add", "weather", GIVEN["address"], *told, "--secret", "--json"])
    said = capsys.readouterr().out
    assert (ended.value.code, json.loads(said)["name"], json.loads(said)["secret"]) == (0, "call_weather", True)
    assert "hunter2" not in said
