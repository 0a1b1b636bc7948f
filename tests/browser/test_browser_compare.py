"""Compare in a real Chromium with a scripted model: five streams, their evidence, a reload in mid-answer."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.models.door import Chat
from jobs.requests import Train
from storage.records import Adapter
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_compare import ComparePage
from tests.browser.pages_watch import Watch
from tests.browser.serving import SlowModel, Studio, studio
from tests.browser.writing import write
from tests.claimed import claimed_context
from tests.documents import put_documents

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    # The pages are rendered in the browser anyway; the framework says so at each mount of several pages.
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]

BASE = "You can usually return a bike. " * 6 + "<img src=http://evil.example/x.png> Please ask the shop."
TUNED = "Thanks for asking! You may send an e-bike back within 14 days of delivery. We pay the way back."
QUESTION = "Within how many days of delivery may an e-bike be sent back?"


def reply(chat: Chat) -> str:
    return TUNED if chat.model.startswith("adapter:") else BASE


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def served(workspace: Workspace) -> Iterator[Studio]:
    put_documents(
        workspace, {"returns.md": "# Returns\n\nAn e-bike may be sent back within 14 days of delivery, in its box."}
    )
    with studio(workspace, reply, pause_s=0.1) as running:
        yield running


def keep_adapter(served: Studio) -> None:
    """Let a training have ended, without one."""
    context = claimed_context(served.bench.workspace, Train(dataset_id="d", name="Returns tone"))
    job = context.job
    adapter = Adapter(
        job.adapter_id or "", job.id, "Returns tone", "starter", "0" * 64, "1" * 64, "d", "adapters/x", "2" * 64, 0.0
    )
    assert served.bench.queue.finish(job, result={}, adapter=adapter)


def new_page(browser: Browser) -> Page:
    return browser.new_page(viewport={"width": 1440, "height": 900})


def test_five_columns_stream_and_outlive_the_page(served: Studio, browser: Browser) -> None:
    page = new_page(browser)
    watch, compare = Watch(page, served.url), ComparePage(page, served.url)
    keep_adapter(served)
    door = served.bench.door
    assert isinstance(door, SlowModel)
    door.waits_at = "evil.example"
    compare.open()
    compare.ask(QUESTION)
    expect(compare.status("base")).to_contain_text("Writing…")
    expect(compare.answer("tuned")).to_contain_text("Thanks for asking!")
    expect(compare.status("base")).not_to_contain_text("✓")

    with watch.leaving():
        page.reload()
    door.go_on.set()
    expect(page).to_have_url(f"{served.url}{compare.address}")
    expect(page.locator("#question textarea")).to_have_value(QUESTION)
    compare.expect_over()
    expect(compare.answer("base")).to_contain_text("<img src=http://evil.example/x.png> Please ask the shop.")
    expect(compare.answer("hybrid")).to_contain_text("within 14 days of delivery. [1]")
    expect(page.locator("#badge-tuned code")).to_have_text("0000…0000")

    assert watch.troubles == []


def test_evidence_opens_beside_the_answers_and_a_vote_is_kept(served: Studio, browser: Browser) -> None:
    page = new_page(browser)
    watch, compare = Watch(page, served.url), ComparePage(page, served.url)
    keep_adapter(served)
    compare.open()
    compare.ask(QUESTION)
    compare.expect_over()
    drawer = compare.open_source("hybrid")
    expect(drawer).to_contain_text("Source 1: returns.md")
    expect(drawer.locator(".highlighted", has_text="within 14 days of delivery")).to_be_visible()
    expect(page.locator("#evidence-heading h2")).to_be_focused()
    compare.close_evidence()
    expect(compare.open_evidence("documents")).to_contain_text("Read back from the model server during this very call")
    compare.close_evidence()
    expect(page.locator("#evidence-documents")).to_be_focused()

    hybrid = page.locator("#vote").get_by_role("radio", name="Hybrid")
    hybrid.click()
    expect(page.locator("#voted")).to_contain_text("Your choice is kept.")
    expect(hybrid).to_be_checked()
    reopened = ComparePage(new_page(browser), served.url)
    reopened.open(compare.address)
    reopened.expect_over()
    expect(reopened.answer("tuned")).to_contain_text("We pay the way back.")
    expect(reopened.page.locator("#vote").get_by_role("radio", name="Hybrid")).to_be_checked()
    assert watch.troubles == []


def test_a_missing_part_is_said_where_it_is_missed_and_stopping_stops(served: Studio, browser: Browser) -> None:
    page = new_page(browser)
    watch, compare, door = Watch(page, served.url), ComparePage(page, served.url), served.bench.door
    assert isinstance(door, SlowModel)
    door.waits_at = "Please"
    compare.open()
    expect(compare.answer("tuned")).to_contain_text("There is not yet a model trained on your examples.")
    page.get_by_role("button", name="Ask all five").click()
    expect(page.locator("#notice")).to_contain_text("There is no question yet.")

    compare.ask(QUESTION)
    expect(compare.answer("base")).to_contain_text("You can usually")
    expect(compare.answer("tuned").get_by_role("link", name="Train one")).to_have_attribute("href", "/train")
    page.get_by_role("button", name="Stop all").click()
    expect(compare.status("base")).to_have_text("✕ Stopped before its end", timeout=20_000)
    expect(compare.answer("base")).to_contain_text("You can usually")

    page.locator("#again-base").click()
    expect(compare.status("base")).to_contain_text("Writing…", timeout=20_000)
    compare.ask("Another question, while the first is still answered?")
    door.go_on.set()
    compare.expect_over()
    expect(compare.answer("base")).to_contain_text("Please ask the shop.")
    page.locator("#wider-base").click()
    expect(page.locator("#way-base")).to_have_class(re.compile("widened"))
    page.locator("#shown").get_by_role("checkbox", name="Tools").uncheck()
    expect(page.locator("#way-tools")).to_be_hidden()
    assert watch.troubles == []


def test_what_broke_off_while_nobody_looked_is_shown_and_completed_by_one_press(
    served: Studio, browser: Browser
) -> None:
    first, door = new_page(browser), served.bench.door
    assert isinstance(door, SlowModel)
    door.waits_at = door.gone_at = "evil.example"
    compare = ComparePage(first, served.url)
    compare.open()
    compare.ask(QUESTION)
    expect(compare.answer("base")).to_contain_text("You can usually")
    address = compare.address
    first.close()
    door.go_on.set()
    assert served.bench.comparing.wait(30)

    page = new_page(browser)
    watch, compare = Watch(page, served.url), ComparePage(page, served.url)
    compare.open(address)
    expect(compare.status("base")).to_have_text("✕ Broke off in the middle", timeout=20_000)
    expect(compare.answer("base")).to_contain_text("You can usually return a bike.")
    expect(compare.answer("base")).to_contain_text("The model server does not answer. The others are not affected.")
    expect(compare.answer("tuned")).to_contain_text("There is not yet a model trained on your examples.")
    door.gone_at = ""
    complete = page.locator("#complete")
    complete.click()
    expect(compare.status("base")).to_contain_text("✓", timeout=30_000)
    expect(compare.answer("base")).to_contain_text("Please ask the shop.")
    compare.expect_over()
    expect(complete).to_be_hidden()
    assert watch.troubles == []


def test_a_question_goes_on_from_another_and_the_chosen_way_is_put_to_use(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watch, compare = Watch(page, served.url), ComparePage(page, served.url)
    compare.open()
    compare.choose_words("The model's own words")
    compare.ask(QUESTION)
    compare.expect_over()
    page.locator("#follow-up input").check()
    write(page.locator("#question textarea"), "And in which box?")
    page.get_by_role("button", name="Ask all five").click()
    expect(page.locator("#asked-before")).to_contain_text("Within how many days", timeout=20_000)
    compare.expect_over()
    assert served.bench.comparing.read(compare.address.split("=")[1], "base").provenance["history"] == 1
    page.locator("#vote").get_by_label("Documents").check()
    page.get_by_role("button", name="Put this way to use").first.click()
    title = page.locator("#use-title input, #use-title textarea").first
    expect(title).to_have_value("Documents")
    title.fill("Returns desk")
    page.locator("#use-put").click()
    expect(page.locator("#use-done")).to_contain_text("way:returns-desk")
    with watch.leaving():
        page.locator("#use-done a").first.click()
        expect(page.locator("#use-who input")).to_have_value("■ Returns desk", timeout=20_000)
    for question in (QUESTION, "And in which box?"):
        write(page.locator("#use-question textarea"), question)
        page.locator("#use-ask").click()
        expect(page.locator("#use-asked")).to_contain_text(question, timeout=20_000)
        expect(compare.status("documents")).to_contain_text("✓", timeout=20_000)
    expect(page.locator("#use-thread")).to_contain_text("Returns desk: You can usually return a bike.")
    make_token(page)
    assert watch.troubles == []


def make_token(page: Page) -> None:
    """Make a token where programs are told how to ask."""
    page.get_by_role("button", name="From your own programs").click()
    page.locator("#token-name input, #token-name textarea").first.fill("help desk")
    page.locator("#make-token").click()
    expect(page.locator("#fresh-token")).to_contain_text("trp_")
    expect(page.locator("#program-examples")).to_contain_text("way:returns-desk")
