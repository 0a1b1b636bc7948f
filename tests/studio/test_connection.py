"""The test of a connection as a command and as a part of Home."""

import asyncio
import json
from dataclasses import replace

import gradio as gr
import pytest

from jobs.answering.compare import Comparing
from jobs.models.connection import Ability, Can, Connection
from jobs.queue import Queue
from storage.workspace import Workspace
from studio.bench import Bench
from studio.cli import main
from studio.pages import connection
from studio.views.connection import as_markdown, lines
from tests.fakes import ScriptedModel
from tests.running import free_port

GOOD = Connection(
    "http://host:8000",
    "vLLM",
    ("llama-3",),
    "llama-3",
    (Ability("streaming", Can.YES), Ability("usage", Can.NOT_REPORTED), Ability("tools", Can.NO, "no <b>parser</b>")),
)


def test_what_came_is_told_in_words() -> None:
    assert lines(GOOD) == [
        "vLLM answers at http://host:8000.",
        "It has: llama-3. Asked: llama-3.",
        "Words come as they are written (streaming): yes",
        "Says how many tokens an answer took (usage): not reported",
        "Calls tools by itself (tools); the studio does without: no (no <b>parser</b>)",
        "✓ Questions can go there.",
    ]
    assert lines(Connection("http://x", problem="Nobody listens", next_step="Start it")) == [
        "✕ http://x: Nobody listens. Start it."
    ]
    assert "<b>" not in as_markdown([GOOD])


def test_the_command_tells_a_refused_connection_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["connection", f"http://127.0.0.1:{free_port()}", "--json"])
    assert ended.value.code == 1
    (server,) = json.loads(capsys.readouterr().out)["servers"]
    assert "Nobody listens" in server["problem"]
    with pytest.raises(SystemExit) as none:
        main(["connection"])
    assert none.value.code == 1
    assert "name no other model server" in capsys.readouterr().err


@pytest.mark.parametrize("named", [True, False])
def test_home_tries_what_the_settings_name_and_nothing_else(workspace: Workspace, named: bool) -> None:
    url = f"http://127.0.0.1:{free_port()}" if named else None
    with_server = replace(workspace, settings=workspace.settings.model_copy(update={"judge_url": url}))
    door = ScriptedModel()
    bench = Bench(with_server, Queue(workspace.database, workspace.clock), door, Comparing(workspace, door))
    page = asyncio.run(_laid_out(bench))
    (part,) = [block for block in page.blocks.values() if block.elem_id == "connection"]
    assert part.visible is named
    (pressed,) = page.fns.values()
    assert pressed.inputs == []
    assert pressed.fn is not None
    assert ("Nobody listens" in pressed.fn()) is named


async def _laid_out(bench: Bench) -> gr.Blocks:
    # Inside a running loop; outside of one Gradio opens loops that it never closes.
    with gr.Blocks(analytics_enabled=False) as page:
        connection.build(bench)
    return page
