"""The first minutes of a person who has never seen Triptych, in a real browser: clicks and minutes to each station.

`make newcomer` opens the sample company and walks to its scores; `make newcomer FILE=faq.csv` walks with a file of
one's own from Home to scores. A benchmark, not a test: run it while nothing else runs. Ten to fifteen minutes each.
With TRIPTYCH_PICTURES=FOLDER in the environment the pictures of the README are taken on the way.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import chromium
from tests.browser.writing import write
from tests.running import Running, studio_running

WAYS = ("base", "tuned", "documents", "tools", "hybrid")
_LONG_MS = 15 * 60_000
_PAGE_MS = 60_000


class Newcomer:
    """A person at a page: counts what they click and says when they reach a station."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._clicks = 0
        self._began = time.monotonic()
        self.stations: list[dict[str, float | str]] = []

    def click(self, what: Locator) -> None:
        """Click once, as soon as it can be clicked."""
        expect(what).to_be_visible(timeout=_LONG_MS)
        expect(what).to_be_enabled(timeout=_LONG_MS)
        what.click()
        self._clicks += 1

    def bring(self, place: str, file: Path) -> None:
        """Drop a file; it counts as a click."""
        self.page.locator(f"{place} input[type=file]").set_input_files(file, timeout=_PAGE_MS)
        self._clicks += 1

    def reached(self, station: str) -> None:
        """Say how many clicks and minutes the station took from the beginning."""
        minutes = (time.monotonic() - self._began) / 60
        self.stations.append({"station": station, "clicks": self._clicks, "minutes": round(minutes, 2)})
        sys.stdout.write(f"{station:<44}{self._clicks:>3} clicks {minutes:6.1f} min\n")
        sys.stdout.flush()


def picture(page: Page, name: str) -> None:
    """Take a picture of the whole page where a folder is named."""
    if folder := os.environ.get("TRIPTYCH_PICTURES"):
        page.wait_for_timeout(1_000)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def answered(page: Page, *ways: str) -> None:
    """Wait until these columns have finished their answers."""
    for way in ways:
        expect(page.locator(f"#status-{way}")).to_contain_text("✓", timeout=_LONG_MS)


def scored(person: Newcomer) -> None:
    """Press Score and wait for the table of ways."""
    person.click(person.page.locator("#score"))
    expect(person.page.locator("#score-standing")).to_contain_text("Question", timeout=_LONG_MS)
    expect(person.page.locator("#scorecard table").first).to_be_visible(timeout=_LONG_MS)
    sys.stdout.write(person.page.locator("#scorecard").inner_text() + "\n")


def sample(person: Newcomer, url: str) -> None:
    """Open the sample company, read three answers, then five, then the scores."""
    page = person.page
    page.goto(url)
    person.click(page.get_by_role("button", name="Open the sample company"))
    expect(page.locator("#question textarea")).not_to_have_value("", timeout=_LONG_MS)
    person.click(page.locator("#ask"))
    answered(page, "base", "documents", "tools")
    person.reached("the first three answers")
    expect(page.locator("#status-tuned")).to_contain_text("Not ready", timeout=_LONG_MS)
    trained(page, url)
    page.bring_to_front()
    person.click(page.locator("#ask"))
    answered(page, *WAYS)
    person.reached("five answers")
    picture(page, "compare")
    person.click(page.get_by_role("link", name="Scores"))
    scored(person)
    person.reached("the scores of the sample")
    picture(page, "scores")
    page.goto(f"{url}/documents")
    expect(page.locator("#documents-head")).to_contain_text("documents", timeout=_PAGE_MS)
    write(page.locator("#search-question").get_by_role("textbox"), "What does a loan bike cost a day?")
    page.locator("#search").click()
    expect(page.locator("#found")).to_contain_text("workshop.md", timeout=_PAGE_MS)
    picture(page, "documents")
    page.goto(url)
    expect(page.locator("#guide")).to_contain_text("Right on", timeout=_PAGE_MS)
    picture(page, "home")


def trained(page: Page, url: str) -> None:
    """Wait for the training in a second tab, as a person who looks there now and then."""
    other = page.context.new_page()
    other.goto(f"{url}/train")
    expect(other.locator("#run-standing")).to_contain_text("Done", timeout=_LONG_MS)
    picture(other, "train")
    other.close()


def own_file(person: Newcomer, url: str, file: Path) -> None:
    """Go from Home to scores with nothing but a file of questions and answers."""
    page = person.page
    page.goto(url)
    person.click(page.get_by_role("link", name="Start with my own file"))
    expect(page.locator("#file input[type=file]")).to_be_attached(timeout=_PAGE_MS)
    person.bring("#file", file)
    person.click(page.get_by_label("Also let it look these up"))
    person.click(page.locator("#keep"))
    person.click(page.get_by_role("link", name="Train on them"))
    person.click(page.locator("#train"))
    expect(page.locator("#run-standing")).to_contain_text("Done", timeout=_LONG_MS)
    person.reached("own file trained")
    person.click(page.get_by_role("navigation").get_by_role("link", name="Scores"))
    scored(person)
    person.reached("the scores of an own file")


def walk(running: Running, file: Path | None) -> None:
    """Walk one of the two ways and print the stations as one line of JSON at the end."""
    with chromium() as browser:
        person = Newcomer(browser.new_context(viewport={"width": 1440, "height": 900}).new_page())
        if file is None:
            sample(person, running.url)
        else:
            own_file(person, running.url, file)
        sys.stdout.write(json.dumps(person.stations) + "\n")


def main() -> None:
    """Start a fresh Triptych, walk, stop it. The one argument is the file of one's own."""
    with tempfile.TemporaryDirectory() as folder, studio_running(Path(folder) / "home") as running:
        walk(running, Path(sys.argv[1]) if sys.argv[1:] else None)


if __name__ == "__main__":
    main()
