"""The other pages in a real Chromium: what they say when empty, when given something wrong, and when it goes well."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.models.door import Chat
from jobs.requests import Evaluate, Train
from storage.locks import Locks
from storage.records import Column, Example
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_teaching import ExamplesPage, ToolsPage, TrainPage
from tests.browser.pages_watch import Watch
from tests.browser.serving import Studio, studio
from tests.browser.writing import write
from tests.claimed import claimed_again
from tests.conftest import PROJECT
from tests.documents import put_documents

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]

LARKSPUR = PROJECT / "tests" / "data" / "larkspur"
PAGES = ("/", "/examples", "/train", "/documents", "/tools", "/compare")


def reply(chat: Chat) -> str:
    return "Nobody asks here."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def served(workspace: Workspace) -> Iterator[Studio]:
    with studio(workspace, reply) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


def test_every_page_opens_empty_and_fits_a_phone(served: Studio, page: Page) -> None:
    watch = Watch(page, served.url)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 800})
        for address in PAGES:
            with watch.leaving():
                page.goto(served.url + address)
            expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=20_000)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (address, width)
    assert watch.troubles == []


def test_without_examples_train_offers_nothing_but_the_way_to_them(served: Studio, page: Page) -> None:
    page.goto(f"{served.url}/train")
    expect(page.get_by_text("There are no examples yet.")).to_be_visible(timeout=20_000)
    for offered in ("Train", "Try it first"):
        expect(page.get_by_role("button", name=offered, exact=True)).to_be_hidden()
    expect(page.get_by_text("Press Train")).to_have_count(0)


def test_home_leads_to_the_next_step(served: Studio, page: Page) -> None:
    page.goto(served.url)
    page.get_by_role("link", name="Start with my own file").click()
    expect(page.get_by_role("heading", name="Examples", level=1)).to_be_visible(timeout=20_000)


def test_examples_refuse_with_a_sentence_then_keep_and_lead_to_train(
    served: Studio, page: Page, tmp_path: Path
) -> None:
    watch, examples, train = Watch(page, served.url), ExamplesPage(page, served.url), TrainPage(page, served.url)
    bad = tmp_path / "bad.csv"
    bad.write_text("question,answer\nWhy?,Because, and so\nWho?,Me\n")
    examples.open()
    examples.upload(bad)
    expect(examples.notice).to_contain_text("Line 2 has 3 columns, the others 2.", timeout=20_000)
    assert served.bench.workspace.datasets.list() == []

    examples.upload(LARKSPUR / "faq.csv")
    expect(examples.headline).to_contain_text("rows can be used", timeout=20_000)
    expect(examples.notice).to_be_hidden()
    expect(page.locator("#reads .highlighted").first).to_be_visible()
    examples.keep().get_by_role("link", name="Train on them").click()
    expect(page.locator("#dataset-parts")).to_contain_text("held back for the exam", timeout=20_000)

    train.train("Tone of Larkspur")
    expect(train.standing).to_contain_text("Waiting, number 1 in line")
    expect(page).to_have_url(f"{served.url}/train?run={served.bench.queue.list()[0].id}")
    train.press("Take out")
    expect(train.standing).to_contain_text("Stopped")
    (taken_out,) = served.bench.queue.list()

    page.get_by_role("button", name="Try it first").click()
    expect(page.locator("#forecast")).to_contain_text("Waiting", timeout=20_000)
    assert [job.kind for job in served.bench.queue.unfinished()] == ["measure"]
    train.press("Again with changes")
    expect(page.locator("#taken-over")).to_contain_text("now holds the settings of Tone of Larkspur")
    train.train("Another tone")
    expect(train.standing).to_contain_text("Waiting, number 2 in line")
    (again,) = (job for job in served.bench.queue.unfinished() if job.kind == "train")
    assert (again.parent_id, again.spec["name"]) == (taken_out.id, "Another tone")
    assert watch.troubles == []


def test_a_run_is_watched_left_and_thrown_away_only_after_a_second_yes(served: Studio, page: Page) -> None:
    queue, train = served.bench.queue, TrainPage(page, served.url)
    request = Train(dataset_id="d", name="Tone")
    context = claimed_again(served.bench.workspace, queue.enqueue(request, "key"), request)
    context.record("loss", 1, {"loss": 2.9})
    context.record("sample", 1, {"question": "Why?", "before": "Hm.", "now": "Because.", "expected": "Because!"})
    context.report("train", 3, 10, 42.0)
    context.flush()
    train.open(f"/train?run={context.job.id}")
    expect(train.standing).to_contain_text("30 % · about 40 seconds left", timeout=20_000)
    expect(page.locator("#run-picture img")).to_have_js_property("complete", value=True)
    expect(page.locator("#run-samples")).to_contain_text("Because!")
    context.report("train", 6, 10, 21.0)
    context.flush()
    expect(train.standing).to_contain_text("60 % · about 20 seconds left", timeout=10_000)
    train.press("Stop and throw away")
    assert queue.get(context.job.id).cancel_requested_at is None
    train.press("Yes, throw away")
    expect(train.standing).to_contain_text("Stopping")
    assert context.cancelled()


@contextmanager
def a_worker_there(workspace: Workspace) -> Iterator[None]:
    """Hold the lock by which the pages see that a worker runs."""
    lock = Locks(workspace.folder("locks")).take("worker")
    assert lock is not None
    yield
    lock.release()


def test_a_waiting_run_is_told_its_start_moved_up_and_the_line_is_held(served: Studio, page: Page) -> None:
    workspace, queue, train = served.bench.workspace, served.bench.queue, TrainPage(page, served.url)
    running = claimed_again(workspace, queue.enqueue(request := Train(dataset_id="d", name="First"), "1"), request)
    running.report("train", 3, 10, 42.0)
    running.flush()
    second, third = (queue.enqueue(Train(dataset_id="d", name=name), name) for name in ("Second", "Third"))
    with a_worker_there(workspace):
        train.open(f"/train?run={third.id}")
        expect(train.standing).to_contain_text(
            "1 other will run first. It should start in about 4 minutes.", timeout=20_000
        )
        train.press("Move up")
        expect(train.standing).to_contain_text("It is next. It should start in about 40 seconds.")
        assert queue.position(second.id) == 2
        page.get_by_role("button", name="Start no more for now").click()
        expect(page.locator("#run-line")).to_contain_text("What waits in line starts when you press Go on.")
        expect(train.standing).to_contain_text("Nothing in line starts just now.")
        assert queue.paused() is not None
        page.get_by_role("button", name="Go on", exact=True).click()
        expect(page.locator("#run-line")).to_be_empty()
        assert queue.paused() is None


def test_how_thorough_follows_the_examples_until_somebody_decides(served: Studio, page: Page) -> None:
    datasets = served.bench.workspace.datasets
    for name, rows in (("large", 300), ("small", 20)):
        examples = [Example(row, f"What is {row}?", f"It is {row}.", part="learn") for row in range(rows)]
        datasets.keep(name, examples, rows=rows, columns={}, dropped=(), source="sums.csv")
    train = TrainPage(page, served.url)
    train.open(f"/train?dataset={datasets.get('large').id}")
    quick, normal = (page.locator("#preset").get_by_role("radio", name=name) for name in ("Quick look", "Normal"))
    expect(normal).to_be_checked()
    expect(page.locator("#dataset-parts")).to_contain_text("gone through several times, so Normal is chosen")
    page.locator("#dataset input").click()
    page.get_by_role("option", name="small").click()
    expect(quick).to_be_checked()
    expect(page.locator("#dataset-parts")).not_to_contain_text("so Normal is chosen")


def test_a_training_on_too_few_rows_is_refused_with_the_reason(served: Studio, page: Page, tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text("question,answer\nWhy?,Because.\nWho?,Me.\nWhen?,Now.\n")
    examples, train = ExamplesPage(page, served.url), TrainPage(page, served.url)
    examples.open()
    examples.upload(few)
    expect(examples.headline).to_contain_text("3 of 3 rows can be used", timeout=20_000)
    examples.keep()
    train.open()
    train.train()
    expect(page.locator("#notice")).to_contain_text("3 usable rows; training needs at least 10")
    assert served.bench.queue.list() == []


def test_documents_are_found_removed_and_their_absence_explained(served: Studio, page: Page) -> None:
    put_documents(served.bench.workspace, {"returns.md": "# Returns\n\nAn e-bike comes back within 14 days."})
    page.goto(f"{served.url}/documents")
    expect(page.locator("#documents-head")).to_contain_text("1 document, 1 passage.", timeout=20_000)
    write(page.locator("#search-question").get_by_role("textbox"), "Within how many days does an e-bike come back?")
    page.locator("#search").click()
    expect(page.locator("#found")).to_contain_text("An e-bike comes back within 14 days.")
    expect(page.locator("#found")).to_contain_text("needs")
    page.locator("#remove-1").click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.locator("#documents-head")).to_contain_text("No documents yet.")
    page.locator("#search").click()
    expect(page.locator("#search-notice")).to_contain_text("Add a document first.")


def test_tools_are_tried_switched_off_added_and_removed(served: Studio, page: Page) -> None:
    watch, tools = Watch(page, served.url), ToolsPage(page, served.url)
    tools.open()
    expect(tools.calculate("19 * 23")).to_contain_text("437")
    tools.tool("calculator").get_by_role("radio", name="Off for now").check()
    tools.add_table(LARKSPUR / "orders.csv")
    expect(tools.tool("look_up_orders")).to_be_visible(timeout=20_000)
    with watch.leaving():
        tools.open()
    expect(tools.tool("calculator").get_by_role("radio", name="Off for now")).to_be_checked()
    queue = served.bench.queue
    scoring = queue.enqueue(Evaluate(source="d", columns=(Column("tools", "tools", tools=("look_up_orders",)),)), "key")
    tools.tool("look_up_orders").get_by_role("button", name="Remove this table").click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.locator("#notice")).to_contain_text("A scoring that has not ended needs this.")
    queue.request_cancel(scoring.id)
    tools.tool("look_up_orders").get_by_role("button", name="Remove this table").click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(tools.tool("look_up_orders")).to_be_hidden()
    assert [tool.name for tool in served.bench.workspace.tools.list()] == ["calculator"]
    assert watch.troubles == []
