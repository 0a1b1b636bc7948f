"""Examples, Train, Documents and Tools as a person uses them, by their stable ids."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.writing import write


class ExamplesPage:
    """Upload, look, keep."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    def open(self) -> None:
        """Open the page."""
        self.page.goto(f"{self._url}/examples")
        expect(self.page.locator("#file input[type=file]")).to_be_attached(timeout=20_000)

    def upload(self, file: Path) -> None:
        """Choose a file in place of any other."""
        if self.page.locator("#file").get_by_role("button", name="Clear").count():
            self.page.locator("#file").get_by_role("button", name="Clear").first.click()
        self.page.locator("#file input[type=file]").set_input_files(file)

    @property
    def notice(self) -> Locator:
        """What went wrong, under the file."""
        return self.page.locator("#notice")

    @property
    def headline(self) -> Locator:
        """How many rows can be used."""
        return self.page.locator("#headline")

    def keep(self) -> Locator:
        """Press Keep and return what the page says then."""
        self.page.get_by_role("button", name="Keep these examples").click()
        kept = self.page.locator("#kept")
        expect(kept).to_contain_text("kept as version", timeout=20_000)
        return kept


class TrainPage:
    """Ask for a training, watch a run."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    def open(self, address: str = "/train") -> None:
        """Open the page, or a run by its address."""
        self.page.goto(f"{self._url}{address}")
        expect(self.page.locator("#dataset input")).to_be_visible(timeout=20_000)

    def train(self, name: str = "") -> None:
        """Fill in the name and press Train."""
        expect(self.page.locator("#dataset input")).not_to_have_value("")
        write(self.page.locator("#train-name").get_by_role("textbox"), name)
        self.page.get_by_role("button", name="Train", exact=True).click()

    @property
    def standing(self) -> Locator:
        """State, bar and time of the run that is shown."""
        return self.page.locator("#run-standing")

    def press(self, label: str) -> None:
        """Press one of the run's buttons."""
        self.page.locator("#run").get_by_role("button", name=label).click()


class ToolsPage:
    """Allow, try, add a table."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    def open(self) -> None:
        """Open the page."""
        self.page.goto(f"{self._url}/tools")
        expect(self.tool("calculator")).to_be_visible(timeout=20_000)

    def tool(self, name: str) -> Locator:
        """The card of a tool."""
        return self.page.locator(f"#tool-{name}")

    def calculate(self, expression: str) -> Locator:
        """Try the calculator and return what came back."""
        self.tool("calculator").get_by_role("button", name="Try it").click()
        write(self.page.locator("#try-calculator-expression").get_by_role("textbox"), expression)
        self.page.locator("#run-calculator").click()
        return self.page.locator("#result-calculator")

    def add_table(self, file: Path, key: str = "") -> None:
        """Upload a table and add it under the name that was guessed, found by `key` or the column that was guessed."""
        self.page.locator("#table-file input[type=file]").set_input_files(file)
        chosen = self.page.locator("#table-key input")
        expect(chosen).not_to_have_value("", timeout=20_000)
        if key:
            write(chosen, key)
            self.page.get_by_role("option", name=key, exact=True).click()
            expect(chosen).to_have_value(key)
        self.page.get_by_role("button", name="Add this table").click()

    def look_inside(self, file: Path) -> None:
        """Choose a database and look what is in it."""
        self.page.get_by_role("button", name="Ask a database").click()
        self.page.locator("#database-file input[type=file]").set_input_files(file)
        # Once it is there its name stands in two pieces, the beginning and the ending; whole it is read out only.
        taken_in = self.page.locator("#database-file").get_by_role("cell", name=file.name, exact=True)
        expect(taken_in).to_be_visible(timeout=20_000)
        self.page.locator("#look-inside").click()

    def tick(self, part: str, name: str) -> None:
        """Tick a table or a column."""
        self.page.locator(f"#database-{part}").get_by_role("checkbox", name=name, exact=True).click()

    def add_database(self, name: str, words: str) -> None:
        """Name the database, say its own words and add it."""
        write(self.page.locator("#database-name").get_by_role("textbox"), name)
        write(self.page.locator("#database-words").get_by_role("textbox"), words)
        self.page.locator("#add-database").click()
