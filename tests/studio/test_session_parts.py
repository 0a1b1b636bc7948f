"""A session's parts: a list is drawn whatever another event adds to them, and one that changes is kept once."""

import json
from collections.abc import ValuesView
from typing import Any

import gradio as gr
import pytest
from gradio.blocks import Block, BlocksConfig
from starlette.testclient import TestClient

from storage.workspace import Workspace
from tests.studio.mounted import mounted


class Growing(dict[int, Block]):
    """Parts of which another event adds one whenever they are walked through."""

    def values(self) -> ValuesView[Block]:
        """As Python says it where that happens."""
        raise RuntimeError("dictionary changed size during iteration")


def listing_pages() -> gr.Blocks:
    """A choice with a list that is drawn whenever it changes, a text made at the start, and a press that changes it."""
    with gr.Blocks(analytics_enabled=False) as pages:
        choice, button = gr.Dropdown(["I"], value="I", allow_custom_value=True), gr.Button()
        gr.Textbox(lambda: "made at the start")

        @gr.render(inputs=choice, triggers=[choice.change])
        def listed(shown: str) -> None:
            for mark in shown:
                gr.Markdown(mark)

        button.click(lambda shown: gr.Dropdown([f"{shown}I"], value=f"{shown}I"), choice, choice)
    return pages


@pytest.fixture
def pages() -> list[gr.Blocks]:
    """The pages that were served."""
    return []


def ended(client: TestClient, number: int, given: str) -> dict[str, Any]:
    """Run an event in one session and return what came of it."""
    client.post("/gradio_api/queue/join", json={"fn_index": number, "data": [given], "session_hash": "abc"})
    with client.stream("GET", "/gradio_api/queue/data?session_hash=abc") as stream:
        end: dict[str, Any] = next(
            json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if "completed" in line
        )
    assert end["success"], end
    return end["output"]


def drawn(client: TestClient, given: str) -> list[str]:
    """Let the list be drawn and return what it holds."""
    parts = ended(client, 0, given)["render_config"]["components"]
    return [one["props"]["value"] for one in parts if one["type"] == "markdown"]


def test_a_list_is_drawn_while_another_event_adds_a_part(workspace: Workspace, pages: list[gr.Blocks]) -> None:
    def build() -> gr.Blocks:
        pages.append(listing_pages())
        return pages[-1]

    with mounted(workspace, build) as client:
        assert drawn(client, "II") == ["I", "I"]
        kept: BlocksConfig = pages[0].state_holder["abc"].blocks_config
        kept.blocks = Growing(kept.blocks)
        assert drawn(client, "III") == ["I", "I", "I"]
    made = [event for event in pages[0].config["dependencies"] if event["targets"][0][1] == "load"]
    assert len(made) == 1, "what has to be made when the page is opened still is"


def test_a_part_that_changes_again_and_again_is_kept_once(workspace: Workspace, pages: list[gr.Blocks]) -> None:
    def build() -> gr.Blocks:
        pages.append(listing_pages())
        return pages[-1]

    with mounted(workspace, build) as client:
        shown, counts = "I", list[int]()
        for _ in range(4):
            shown = ended(client, 1, shown)["data"][0]["value"]
            counts.append(len(pages[0].state_holder["abc"].blocks_config.blocks))
        assert drawn(client, shown) == list("IIIII")
    assert len(set(counts)) == 1
    assert len(pages[0].default_config.blocks) == counts[0], "a session's parts are its own"
