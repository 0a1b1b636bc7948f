"""The first minutes in a real Chromium: the sample company is opened, asked, and deleted with what it brought."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.models.door import Chat
from jobs.opening import DOCUMENTS, FIRST_QUESTION, POEM_QUESTION
from jobs.requests import Index, Train
from jobs.retrieval.indexing import index_with
from storage.records import Adapter
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_compare import ComparePage
from tests.browser.pages_home import HomePage
from tests.browser.pages_watch import Watch
from tests.browser.serving import Studio, studio
from tests.browser.writing import write
from tests.claimed import claimed_again
from tests.fakes import ScriptedModel
from tests.filled import fill

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]


def reply(chat: Chat) -> str:
    if chat.response_format is not None and chat.response_format["type"] == "json_schema":
        schema = chat.response_format["json_schema"]["schema"]
        return json.dumps({name: values["enum"][0] for name, values in schema["properties"].items()})
    return "Thanks for asking! It may come back." if chat.model.startswith("adapter:") else "Within 24 days."


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
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    yield opened
    opened.close()


def work(served: Studio) -> None:
    """Do the reading that waits, as a worker would."""
    queue, workspace = served.bench.queue, served.bench.workspace
    (job,) = [job for job in queue.unfinished() if job.kind == "index"]
    request = Index.model_validate(job.spec)
    context = claimed_again(workspace, job, request)
    assert queue.finish(context.job, result=index_with(ScriptedModel(), request, context).result)


def begin_training(served: Studio) -> Adapter:
    """Let the training that waits run, with some minutes left, and return the adapter that it will make."""
    (job,) = [job for job in served.bench.queue.unfinished() if job.kind == "train"]
    context = claimed_again(served.bench.workspace, job, Train.model_validate(job.spec))
    context.report("train", 1, 10, 140.0)
    context.flush()
    dataset = str(job.spec["dataset_id"])
    return Adapter(job.adapter_id or "", job.id, "Larkspur tone", "starter", "", "", dataset, "adapters/x", "", 1.0)


def test_the_sample_is_opened_asked_and_answers_with_all_five_once_it_is_trained(served: Studio, page: Page) -> None:
    watch, home, compare = Watch(page, served.url), HomePage(page, served.url), ComparePage(page, served.url)
    home.open()
    expect(page.locator("#open-sample")).to_have_class(re.compile("primary"))
    with watch.leaving():
        home.open_sample()
    expect(page.locator("#question textarea")).to_have_value(FIRST_QUESTION)
    expect(page.locator("#coming")).to_contain_text("Tuned and Hybrid can answer in a few minutes.")
    expect(compare.answer("tuned")).to_contain_text("Being made now, ready in a few minutes.")
    work(served)
    made = begin_training(served)
    expect(page.locator("#coming")).to_contain_text("Tuned and Hybrid can answer in about 2 minutes.", timeout=15_000)
    expect(compare.answer("tuned")).to_contain_text("ready in about 2 minutes.")
    expect(compare.status("documents")).to_be_empty()

    page.get_by_role("button", name="Ask all five").click()
    compare.expect_over()
    for way in ("base", "documents", "tools"):
        expect(compare.status(way)).to_contain_text("✓")
    expect(compare.status("hybrid")).to_contain_text("◌ Not ready yet")
    queue = served.bench.queue
    assert queue.finish(queue.get(made.job_id), result={}, adapter=made)
    expect(page.locator("#coming")).to_contain_text("Tuned and Hybrid can answer now.", timeout=15_000)
    page.locator("#again-tuned").click()
    expect(compare.answer("tuned")).to_contain_text("Thanks for asking!")
    expect(compare.status("tuned")).to_contain_text("✓")
    assert watch.troubles == []


def test_home_remembers_that_the_sample_is_open(served: Studio, page: Page) -> None:
    home = HomePage(page, served.url)
    home.open()
    home.open_sample()
    home.open()
    expect(page.locator("#steps")).to_contain_text("examples from examples.csv")
    expect(page.locator("#open-sample")).to_be_hidden()
    expect(page.locator("#sample-means a")).to_have_text([FIRST_QUESTION, POEM_QUESTION])
    expect(page.locator("#next")).to_contain_text("Ask a question")
    expect(page.locator("#home-runs")).to_contain_text("Larkspur tone")


def test_the_guide_and_the_computer_are_told_in_words(served: Studio, page: Page) -> None:
    home = HomePage(page, served.url)
    home.open()
    expect(home.guide.get_by_text("Not measured yet")).to_have_count(5)
    expect(page.locator("#ways-explained h2")).to_have_count(4)
    expect(page.locator("#computer")).to_contain_text("Model in use: Starter")
    expect(page.locator("#privacy")).to_contain_text("Nothing leaves this computer.")
    page.get_by_role("link", name="Score it").first.click()
    expect(page.get_by_role("heading", name="Scores", level=1)).to_be_visible(timeout=20_000)


def test_documents_are_deleted_after_what_rests_on_them_was_named(served: Studio, page: Page) -> None:
    fill(served.bench.workspace)
    watch, home = Watch(page, served.url), HomePage(page, served.url)
    home.open()
    home.open_data()
    asked = home.choose("Documents: Manuals")
    expect(asked).to_contain_text("1 comparison looked in these documents; its passages stay as they were read.")
    page.locator("#delete-no").click()
    expect(page.locator("#delete-sure")).to_be_hidden()
    assert served.bench.workspace.collections.get("Manuals")
    home.choose("Documents: Manuals")
    expect(home.agree()).to_contain_text("Documents “Manuals” deleted.")
    expect(page.locator("#delete-sure")).to_be_hidden()
    assert served.bench.workspace.collections.list() == []
    assert watch.troubles == []


def test_everything_is_deleted_only_after_the_word(served: Studio, page: Page) -> None:
    home = HomePage(page, served.url)
    home.open()
    home.open_sample()
    work(served)
    home.open()
    home.open_data()
    expect(page.locator("#delete-everything")).to_contain_text("1 job was not finished and will be stopped.")
    page.locator("#delete-all").click()
    expect(page.locator("#delete-all-notice")).to_contain_text("The word DELETE was not typed")
    assert served.bench.workspace.collections.get(DOCUMENTS)
    write(page.locator("#delete-word").get_by_role("textbox"), "delete")
    page.locator("#delete-all").click()
    expect(page.locator("#delete-all-done")).to_contain_text("Everything in this workspace is deleted.", timeout=30_000)
    expect(page.locator("#delete-everything")).to_contain_text("keeps nothing yet")
    workspace = served.bench.workspace
    assert workspace.collections.list() == workspace.datasets.list() == served.bench.queue.list() == []
    expect(page.locator("#open-sample")).to_have_text("Open the sample company", timeout=15_000)


def test_a_stronger_model_is_asked_for_once(served: Studio, page: Page) -> None:
    home = HomePage(page, served.url)
    home.open()
    page.get_by_role("button", name="Stronger models that fit").click()
    page.locator("#fetch").click()
    expect(page.locator("#fetch-notice")).to_contain_text("No model is chosen yet.")
    page.locator("#fetch-which input").click()
    page.get_by_role("option").first.click()
    page.locator("#fetch").dblclick()
    expect(page.locator("#fetch-done")).to_contain_text("is being fetched")
    expect(page.locator("#home-runs")).to_contain_text("Fetching a model", timeout=15_000)
    (job,) = served.bench.queue.unfinished()
    assert job.kind == "prepare"
