"""A session's parts and events: walked through while they grow, and no more of them for being changed."""

import json
from copy import copy
from typing import Any

import gradio as gr
import pytest
from starlette.testclient import TestClient

from storage.workspace import Workspace
from studio.session_parts import Parts, Walkable
from tests.studio.mounted import mounted


def test_a_walk_sees_what_was_there_when_it_began() -> None:
    kept = copy(Walkable({1: "one", 2: "two"}))
    for number, word in enumerate(kept.values(), 3):
        kept[number] = word
    for number, word in kept.items():
        kept[10 * number] = word
    assert sorted(kept) == [1, 2, 3, 4, 10, 20, 30, 40]


def test_a_copy_is_walked_through_as_safely_and_changes_alone() -> None:
    first = Walkable({1: "one"})
    second = copy(first)
    second[2] = "two"
    assert (type(second), len(first)) == (Walkable, 1)


def counting_pages() -> gr.Blocks:
    """A choice that each press changes and the next press reads, and a list that is drawn anew whenever it changes."""

    def more(shown: str) -> Any:
        return gr.Dropdown([shown + "I"], value=shown + "I")

    with gr.Blocks(analytics_enabled=False) as pages:
        choice, button = gr.Dropdown(["I"], value="I", allow_custom_value=True), gr.Button()
        button.click(more, choice, choice)

        @gr.render(inputs=choice, triggers=[choice.change])
        def listed(shown: str) -> None:
            for mark in shown:
                gr.Markdown(mark)

    return pages


@pytest.fixture
def pages() -> list[gr.Blocks]:
    """The pages that were served."""
    return []


def pressed(client: TestClient, number: int, given: str) -> dict[str, Any]:
    """Run an event of the pages in one session and return what came of it."""
    client.post("/gradio_api/queue/join", json={"fn_index": number, "data": [given], "session_hash": "abc"})
    with client.stream("GET", "/gradio_api/queue/data?session_hash=abc") as stream:
        return next(json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if "completed" in line)


def test_changing_a_part_again_and_again_keeps_no_more_of_it(workspace: Workspace, pages: list[gr.Blocks]) -> None:
    def build() -> gr.Blocks:
        pages.append(counting_pages())
        return pages[-1]

    with mounted(workspace, build) as client:
        shown, sizes = "I", []
        for _ in range(4):
            (changed,) = pressed(client, 0, shown)["output"]["data"]
            shown = changed["value"]
            sizes.append(len(pages[0].state_holder["abc"].blocks_config.blocks))
        drawn = pressed(client, 1, shown)["output"]["render_config"]["components"]
        kept = pages[0].state_holder["abc"].blocks_config
    assert shown == "IIIII"
    assert len(set(sizes)) == 1
    assert [one["props"]["value"] for one in drawn if one["type"] == "markdown"] == list(shown)
    assert (type(kept.blocks), type(kept.fns)) == (Parts, Walkable)
    assert all(part._id == number for number, part in kept.blocks.items())
