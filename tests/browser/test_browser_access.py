"""Everyone can use every page: axe finds nothing, the keyboard reaches everything, and enlarging breaks nothing."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from storage.settings import Settings
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_axe import out_of_reach, too_wide, violations
from tests.browser.pages_compare import ComparePage
from tests.browser.pages_teaching import ExamplesPage
from tests.browser.pages_watch import Watch
from tests.browser.serving import studio
from tests.browser.walked import LARKSPUR, ORDER_QUESTION, QUESTION, Walked, ask, reply, walk
from tests.browser.writing import write

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    # The pages are rendered in the browser anyway; the framework says so at each mount of several pages.
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]

PATIENCE_MS = 20_000
ADDRESSES = ("/", "/examples", "/train", "/documents", "/tools", "/compare", "/scores", "/rows", "/drafts")
# What a page shows once it has drawn itself from the workspace.
DRAWN = {
    "/": "#steps table",
    "/examples": "#versions table",
    "/train": "#run-picture img",
    "/documents": "#remove-2",
    "/tools": "#tool-look_up_orders",
    "/compare": "#question textarea",
    "/scores": "#every-question",
    "/rows": "#edit-1",
    "/drafts": "#drafts-left p",
}


@dataclass(frozen=True)
class Taken:
    """A served studio in which every step has been taken, and the addresses of what came of it."""

    url: str
    walked: Walked
    answered: str
    asking: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    workspace = Workspace.open(Settings(home=tmp_path_factory.mktemp("home")))
    walked = walk(workspace)
    with studio(workspace, reply, pause_s=0.001, patience_s=600) as served:
        answered, asking = (ask(served, question).id for question in (QUESTION, ORDER_QUESTION))
        yield Taken(served.url, walked, f"/compare?c={answered}", f"/compare?c={asking}")
        served.bench.comparing.stop(asking)
    workspace.close()


@contextmanager
def a_page(browser: Browser, url: str) -> Iterator[Page]:
    """Give a page on which nothing goes wrong, from which nothing is asked outside, and on which nothing moves."""
    opened = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    opened.set_default_timeout(PATIENCE_MS)
    watch = Watch(opened, url)
    yield opened
    opened.close()
    assert watch.troubles == []


def visit(page: Page, taken: Taken, address: str) -> None:
    """Open a page by its address and wait until it has drawn what it shows."""
    page.goto(taken.url + address)
    page.locator(DRAWN[address]).first.wait_for()
    settled(page)


def settled(page: Page) -> None:
    """Wait until the framework has put every part in its place and no text is about to be exchanged."""
    # The framework's own word, outside of every landmark, until the last of the page's components is there.
    expect(page.locator("p.loading")).to_have_count(0)
    expect(page.locator(".pending")).to_have_count(0)


def visit_answers(page: Page, taken: Taken) -> ComparePage:
    compare = ComparePage(page, taken.url)
    compare.open(taken.answered)
    compare.expect_over()
    return compare


def unfold(page: Page) -> None:
    """Open everything on the page that is folded."""
    folded = page.locator("button.label-wrap:not(.open):visible")
    while folded.count():
        # Others may come to the page meanwhile, so this very one is waited for.
        pressed = folded.first.element_handle()
        pressed.click()
        page.wait_for_function("button => button.classList.contains('open') || !button.isConnected", arg=pressed)
    expect(folded).to_have_count(0)


def with_a_file(page: Page, taken: Taken) -> None:
    examples = ExamplesPage(page, taken.url)
    examples.open()
    examples.upload(LARKSPUR / "faq.csv")
    expect(page.locator("#reads .highlighted").first).to_be_visible(timeout=PATIENCE_MS)


def with_a_run(page: Page, taken: Taken) -> None:
    page.goto(f"{taken.url}/train?run={taken.walked.running}")
    page.locator("#run-samples table").wait_for()


def with_a_run_that_is_done(page: Page, taken: Taken) -> None:
    page.goto(f"{taken.url}/train?run={taken.walked.done}")
    expect(page.locator("#run-standing")).to_contain_text("Done", timeout=PATIENCE_MS)
    settled(page)
    unfold(page)
    page.get_by_role("button", name="Delete, Returns tone").click()
    expect(page.get_by_role("button", name="Yes, delete")).to_be_visible()


def with_a_search(page: Page, taken: Taken) -> None:
    visit(page, taken, "/documents")
    write(page.locator("#search-question").get_by_role("textbox"), QUESTION)
    page.locator("#search").click()
    expect(page.locator("#found")).to_contain_text("14 days", timeout=PATIENCE_MS)


def with_a_source_open(page: Page, taken: Taken) -> None:
    visit_answers(page, taken).open_source("documents")
    expect(page.locator("#evidence-passage")).to_contain_text("14 days")


def with_evidence_open(page: Page, taken: Taken) -> None:
    visit_answers(page, taken).open_evidence("hybrid")
    expect(page.locator("#evidence-table table")).to_be_visible()


def on_a_phone(page: Page, taken: Taken) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit_answers(page, taken)


def with_a_card_that_asks(page: Page, taken: Taken) -> None:
    compare = ComparePage(page, taken.url)
    compare.open(taken.asking)
    expect(compare.card("tools").locator("pre")).to_contain_text("10442", timeout=PATIENCE_MS)
    settled(page)
    unfold(page)


def unfolded(address: str) -> Callable[[Page, Taken], None]:
    """Return what opens a page with all that it folds away."""

    def sight(page: Page, taken: Taken) -> None:
        visit(page, taken, address)
        unfold(page)

    return sight


SIGHTS: dict[str, Callable[[Page, Taken], Any]] = {
    "Home": unfolded("/"),
    "Examples with a file": with_a_file,
    "Train with a run": with_a_run,
    "Train, deleting": with_a_run_that_is_done,
    "Documents with a search": with_a_search,
    "Tools": unfolded("/tools"),
    "Compare": unfolded("/compare"),
    "Compare, answered": visit_answers,
    "Compare with a source": with_a_source_open,
    "Compare with evidence": with_evidence_open,
    "Compare with a card that asks": with_a_card_that_asks,
    "Compare on a phone": on_a_phone,
    "Scores": unfolded("/scores"),
    "Rows": unfolded("/rows"),
    "Drafts": unfolded("/drafts"),
}


@pytest.fixture(scope="module", params=SIGHTS)
def sight(request: pytest.FixtureRequest, browser: Browser, taken: Taken) -> Iterator[Page]:
    """One sight after the other, opened once for all that is asked of it."""
    with a_page(browser, taken.url) as page:
        SIGHTS[request.param](page, taken)
        yield page


def test_axe_finds_nothing_in_the_light(sight: Page) -> None:
    assert violations(sight) == []


def test_axe_finds_nothing_in_the_dark(sight: Page) -> None:
    sight.emulate_media(color_scheme="dark")
    expect(sight.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    assert violations(sight) == []
    sight.emulate_media(color_scheme="light")


def test_tab_reaches_every_control_and_shows_where_it_is(sight: Page) -> None:
    assert out_of_reach(sight) == []


def test_enlarged_it_is_not_moved_sideways(sight: Page) -> None:
    """A window of 1440 at 200 %, and one of 1280 at 400 %, leave that much room."""
    for width in (720, 320):
        sight.set_viewport_size({"width": width, "height": 450})
        assert not too_wide(sight), width


def test_axe_finds_nothing_where_nothing_has_been_done_yet(browser: Browser, tmp_path: Path) -> None:
    workspace = Workspace.open(Settings(home=tmp_path / "home"))
    with studio(workspace, reply) as served:
        for address in ADDRESSES:
            with a_page(browser, served.url) as page:
                page.goto(served.url + address)
                expect(page.get_by_role("heading", level=1)).to_be_visible()
                settled(page)
                assert violations(page) == [], address
    workspace.close()


def test_a_question_is_asked_and_its_evidence_read_by_keyboard_alone(browser: Browser, taken: Taken) -> None:
    with a_page(browser, taken.url) as page:
        visit(page, taken, "/compare")
        go_to(page, "#question textarea")
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        ComparePage(page, taken.url).expect_over()
        read_evidence(page)
        read_source(page)


def read_evidence(page: Page) -> None:
    """Open what made an answer, leave it by Escape, and stand where one stood."""
    go_to(page, "#evidence-documents")
    page.keyboard.press("Enter")
    expect(page.locator("#evidence-heading h2")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#close-evidence")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#evidence.open")).to_have_count(0)
    expect(page.locator("#evidence-documents")).to_be_focused()


def read_source(page: Page) -> None:
    """Open a source by its mark in the answer, and leave it by its button."""
    go_to(page, '#answer-hybrid a[href^="#cite-"]')
    page.keyboard.press("Enter")
    expect(page.locator("#evidence-passage")).to_contain_text("14 days")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator('#answer-hybrid a[href^="#cite-"]').first).to_be_focused()


def go_to(page: Page, selector: str) -> None:
    """Press Tab until what `selector` names has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")
