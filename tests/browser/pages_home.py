"""Home as a person uses it, by its stable ids."""

from playwright.sync_api import Locator, Page, expect


class HomePage:
    """Begin, read the guide, delete."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    def open(self) -> None:
        """Open the page and wait until it is drawn."""
        self.page.goto(self._url)
        expect(self.page.locator("#steps table")).to_be_visible(timeout=20_000)

    @property
    def guide(self) -> Locator:
        """The table of which way fits."""
        return self.page.locator("#guide")

    def open_sample(self) -> None:
        """Press the button and wait for the page that it leads to."""
        self.page.get_by_role("button", name="Open the sample company").click()
        expect(self.page.get_by_role("heading", name="Compare", level=1)).to_be_visible(timeout=30_000)

    def open_data(self) -> None:
        """Open the part with everything that is kept."""
        self.page.get_by_role("button", name="Your data").click()
        expect(self.page.locator("#delete-which input")).to_be_visible()

    def choose(self, name: str) -> Locator:
        """Choose what to delete, press the button, and return the question that is asked then."""
        self.page.locator("#delete-which input").click()
        self.page.get_by_role("option", name=name).click()
        self.page.locator("#delete-one").click()
        expect(self.page.locator("#delete-sure")).to_be_visible()
        return self.page.locator("#delete-question")

    def agree(self) -> Locator:
        """Say yes, and return what is said then."""
        self.page.locator("#delete-yes").click()
        return self.page.locator("#delete-done")
