"""Examples that are looked up, too, in a real Chromium: from the tick box to the documents and a cited row."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.context import JobContext
from jobs.models.door import Chat
from jobs.requests import Index
from jobs.retrieval.indexing import index_with
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_compare import ComparePage
from tests.browser.pages_teaching import ExamplesPage
from tests.browser.pages_watch import Watch
from tests.browser.serving import Studio, studio
from tests.browser.writing import write
from tests.claimed import claimed_again
from tests.conftest import PROJECT
from tests.fakes import ScriptedModel

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]

FAQ = PROJECT / "tests" / "data" / "larkspur" / "faq.csv"
COLLECTION = "faq, looked up"


def reply(chat: Chat) -> str:
    return "Thanks for asking!"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def served(workspace: Workspace) -> Iterator[Studio]:
    with studio(workspace, reply, pause_s=0.0) as running:
        yield running


def begin(served: Studio) -> tuple[Index, JobContext]:
    """Start the newest reading as a worker would."""
    job = served.bench.queue.list("index", 1)[0]
    request = Index.model_validate(job.spec)
    return request, claimed_again(served.bench.workspace, job, request)


def finish(served: Studio, request: Index, context: JobContext) -> None:
    """Read as a worker would."""
    made = index_with(ScriptedModel(), request, context)
    assert served.bench.queue.finish(context.job, result=made.result)


def keep_ticked(page: Page, served: Studio) -> None:
    """Keep the examples with the box ticked, which is empty before."""
    examples = ExamplesPage(page, served.url)
    examples.open()
    examples.upload(FAQ)
    expect(examples.headline).to_contain_text("rows can be used", timeout=20_000)
    box = page.get_by_role("checkbox", name="Also let it look these up")
    expect(box).not_to_be_checked()
    box.check()
    examples.keep()


def test_rows_become_documents_once_the_box_is_ticked(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    watch, workspace = Watch(page, served.url), served.bench.workspace
    keep_ticked(page, served)
    reading = page.locator("#rows-reading")
    expect(reading).to_contain_text("The rows to learn from become documents: faq, looked up.")
    request, context = begin(served)
    context.report("embed", 1, 4)
    context.flush()
    expect(reading).to_contain_text("25 % · Take in their meaning")
    finish(served, request, context)
    dataset = workspace.datasets.get("faq")
    expect(reading).to_contain_text(f"{dataset.used - dataset.held_out} passages read into faq, looked up.")
    expect(page.locator("#versions").get_by_role("link", name="Looked up")).to_be_visible()

    with watch.leaving():
        reading.get_by_role("link", name=COLLECTION).click()
        page.wait_for_url("**/documents?collection=*")
    expect(page.locator("#documents-head")).to_contain_text("1 document", timeout=20_000)
    expect(page.locator("#documents-about")).to_contain_text("none of the exam is among them")

    row = workspace.datasets.examples(dataset.id, "learn")[0]
    compare = ComparePage(page, served.url)
    with watch.leaving():
        compare.open()
    compare.choose_words("The model's own words")
    compare.ask(row.question)
    compare.expect_over("documents")
    page.locator("#cite-documents-1").click()
    expect(page.locator("#evidence.open .highlighted")).to_have_text([row.question, row.answer])
    assert watch.troubles == []


def test_without_the_tick_nothing_is_read(served: Studio, browser: Browser) -> None:
    page = browser.new_page()
    examples = ExamplesPage(page, served.url)
    examples.open()
    examples.upload(FAQ)
    expect(examples.headline).to_contain_text("rows can be used", timeout=20_000)
    examples.keep()
    expect(page.locator("#rows-reading")).to_be_hidden()
    assert served.bench.queue.list() == []


def test_added_files_never_go_among_the_rows(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watch, workspace = Watch(page, served.url), served.bench.workspace
    keep_ticked(page, served)
    finish(served, *begin(served))

    with watch.leaving():
        page.goto(f"{served.url}/documents")
    expect(page.locator("#documents-head")).to_contain_text("1 document", timeout=20_000)
    expect(page.locator("#collection")).to_be_hidden()
    page.locator("#files input[type=file]").set_input_files(FAQ.parent / "battery-care.md")
    expect(page.locator("#documents-head")).to_contain_text("Nothing in here yet.")
    finish(served, *begin(served))
    expect(page.locator("#documents-head")).to_contain_text("1 document, 3 passages.", timeout=10_000)
    assert {one.name for one in workspace.collections.list()} == {COLLECTION, "documents"}

    page.locator("#collection input").click()
    page.get_by_role("option", name=COLLECTION).click()
    expect(page.locator("#documents-about")).to_contain_text("none of the exam is among them")
    write(page.locator("#search-question").get_by_role("textbox"), "How warm should the battery be?")
    page.locator("#search").click()
    expect(page.locator("#found")).not_to_contain_text("battery-care.md")
    page.locator("#remove-1").click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.locator("#documents-head")).to_contain_text("Nothing in here yet.")
    assert [one.name for one in workspace.collections.documents("documents")] == ["battery-care.md"]
    assert watch.troubles == []
