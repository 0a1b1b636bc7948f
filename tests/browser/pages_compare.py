"""The Compare page as a person uses it; what a test says reads like the journey."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.writing import write

WAYS = ("base", "tuned", "documents", "tools", "hybrid")


class ComparePage:
    """Drives the Compare page by its stable ids."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    def open(self, comparison: str = "") -> None:
        """Open the page, empty or with a comparison's address."""
        self.page.goto(comparison if comparison.startswith("http") else f"{self._url}{comparison or '/compare'}")
        expect(self.page.locator("#question textarea")).to_be_visible(timeout=20_000)

    def ask(self, question: str, button: str = "Ask all five", words: str = "") -> None:
        """Write the question and press Ask, in certain words on a wish; returns once the comparison is kept."""
        if words:
            self.choose_words(words)
        write(self.page.locator("#question textarea"), question)
        self.page.get_by_role("button", name=button).click()
        expect(self.page.locator("#comparison-link a")).to_be_visible(timeout=20_000)

    def choose_words(self, words: str) -> None:
        """Choose in which words columns answer from documents, under what the columns may use."""
        choice = self.page.locator("#wording").get_by_label(words)
        if not choice.is_visible():
            self.page.get_by_role("button", name="What the columns may use").click()
        choice.check()

    def pick(self, field: str, column: str, button: str) -> None:
        """Choose a column in a field of the unfolded part Columns, and press the button beside it."""
        self.page.locator(f"#columns-{field} input").click()
        self.page.get_by_role("option", name=column).click()
        self.page.get_by_role("button", name=button, exact=True).click()
        expect(self.page.locator("#columns-notice")).to_be_hidden()

    @property
    def address(self) -> str:
        """The comparison's address, below the studio's own."""
        return self.page.locator("#comparison-link a").get_attribute("href") or ""

    def status(self, way: str) -> Locator:
        """The line under the column's name."""
        return self.page.locator(f"#status-{way}")

    def answer(self, way: str) -> Locator:
        """The column's text."""
        return self.page.locator(f"#answer-{way}")

    def expect_over(self, *ways: str, timeout_s: float = 30) -> None:
        """Wait until these columns, or all, have ended."""
        for way in ways or WAYS:
            expect(self.status(way)).to_have_text(re.compile("✓|✕|◌ Not ready"), timeout=timeout_s * 1000)

    def open_source(self, way: str, number: int = 1) -> Locator:
        """Press the mark [n] in a column's answer and return the drawer."""
        self.answer(way).get_by_role("link", name=f"[{number}]").click()
        return self._drawer()

    def open_evidence(self, way: str) -> Locator:
        """Press Evidence and return the drawer."""
        self.page.locator(f"#evidence-{way}").click()
        return self._drawer()

    def close_evidence(self) -> None:
        """Close the drawer as the keyboard does."""
        self.page.keyboard.press("Escape")
        expect(self.page.locator("#evidence.open")).to_have_count(0)

    def card(self, way: str) -> Locator:
        """The card of a column that waits for a yes."""
        return self.page.locator(f"#asks-{way}")

    def _drawer(self) -> Locator:
        drawer = self.page.locator("#evidence.open")
        expect(drawer).to_be_visible()
        return drawer
