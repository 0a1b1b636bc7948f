"""Compare in a real Chromium with a set of columns of one's own, what was asked before, and why answers differ."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.models.door import Chat
from storage.records import Example
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.bases import with_bases
from tests.browser.chromium import chromium
from tests.browser.pages_axe import too_wide, violations
from tests.browser.pages_compare import ComparePage
from tests.browser.pages_watch import Watch
from tests.browser.serving import SlowModel, Studio, studio
from tests.browser.writing import write

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]

QUESTION = "How long may I wait?"
SLOWLY_MS = 20_000


def reply(chat: Chat) -> str:
    shown = len(chat.messages) > 2
    return "You may wait 14 days." if shown else "You may wait as long as needed."


@pytest.fixture
def served(workspace: Workspace) -> Iterator[Studio]:
    rows = [Example(number, f"What is {number}?", f"Number {number}.") for number in range(1, 5)]
    rows.append(Example(5, QUESTION, "You may wait 14 days.", part="exam"))
    workspace.datasets.keep("FAQ", rows, rows=5, columns={}, dropped=[], source="faq.csv")
    with studio(workspace, reply, pause_s=0.0) as running:
        yield running


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield opened(browser)


def opened(browser: Browser) -> Page:
    return browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")


def test_columns_of_ones_own_each_stopped_and_asked_again_by_itself(served: Studio, page: Page) -> None:
    watch, compare, door = Watch(page, served.url), ComparePage(page, served.url), served.bench.door
    assert isinstance(door, SlowModel)
    door.waits_at = "wait"
    compare.open()
    page.locator("#columns button").first.click()
    compare.pick("add", "◇ Base with 3 of your examples", "Add")
    compare.pick("which", "○ Base", "Move right")
    expect(page.locator("#columns-now")).to_contain_text("1 ◆ Tuned · 2 ○ Base · 3 ■ Documents")
    expect(page.locator("#way-tuned h2")).to_have_text("○ Base")
    write(page.locator("#instruction textarea"), "Be short.")
    compare.ask(QUESTION, button="Ask all six")
    expect(page.locator("#way-sixth h2")).to_have_text("◇ Base with 3 of your examples")
    for place in ("tuned", "sixth"):
        expect(compare.answer(place)).to_contain_text("You may", timeout=SLOWLY_MS)
    page.locator("#again-sixth", has_text="Stop").click()
    expect(compare.status("sixth")).to_have_text("✕ Stopped before its end", timeout=SLOWLY_MS)
    expect(compare.status("tuned")).to_contain_text("Writing…")
    door.go_on.set()
    page.locator("#again-sixth", has_text="Again").click()
    compare.expect_over("tuned", "sixth")
    expect(compare.answer("sixth")).to_contain_text("14 days")
    why_they_differ(page)
    what_was_asked_before(page, compare)
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert not too_wide(page)
    assert {chat.messages[0]["content"] for chat in door.chats} == {"Be short."}
    assert watch.troubles == []


def why_they_differ(page: Page) -> None:
    """Set an answer against another one, then against the wanted one."""
    page.get_by_role("button", name="Why do they differ?").click()
    page.locator("#differs-first input").click()
    page.get_by_role("option", name="Base with 3 of your examples").click()
    page.locator("#differs-second input").click()
    page.get_by_role("option", name="Base", exact=True).click()
    expect(page.locator("#differs ins")).to_have_text("14 days.", timeout=SLOWLY_MS)
    page.locator("#differs-second input").click()
    page.get_by_role("option", name="The answer you want").click()
    expect(page.locator("#differs")).to_have_text("The same words in the same order.", timeout=SLOWLY_MS)


def what_was_asked_before(page: Page, compare: ComparePage) -> None:
    """Search what was asked, and take it away."""
    page.get_by_role("button", name="Earlier comparisons").click()
    search = page.locator("#earlier-search").get_by_role("textbox")
    write(search, "nowhere")
    expect(page.locator("#earlier-list")).to_have_text("Nothing found. Try fewer words.", timeout=SLOWLY_MS)
    write(search, "14 DAYS")
    expect(page.locator("#earlier-list").get_by_role("link", name=QUESTION)).to_be_visible(timeout=SLOWLY_MS)
    with page.expect_download() as taken:
        page.locator("#earlier-files").get_by_role("link", name="JSON").click()
    (document,) = json.loads(taken.value.path().read_text())
    assert document["id"] == compare.address.split("=")[1]
    with page.expect_download() as alone:
        page.locator("#comparison-files").get_by_role("link", name="Markdown").click()
    assert alone.value.path().read_text().startswith(f"# {QUESTION}")


def test_what_another_base_has_learned_is_shown_by_that_base_as_freely_as_wished(
    workspace: Workspace, tmp_path: Path, page: Page
) -> None:
    both = with_bases(workspace, tmp_path / "models", "starter", "smollm2-360m")
    adapter = keep_adapter(both, "Returns tone", base_id="smollm2-360m")
    with studio(both, lambda chat: f"Said by {chat.model}.", pause_s=0.0) as running:
        watch, compare, door = Watch(page, running.url), ComparePage(page, running.url), running.bench.door
        assert isinstance(door, SlowModel)
        compare.open(f"/compare?adapter={adapter.id}")
        expect(page.locator("#way-base h2")).to_have_text("○ Base: SmolLM2 360M Instruct", timeout=SLOWLY_MS)
        expect(page.locator("#way-tuned h2")).to_have_text("◆ Tuned: Returns tone")
        page.get_by_role("button", name="What the columns may use").click()
        page.locator("#freedom").get_by_label("Inventive").check()
        compare.ask(QUESTION)
        compare.expect_over("base", "tuned")
        expect(compare.answer("base")).to_contain_text("Said by smollm2-360m.")
        expect(compare.answer("tuned")).to_contain_text(f"Said by adapter:{adapter.id}.")
        assert {(chat.temperature, chat.seed) for chat in door.chats} == {(1.0, 0)}
        page.locator("#evidence-tuned").click()
        expect(page.locator("#evidence-table")).to_contain_text("Inventive (temperature 1)")
        assert violations(page) == []
        assert watch.troubles == []
