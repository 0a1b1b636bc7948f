"""A yes acts and folds its question up in one event: a list that the action has drawn anew answers no second one."""

import asyncio
from typing import Any

import gradio as gr
import pytest

from studio.pages.confirming import Confirmed, question
from studio.pages.telling import telling


@pytest.mark.parametrize("count", [0, 1, 2])
def test_one_event_acts_and_hides_the_question(count: int) -> None:
    done: list[str] = []

    @telling(count)
    def action() -> list[Any]:
        done.append("once")
        return [f"value {number}" for number in range(count)]

    async def built() -> tuple[gr.Blocks, gr.Row, gr.Button]:
        # Inside a running loop; outside of one Gradio opens loops that it never closes.
        with gr.Blocks(analytics_enabled=False) as page:
            outputs = [gr.Markdown() for _ in range(count + 1)]
            sure, yes, no = question("Sure?", "Yes", "No", "remove")
            Confirmed(gr.Button("Remove"), sure, yes, no).then(action, None, outputs)
        return page, sure, yes

    page, sure, yes = asyncio.run(built())
    [event] = [one for one in page.fns.values() if (yes._id, "click") in one.targets]
    assert all(one.trigger_after is None for one in page.fns.values())
    assert event.fn is not None
    *values, hidden = event.fn()
    assert values == ["", *(f"value {number}" for number in range(count))]
    assert hidden["visible"] is False
    assert event.outputs[-1] is sure
    assert done == ["once"]
