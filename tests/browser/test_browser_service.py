"""A service on the web is added on Tools in a real Chromium: by hand with a secret, and from its own description."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_axe import violations
from tests.browser.pages_watch import Watch
from tests.browser.serving import studio
from tests.browser.writing import write
from tests.openapis import LIBRARY
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


def test_an_operation_of_a_pasted_description_is_ticked_added_and_tried(workspace: Workspace, browser: Browser) -> None:
    found = Reply('{"title": "Bells"}', headers={"Content-Type": "application/json"})
    with site({}, {"/books": found}) as at, studio(workspace, lambda _chat: "Yes.", pause_s=0.0) as served:
        page = browser.new_page()
        watch = Watch(page, served.url)
        page.goto(f"{served.url}/tools")
        page.get_by_role("button", name="Take a service from its own description").click()
        page.locator("#openapi-text textarea").fill(LIBRARY)
        page.locator("#read-openapi").click()
        server = page.locator("#openapi-server").get_by_role("textbox")
        expect(server).to_have_value("https://books.example", timeout=20_000)
        page.get_by_label("Find books: Find books of an author (only reads").check()
        question = page.locator("#openapi-questions textarea")
        expect(question).to_have_value('Find books: Find books of an author: author "Ana Silva"', timeout=20_000)
        write(question, "Find books: Which books are by Ana Silva?")
        write(server, f"http://127.0.0.1:{at.port}")
        page.locator("#openapi-header input").fill("X-Key: hunter2-and-more")
        page.locator("#openapi-inner input").check()
        page.locator("#add-operations").click()
        card = page.locator("#tool-call_find_books")
        expect(card).to_contain_text("with a secret that is never shown", timeout=20_000)
        expect(page.locator("#openapi-header input")).to_have_value("")
        expect(page.locator("#openapi-operations")).to_contain_text("you have it already")
        card.get_by_role("button", name="Try it").click()
        write(page.locator("#try-call_find_books-author").get_by_role("textbox"), "Ana Silva")
        page.locator("#run-call_find_books").click()
        expect(page.locator("#result-call_find_books")).to_contain_text('"title": "Bells"', timeout=20_000)
        assert (at.heard[0].path, at.heard[0].headers["X-Key"]) == ("/books?author=Ana%20Silva", "hunter2-and-more")
        assert violations(page) == []
        assert watch.troubles == []
        page.close()
