"""A text is read aloud in a real Chromium: the column that called gets a player, and the player has a sound."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from jobs.models.door import Chat
from jobs.tools.builtin.speaking import can_speak
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_compare import ComparePage
from tests.browser.pages_watch import Watch
from tests.browser.serving import studio

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
    pytest.mark.skipif(not can_speak(), reason="espeakng-loader is not installed"),
]
_DURATION = """audio => new Promise((told, failed) => {
    audio.onloadedmetadata = () => told(audio.duration);
    audio.onerror = () => failed(audio.error.message);
    audio.load();
})"""


def reply(chat: Chat) -> str:
    """A model that fills in the one form that the question allows, and writes a player of its own."""
    match chat.response_format:
        case {"json_schema": {"schema": schema}}:
            return json.dumps({name: values["enum"][0] for name, values in schema["properties"].items()})
        case _:
            return '<audio src="/healthz"></audio> Good morning was read.'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def test_the_column_that_called_gets_a_player_with_a_sound(workspace: Workspace, browser: Browser) -> None:
    with studio(workspace, reply, pause_s=0.0) as served:
        page = browser.new_page()
        watch = Watch(page, served.url)
        compare = ComparePage(page, served.url)
        compare.open()
        compare.ask("Please read this aloud: Good morning!")
        player = compare.answer("tools").locator("audio")
        expect(player).to_have_count(1, timeout=40_000)
        expect(player).to_be_visible()
        compare.expect_over("base", "tools")
        assert 0.5 < float(player.evaluate(_DURATION)) < 5
        assert page.locator("audio").count() == 1, "a model can not write a player"
        assert watch.troubles == []
        page.close()
