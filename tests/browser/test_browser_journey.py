"""A newcomer's journey in a real browser with the real starter model: teach, watch, add documents and a tool, compare.

With TRIPTYCH_PICTURES=FOLDER in the environment the pictures of the README are taken on the way.
"""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import chromium
from tests.browser.writing import write, write_passes
from tests.running import LARKSPUR, Running, studio_running

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

WAYS = ("base", "tuned", "documents", "tools", "hybrid")
PICTURES = os.environ.get("TRIPTYCH_PICTURES")
LONG_MS = 300_000


class Watch:
    """Collects what a page must not do: errors in the console, requests to anywhere but this studio."""

    def __init__(self, page: Page, url: str) -> None:
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request.url, url))

    def _request(self, address: str, url: str) -> None:
        if not address.startswith((url, "data:", "blob:", url.replace("http", "ws"))):
            self.troubles.append(f"outside request: {address}")


def picture(page: Page, name: str) -> None:
    """Take a picture for the README where a folder is named."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def part(running: Running, module: str) -> psutil.Process:
    """Return the process of a part by the module it runs."""
    for child in psutil.Process(running.process.pid).children(recursive=True):
        if module in child.cmdline():
            return child
    raise AssertionError(f"no process runs {module}")


def keep_examples(page: Page, url: str) -> None:
    page.goto(f"{url}/examples")
    page.locator("#file input[type=file]").set_input_files(LARKSPUR / "faq.csv")
    expect(page.locator("#headline")).to_contain_text("24 of 24 rows can be used", timeout=30_000)
    expect(page.locator("#column-question input")).to_have_value("question")
    expect(page.locator("#column-answer input")).to_have_value("answer")
    expect(page.locator("#reads")).to_contain_text("Thanks for asking!", timeout=60_000)
    picture(page, "examples")
    page.locator("#keep").click()
    expect(page.locator("#kept")).to_contain_text("kept as version 1")


def train(page: Page, running: Running) -> None:
    page.goto(f"{running.url}/train")
    expect(page.locator("#dataset input")).not_to_have_value("", timeout=20_000)
    write_passes(page, 3)
    page.locator("#train").click()
    expect(page.locator("#run-standing")).to_contain_text("Running", timeout=60_000)
    expect(page.locator("#run-link a")).to_be_visible()
    part(running, "studio.web").send_signal(signal.SIGKILL)
    page.goto("about:blank")
    _come_back(page, running, "/train")
    expect(page.locator("#run-standing")).to_contain_text(re.compile("Running|Done"), timeout=60_000)
    expect(page.locator("#run-samples")).to_contain_text("Thanks for asking!", timeout=LONG_MS)
    expect(page.locator("#run-standing")).to_contain_text("Done", timeout=LONG_MS)
    expect(page.locator("#run-picture img")).to_be_visible()
    picture(page, "train")


def _come_back(page: Page, running: Running, path: str) -> None:
    """Open a page of a studio that was just restarted, as soon as it answers."""
    for _ in range(120):
        if health(running) is not None:
            break
        page.wait_for_timeout(500)
    page.goto(running.url + path)


def health(running: Running) -> dict[str, Any] | None:
    """Return the state of the parts, None while the web process does not answer."""
    try:
        answered: dict[str, Any] = httpx.get(f"{running.url}/healthz", timeout=5).json()
    except httpx.TransportError:
        return None
    return answered["parts"]


def add_documents(page: Page, url: str) -> None:
    page.goto(f"{url}/documents")
    page.locator("#files input[type=file]").set_input_files(LARKSPUR / "battery-care.md")
    expect(page.locator("body")).to_contain_text("3 passages · read", timeout=90_000)
    write(page.locator("#search-question textarea, #search-question input").first, "How warm should the battery be?")
    page.locator("#search").click()
    expect(page.locator("#found")).to_contain_text("10 and 20 degrees", timeout=30_000)
    picture(page, "documents")


def add_table(page: Page, url: str) -> None:
    page.goto(f"{url}/tools")
    page.locator("#table-file input[type=file]").set_input_files(LARKSPUR / "orders.csv")
    expect(page.locator("#table-key input")).to_have_value("order")
    page.locator("#add-table").click()
    expect(page.locator("#tool-look_up_orders")).to_be_visible(timeout=20_000)
    picture(page, "tools")


def compare(page: Page, url: str) -> str:
    """Ask, reload in mid-answer, read five answers with their evidence; return the comparison's address."""
    page.goto(f"{url}/compare")
    write(
        page.locator("#question textarea"), "Where is order 10442, and how warm should I store its battery in winter?"
    )
    page.locator("#ask").click()
    expect(page.locator("#answer-base p").first).to_be_visible(timeout=60_000)
    link = page.locator("#comparison-link a").get_attribute("href") or ""
    page.goto(link if link.startswith("http") else url + link)
    all_answered(page)
    expect(page.locator("#way-documents")).to_contain_text("battery-care.md")
    expect(page.locator("#way-tools")).to_contain_text("out for delivery")
    expect(page.locator("#way-hybrid")).to_contain_text("out for delivery")
    picture(page, "compare")
    return page.url


def all_answered(page: Page) -> None:
    for way in WAYS:
        expect(page.locator(f"#badge-{way} code").first).to_be_visible(timeout=120_000)


def survive(page: Page, running: Running, ask: Callable[[], None]) -> None:
    """Kill the model server; the columns say so or wait, and the next question is answered again."""
    part(running, "jobs.serving").send_signal(signal.SIGKILL)
    page.wait_for_timeout(1_000)
    for _ in range(30):
        parts = health(running)
        if parts and parts["model"]["state"] == "ready":
            break
        page.wait_for_timeout(1_000)
    ask()
    all_answered(page)


def test_a_newcomer_teaches_and_compares(tmp_path: Path) -> None:
    with studio_running(tmp_path / "home") as running, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        watch = Watch(page, running.url)
        keep_examples(page, running.url)
        train(page, running)
        add_documents(page, running.url)
        add_table(page, running.url)
        address = compare(page, running.url)

        def ask() -> None:
            write(page.locator("#question textarea"), "What is 12 times 14?")
            page.locator("#ask").click()
            expect(page.locator("#way-tools")).to_contain_text("168", timeout=120_000)

        survive(page, running, ask)
        page.goto(address)
        all_answered(page)
        expect(page.locator("#way-tools")).to_contain_text("out for delivery")
        page.goto(running.url)
        picture(page, "home")
        assert watch.troubles == []
