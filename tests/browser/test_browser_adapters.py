"""The adapters below Train in a real Chromium: used in Compare, taken away, deleted and brought back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from jobs.answering.ways import columns_for
from jobs.models.door import Chat
from jobs.queue import Failure
from jobs.requests import Choices, Evaluate, Export
from storage.exports import kept_folder
from storage.records import Scorecard
from storage.workspace import Workspace
from tests.adapters import keep_adapter
from tests.browser.chromium import chromium
from tests.browser.pages_compare import ComparePage
from tests.browser.pages_watch import Watch
from tests.browser.serving import Studio, studio
from tests.claimed import claimed_again, claimed_context

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]


def reply(chat: Chat) -> str:
    return f"Said by {chat.model}."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def served(workspace: Workspace) -> Iterator[Studio]:
    with studio(workspace, reply, pause_s=0.0) as running:
        yield running


def entry(page: Page, name: str) -> Locator:
    """The list's entry of an adapter."""
    return page.locator("#adapters .listed").filter(has_text=name)


def score(served: Studio, adapter_id: str) -> Scorecard:
    """Let a scoring have ended, in which the adapter was right 34 times of 40."""
    workspace = served.bench.workspace
    job = claimed_context(workspace, Evaluate(source="d")).job
    row = {"way": "tuned", "column_id": "tuned", "adapter_id": adapter_id, "n": 40, "right": 0.85}
    rest = {"right_low": 0.7, "right_high": 0.93, "exact_match": 0, "token_f1": 0, "rouge_l": 0, "seconds": 1}
    card = Scorecard("c1", job.id, "faq.csv", ({**row, **rest, "tokens": 9},), "scores/x.jsonl", workspace.clock())
    assert served.bench.queue.finish(job, result={}, scorecard=card)
    return card


