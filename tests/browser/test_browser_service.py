"""A service on the web is added on Tools in a real Chromium, with a secret, and tried by hand."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_axe import violations
from tests.browser.pages_watch import Watch
from tests.browser.serving import studio
from tests.browser.writing import write
from tests.pages import Reply, site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def test_a_service_is_added_with_a_secret_and_tried(workspace: Workspace, browser: Browser) -> None:
    clear = Reply('{"sky": "clear"}', headers={"Content-Type": "application/json"})
    with site({}, {"/weather/Bonn": clear}) as at, studio(workspace, lambda _chat: "Yes.", pause_s=0.0) as served:
        page = browser.new_page()
        watch = Watch(page, served.url)
        page.goto(f"{served.url}/tools")
        page.get_by_role("button", name="Ask a service on the web").click()
        given = {
            "name": "Weather", "about": "Says what the weather is.", "example": "How is the weather in Bonn?",
            "address": f"http://127.0.0.1:{at.port}/weather/{{city}}", "parameters": "city: text, a city",
        }  # fmt: skip
        for name, text in given.items():
            write(page.locator(f"#service-{name}").get_by_role("textbox"), text)
        header = page.locator("#service-header input")
        header.fill("X-Key: hunter2-and-more")
        page.locator("#add-service").click()
        expect(page.locator("#service-notice")).to_contain_text("Port", timeout=20_000)
        page.locator("#service-inner input").check()
        page.locator("#add-service").click()
        card = page.locator("#tool-call_weather")
        expect(card).to_contain_text("with a secret that is never shown", timeout=20_000)
        expect(header).to_have_value("")

        card.get_by_role("button", name="Try it").click()
        write(page.locator("#try-call_weather-city").get_by_role("textbox"), "Bonn")
        page.locator("#run-call_weather").click()
        expect(page.locator("#result-call_weather")).to_contain_text('"sky": "clear"', timeout=20_000)
        assert at.heard[0].headers["X-Key"] == "hunter2-and-more"
        assert "hunter2" not in page.content()
        assert violations(page) == []
        assert watch.troubles == []
        page.close()
