"""A session's parts: a list is drawn whatever another event adds to them meanwhile."""

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
    """A choice, a text that is made when the page is opened, and a list that is drawn whenever the choice changes."""
    with gr.Blocks(analytics_enabled=False) as pages:
        choice = gr.Dropdown(["I"], value="I", allow_custom_value=True)
        gr.Textbox(lambda: "made at the start")

        @gr.render(inputs=choice, triggers=[choice.change])
        def listed(shown: str) -> None:
            for mark in shown:
                gr.Markdown(mark)

    return pages


@pytest.fixture
def pages() -> list[gr.Blocks]:
    """The pages that were served."""
    return []


def drawn(client: TestClient, given: str) -> list[str]:
    """Let the list be drawn in one session and return what it holds."""
    client.post("/gradio_api/queue/join", json={"fn_index": 0, "data": [given], "session_hash": "abc"})
    with client.stream("GET", "/gradio_api/queue/data?session_hash=abc") as stream:
        ended: dict[str, Any] = next(
            json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if "completed" in line
        )
    assert ended["success"], ended
    parts = ended["output"]["render_config"]["components"]
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
