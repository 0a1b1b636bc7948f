"""The journey on real data in a real browser: an outdoor shop's questions, its manuals and its products."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import chromium
from tests.browser.pages_compare import WAYS, ComparePage
from tests.browser.pages_teaching import ExamplesPage, ToolsPage, TrainPage
from tests.browser.pages_watch import Watch
from tests.browser.writing import write_passes
from tests.running import studio_running

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.shared_data, pytest.mark.timeout(900)]

LONG_MS = 400_000
QUESTION = "What does the TrailMaster X4 Tent cost?"


def keep_and_train(page: Page, url: str, faq: Path) -> None:
    """Keep the shop's questions and train with one pass, so that the test is short."""
    examples, train = ExamplesPage(page, url), TrainPage(page, url)
    examples.open()
    examples.upload(faq)
    expect(examples.headline).to_contain_text("89 rows can be used", timeout=30_000)
    examples.keep()
    train.open()
    write_passes(page, 1)
    train.train("Outdoor shop")
    expect(train.standing).to_contain_text("Done", timeout=LONG_MS)
    page.get_by_role("button", name="Settings of this run").click()
    expect(page.locator("#run-settings")).to_contain_text("(epochs) 1")


def add_manuals(page: Page, url: str, manuals: Path) -> None:
    """Upload every manual at once."""
    page.goto(f"{url}/documents")
    files = sorted(manuals.glob("*.md"))
    page.locator("#files input[type=file]").set_input_files(files)
    expect(page.locator("#documents-head")).to_contain_text(f"{len(files)} documents", timeout=LONG_MS)


def test_an_outdoor_shop_teaches_looks_up_and_compares(tmp_path: Path, shared_data: Path) -> None:
    shop = shared_data / "cs-contoso-outdoor"
    with studio_running(tmp_path / "home") as running, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        watch = Watch(page, running.url)
        with watch.leaving():
            keep_and_train(page, running.url, shop / "faq.csv")
            add_manuals(page, running.url, shop / "manuals")
            tools, compare = ToolsPage(page, running.url), ComparePage(page, running.url)
            tools.open()
            tools.add_table(shop / "products.csv", key="name")
            expect(tools.tool("look_up_products")).to_be_visible(timeout=20_000)
            compare.open()
        compare.ask(QUESTION)
        compare.expect_over(timeout_s=180)
        for way in WAYS:
            expect(compare.status(way)).to_contain_text("✓")
        for way in ("documents", "hybrid"):
            expect(page.locator(f"#cite-{way}-1")).to_contain_text("product_info_1.md")
        for way in ("tools", "hybrid"):
            expect(page.locator(f"#call-{way}-1")).to_contain_text("Look up products")
            expect(compare.answer(way)).to_contain_text("250")
        assert watch.troubles == []
