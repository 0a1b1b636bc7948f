"""The pages as they are handed to the mount: all there, in order, with ids that tests and links can rely on."""

import asyncio
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from gradio.context import Context
from gradio.routes import App

from jobs.answering.compare import Comparing
from jobs.queue import Queue
from jobs.requests import Train
from storage.settings import Settings
from storage.workspace import Workspace
from studio import pages
from studio.bench import Bench
from studio.forms import EXPERT
from studio.pages import build_pages, look
from studio.pages.sheet import IDS
from tests.fakes import ScriptedModel


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    workspace = Workspace.open(Settings(home=tmp_path_factory.mktemp("pages") / "home"))
    door = ScriptedModel()
    bench = Bench(workspace, Queue(workspace.database, workspace.clock), door, Comparing(workspace, door))

    async def build() -> dict[str, Any]:
        return dict(build_pages(bench).get_config_file())

    yield asyncio.run(build())
    workspace.close()


def test_the_pages_are_those_that_gradio_would_make(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    create = App.create_app
    monkeypatch.setattr(App, "create_app", lambda *given, **more: made.append(None) or create(*given, **more))
    door = ScriptedModel()
    bench = Bench(workspace, Queue(workspace.database, workspace.clock), door, Comparing(workspace, door))

    async def build() -> dict[str, Any]:
        monkeypatch.setattr(Context, "id", 0)
        return dict(build_pages(bench).get_config_file())

    config = asyncio.run(build())
    ours = len(made)
    monkeypatch.setattr(pages, "_Pages", gr.Blocks)
    theirs = asyncio.run(build())
    assert ours == 1  # where the queue is made, before any page
    assert len(made) - ours == 1 + len(theirs["pages"])
    for part in ("pages", "layout"):
        assert theirs[part] == config[part]
    assert [kinds(theirs[part]) for part in ("components", "dependencies")] == [
        kinds(config[part]) for part in ("components", "dependencies")
    ]


def kinds(parts: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What a part is and with what it is connected, without the values that hold for one home."""
    return [tuple(part.get(name) for name in ("id", "type", "targets", "inputs", "outputs")) for part in parts]


def properties(config: dict[str, Any]) -> list[dict[str, Any]]:
    return [component["props"] for component in config["components"]]


def test_the_pages_stand_in_the_order_of_the_journey(config: dict[str, Any]) -> None:
    assert [(name, path) for path, name, _ in config["pages"]] == [
        ("Home", ""),
        ("Examples", "examples"),
        ("Train", "train"),
        ("Documents", "documents"),
        ("Tools", "tools"),
        ("Compare", "compare"),
        ("Scores", "scores"),
        ("Rows", "rows"),
        ("Drafts", "drafts"),
        ("Use", "use"),
    ]


def test_ids_are_unique_within_a_page(config: dict[str, Any]) -> None:
    for name, page in config["page"].items():
        ids = [
            component["props"]["elem_id"]
            for component in config["components"]
            if component["id"] in page["components"] and component["props"].get("elem_id")
        ]
        assert len(ids) == len(set(ids)), name


def test_every_column_has_the_same_parts(config: dict[str, Any]) -> None:
    ids = {props.get("elem_id") for props in properties(config)}
    for way in IDS:
        parts = ("way", "status", "answer", "badge", "again", "evidence", "wider")
        assert {f"{part}-{way}" for part in parts} | {f"cite-{way}-1", f"call-{way}-3"} <= ids
    assert {"question", "ask", "stop", "vote", "comparison-link", "evidence"} <= ids


def test_nothing_stands_on_a_page_by_accident(config: dict[str, Any]) -> None:
    kinds = {"radio", "textbox", "dropdown", "checkboxgroup", "number", "slider", "button", "accordion"}
    choices = [component for component in config["components"] if component["type"] in kinds]
    assert [one for one in choices if not one["props"].get("elem_id") and one["props"].get("visible", True)] == []


def test_every_knob_of_a_training_is_on_the_page(config: dict[str, Any]) -> None:
    labels = {props.get("label") for props in properties(config)}
    for name in (*EXPERT, "preset", "name", "dataset_id"):
        assert Train.model_fields[name].title in labels
    assert set(Train.model_fields) - {*EXPERT, "preset", "name", "dataset_id", "model", "kind"} == set()


def test_no_event_runs_code_in_the_browser(config: dict[str, Any]) -> None:
    assert [event for event in config["dependencies"] if event["js"]] == []
    assert {component["type"] for component in config["components"]} & {"html", "lineplot", "barplot"} == set()


def test_progress_that_is_hidden_stands_on_no_part(config: dict[str, Any]) -> None:
    """What a browser does at every word of an answer grows with the parts that any progress ever stood on."""
    hidden = [event for event in config["dependencies"] if event["show_progress"] == "hidden"]
    standing = [event for event in hidden if event["show_progress_on"] != []]
    # Gradio's own: it draws a list, or asks a part's value when a page is opened.
    assert {event["api_name"].rstrip("_0123456789") for event in standing} == {"apply", "lambda"}
    assert {len(event["outputs"]) for event in standing} == {1}
    assert len(hidden) - len(standing) > 300


def test_what_is_shown_a_clock_knows_from_the_server(config: dict[str, Any]) -> None:
    """A browser may be told of something else while the clock's look comes in, and would be sent back by it."""
    parts = {component["id"]: component for component in config["components"]}
    ticks = [event for event in config["dependencies"] if any(name == "tick" for _, name in event["targets"])]
    asked = {parts[one]["props"].get("elem_id") for event in ticks for one in event["inputs"]}
    assert len(ticks) > 8
    assert asked.isdisjoint({"collection", "runs"})
    states = [event for event in ticks if all(parts[one]["type"] == "state" for one in event["inputs"])]
    assert len(ticks) - len(states) == 2, "the forecast of what stands in the form, and the drafts of a collection"


def test_each_page_has_one_heading_of_the_first_order(config: dict[str, Any]) -> None:
    for name, page in config["page"].items():
        texts = [
            str(component["props"].get("value", ""))
            for component in config["components"]
            if component["id"] in page["components"] and component["type"] == "markdown"
        ]
        assert sum(text.startswith("# ") for text in texts) == 1, name


def test_nothing_of_the_look_comes_from_elsewhere() -> None:
    text = look.css() + look.head() + look.theme()._get_theme_css()
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert (look.ASSETS / "studio.js").is_file()
    assert (look.ASSETS / "logo.svg").is_file()