def test_an_adapter_is_used_in_compare_and_taken_away(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    watch, workspace = Watch(page, served.url), served.bench.workspace
    older = keep_adapter(workspace, "Returns tone")
    keep_adapter(workspace, "Warranty tone")
    card = score(served, older.id)
    page.goto(f"{served.url}/train")
    returns = entry(page, "Returns tone")
    expect(returns).to_contain_text("34 of 40 right as Tuned", timeout=20_000)
    expect(returns.get_by_role("link", name="34 of 40")).to_have_attribute("href", f"/scores?s={card.id}")
    expect(entry(page, "Warranty tone")).to_contain_text("not scored yet")
    with page.expect_download() as taken:
        returns.get_by_role("link", name=re.compile("^Download")).click()
    assert taken.value.suggested_filename == f"adapter-{older.id}.zip"

    with watch.leaving():
        returns.get_by_role("link", name=re.compile("^Use in Compare")).click()
        page.wait_for_url("**/compare?adapter=*")
    compare = ComparePage(page, served.url)
    expect(page.locator("#adapter input")).to_have_value(re.compile("Returns tone"), timeout=20_000)
    compare.ask("Who says it?")
    expect(compare.answer("tuned")).to_contain_text(f"Said by adapter:{older.id}.")
    assert watch.troubles == []


def test_a_whole_model_is_written_and_then_downloaded(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    watch, workspace, queue = Watch(page, served.url), served.bench.workspace, served.bench.queue
    adapter = keep_adapter(workspace, "Returns tone")
    page.goto(f"{served.url}/train")
    page.get_by_role("button", name="Take it away as a whole model").click()
    form = page.locator(f"#whole-gguf-{adapter.id[:8]}")
    form.get_by_role("button", name="Write it").click()
    expect(form).to_contain_text("waits to be written", timeout=20_000)
    (asked,) = queue.list("export")
    running = claimed_again(workspace, asked, Export(adapter_id=adapter.id, form="gguf"))
    running.report("write", 1, 3)
    running.flush()
    expect(form).to_contain_text("being written, 1 of 3 done", timeout=20_000)
    folder = kept_folder(workspace.home, adapter.id, "gguf")
    folder.mkdir(parents=True)
    (folder / "model.gguf").write_bytes(b"weights")
    assert queue.finish(running.job, result={"folder": str(folder), "files": ["model.gguf"]})
    with page.expect_download() as taken:
        form.get_by_role("link", name=re.compile("^Download")).click(timeout=20_000)
    assert taken.value.suggested_filename == f"model-{adapter.id[:8]}-gguf.zip"
    form.get_by_role("button", name="Remove the files").click()
    expect(form.get_by_role("button", name="Write it")).to_be_visible()
    assert not folder.exists()
    assert watch.troubles == []


def test_why_a_model_could_not_be_written_stands_where_it_was_asked_for(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    workspace, queue = served.bench.workspace, served.bench.queue
    adapter = keep_adapter(workspace, "Returns tone")
    request = Export(adapter_id=adapter.id, form="gguf")
    running = claimed_again(workspace, queue.enqueue(request, "1"), request)
    assert queue.fail(
        running.job, Failure("user_error", "No such file can be written of this family.", "Take the other.")
    )
    page.goto(f"{served.url}/train")
    form = page.locator(f"#whole-gguf-{adapter.id[:8]}")
    expect(form).to_contain_text("No such file can be written of this family.", timeout=20_000)
    expect(form).to_contain_text("Take the other.")
    expect(form.get_by_role("button", name="Write it")).to_be_visible()
    assert not page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")


def test_a_deletion_names_what_depends_on_it_and_can_be_undone(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    watch, workspace = Watch(page, served.url), served.bench.workspace
    adapter = keep_adapter(workspace, "Returns tone")
    score(served, adapter.id)
    comparison = served.bench.comparing.ask("Who says it?", columns_for(Choices(ways=("tuned",)), workspace))
    assert served.bench.comparing.wait(20)
    page.goto(f"{served.url}/train")
    entry(page, "Returns tone").get_by_role("button", name=re.compile("^Delete")).click()
    expect(page.locator("#delete-adapter-1-sure")).to_contain_text(
        "1 comparison and 1 score made with it stay readable. You can bring it back for 30 days."
    )
    assert workspace.adapters.list() == [adapter]
    page.get_by_role("button", name="Yes, delete").click()
    expect(page.locator("#adapters-done")).to_contain_text("Returns tone is deleted.")
    expect(page.locator("#no-adapters")).to_contain_text("Nothing yet.")

    compare = ComparePage(page, served.url)
    with watch.leaving():
        compare.open(f"/compare?c={comparison.id}")
    expect(compare.answer("tuned")).to_contain_text(f"Said by adapter:{adapter.id}.", timeout=20_000)
    expect(page.locator("#badge-tuned")).to_be_visible()
    page.locator("#again-tuned").click()
    expect(compare.answer("tuned")).to_contain_text("The adapter “Returns tone” was deleted.")
    with watch.leaving():
        compare.answer("tuned").get_by_role("link", name="See what was deleted").click()
        page.wait_for_url("**/train?*")
    expect(page.locator("#deleted-adapters")).to_contain_text("removed for good in 30 days", timeout=20_000)
    page.get_by_role("button", name=re.compile("^Restore")).click()
    expect(page.locator("#adapters-done")).to_contain_text("Returns tone is back.")
    expect(entry(page, "Returns tone")).to_be_visible()
    expect(page.locator("#deleted-adapters")).to_be_hidden()
    assert workspace.adapters.list() == [adapter]
    assert watch.troubles == []


def test_compare_says_so_where_the_adapter_of_its_address_is_gone(served: Studio, browser: Browser) -> None:
    page = browser.new_page()
    adapter = keep_adapter(served.bench.workspace, "Returns tone")
    served.bench.workspace.adapters.delete(adapter.id)
    ComparePage(page, served.url).open(f"/compare?adapter={adapter.id}")
    expect(page.locator("#notice")).to_contain_text("The adapter “Returns tone” was deleted.", timeout=20_000)
