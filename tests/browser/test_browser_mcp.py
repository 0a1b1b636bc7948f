"""Tools of an MCP server are ticked on Tools in a real Chromium, and approved anew once their server changed them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.tools.registry import Registry, try_tool
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_axe import violations
from tests.browser.pages_watch import Watch
from tests.browser.serving import studio
from tests.browser.writing import write
from tests.mcps import WEATHER, Program, program

TOOL = "mcp_desk__weather"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def test_tools_are_ticked_tried_and_approved_anew(workspace: Workspace, browser: Browser) -> None:
    with program() as desk, studio(workspace, lambda _chat: "Yes.", pause_s=0.0) as served:
        page = browser.new_page()
        watch = Watch(page, served.url)
        page.goto(f"{served.url}/tools")
        _look(page, desk.url)
        _approve(page)
        _try(page, desk)
        assert violations(page) == []
        _change(page, desk)
        assert try_tool(Registry(workspace), TOOL, {"city": "Bonn"}).result == "Bonn: clear, metric"
        assert watch.troubles == []
        page.close()


def _look(page: Page, url: str) -> None:
    page.get_by_role("button", name="Add tools of another program").click()
    write(page.locator("#mcp-name").get_by_role("textbox"), "desk")
    write(page.locator("#mcp-address").get_by_role("textbox"), url)
    page.locator("#mcp-header input").fill("X-Key: hunter2-and-more")
    page.locator("#look-at-server").click()
    expect(page.locator("#mcp-notice")).to_contain_text("Port", timeout=20_000)
    page.locator("#mcp-inner input").check()
    page.locator("#look-at-server").click()
    expect(page.locator("#mcp-found")).to_contain_text("desk offers", timeout=20_000)


def _approve(page: Page) -> None:
    page.get_by_label(f"weather: {WEATHER} (says that it only reads").check()
    question = page.locator("#mcp-questions textarea")
    expect(question).to_have_value(re.compile("^weather: Says how the weather of a city is: city"), timeout=20_000)
    write(question, "weather: How is the weather in Bonn?")
    page.locator("#approve-tools").click()
    expect(page.locator(f"#tool-{TOOL}")).to_contain_text("with a secret that is never shown", timeout=20_000)
    expect(page.locator("#mcp-header input")).to_have_value("")
    expect(page.locator("#mcp-tools")).to_contain_text("you have it already")


def _try(page: Page, desk: Program) -> None:
    page.locator(f"#tool-{TOOL}").get_by_role("button", name="Try it").click()
    write(page.locator(f"#try-{TOOL}-city").get_by_role("textbox"), "Bonn")
    page.locator(f"#run-{TOOL}").click()
    expect(page.locator(f"#result-{TOOL}")).to_contain_text("Bonn: clear", timeout=20_000)
    assert desk.heard[-1]["x-key"] == "hunter2-and-more"
    assert "hunter2" not in page.content()


def _change(page: Page, desk: Program) -> None:
    """The server describes the tool anew: its call is refused, its card says the change, and a yes approves it."""
    card = page.locator(f"#tool-{TOOL}")
    desk.server.remove_tool("weather")
    desk.weather(f"{WEATHER} Anew.")
    page.locator(f"#run-{TOOL}").click()
    expect(card).to_contain_text("Not called, and switched off", timeout=20_000)
    page.reload()
    expect(card).to_contain_text(f"Its description was “{WEATHER}” and is now “{WEATHER} Anew.”", timeout=20_000)
    page.locator(f"#anew-{TOOL}").click()
    expect(page.locator(f"#anew-{TOOL}-yes")).to_be_visible()
    assert violations(page) == []
    page.locator(f"#anew-{TOOL}-yes").click()
    expect(card).not_to_contain_text("Off, since its server changed it", timeout=20_000)
