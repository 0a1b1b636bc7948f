"""A database is added on Tools in a real Chromium, tried by hand, asked on Compare and removed again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from jobs.models.door import Chat
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_compare import ComparePage
from tests.browser.pages_teaching import ToolsPage
from tests.browser.pages_watch import Watch
from tests.browser.serving import studio
from tests.shop import sqlite_shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]


def reply(chat: Chat) -> str:
    """A model that fills in the one form that the question allows."""
    match chat.response_format:
        case {"json_schema": {"schema": schema}}:
            return json.dumps({name: values["enum"][0] for name, values in schema["properties"].items()})
        case _:
            return "That is all."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def test_a_database_is_added_tried_asked_and_removed(workspace: Workspace, browser: Browser, tmp_path: Path) -> None:
    with studio(workspace, reply, pause_s=0.0) as served:
        page = browser.new_page()
        watch = Watch(page, served.url)
        tools = ToolsPage(page, served.url)
        tools.open()
        tools.look_inside(sqlite_shop(tmp_path))
        expect(page.locator("#database-tables")).to_contain_text("purchase", timeout=20_000)
        for table in ("customer", "purchase"):
            tools.tick("tables", table)
            expect(page.locator("#database-columns")).to_contain_text(f"{table}.{table}_id", timeout=20_000)
        tools.tick("columns", "customer.phone")
        tools.add_database("shop", "revenue = purchase.total")
        card = tools.tool("ask_shop")
        expect(card).to_contain_text("7 columns of 2 tables of shop.sqlite may be read", timeout=20_000)

        card.get_by_role("button", name="Try it").click()
        page.locator("#run-ask_shop").click()
        expect(page.locator("#result-ask_shop")).to_contain_text("customer.name", timeout=20_000)

        compare = ComparePage(page, served.url)
        with watch.leaving():
            compare.open()
        compare.ask("What was the total revenue in 2025?")
        expect(compare.answer("tools")).to_contain_text("25.25", timeout=40_000)

        with watch.leaving():
            tools.open()
        page.locator("#remove-ask_shop").click()
        card.get_by_role("button", name="Yes, remove").click()
        expect(card).to_have_count(0, timeout=20_000)
        assert watch.troubles == []
        page.close()
