"""The Scores page as a person uses it, by its stable ids."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect


class ScoresPage:
    """Choose questions, score, read the answers behind the numbers."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    def open(self, address: str = "/scores") -> None:
        """Open the page, or a score by its address."""
        self.page.goto(f"{self._url}{address}")
        expect(self.page.locator("#score-source input")).to_be_visible(timeout=20_000)

    def upload(self, file: Path) -> None:
        """Choose a new table of test questions."""
        self.page.locator("#score-file input[type=file]").set_input_files(file)
        expect(self.page.locator("#score-file")).to_contain_text(file.stem, timeout=20_000)

    def leave_only(self, *ways: str) -> None:
        """Tick these ways and no others."""
        for box in self.page.locator("#score-ways").get_by_role("checkbox").all():
            box.set_checked(any(way in (box.locator("xpath=..").text_content() or "") for way in ways))

    def score(self) -> None:
        """Press Score."""
        self.page.get_by_role("button", name="Score", exact=True).click()

    def choose(self, field: str, option: str) -> None:
        """Choose an option of one of the page's lists."""
        self.page.locator(f"#{field} input").click()
        self.page.get_by_role("option", name=option).click()

    @property
    def notice(self) -> Locator:
        """What went wrong."""
        return self.page.locator("#notice")

    @property
    def standing(self) -> Locator:
        """How far the scoring is."""
        return self.page.locator("#score-standing")

    @property
    def card(self) -> Locator:
        """The scorecard."""
        return self.page.locator("#scorecard")

    @property
    def questions(self) -> Locator:
        """The questions behind the numbers."""
        return self.page.locator("#questions")
