"""A document edited on the page, in a real Chromium: the next question knows it, the earlier answer stays as it was."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from jobs.evaluation.questions import set_rows
from jobs.models.door import Chat
from jobs.requests import Fetch, Index
from jobs.retrieval.indexing import index_with
from storage.collections import NewDocument, NewPassage
from storage.fetched import FetchedPage
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_axe import violations
from tests.browser.pages_compare import ComparePage
from tests.browser.pages_watch import Watch
from tests.browser.serving import Studio, studio
from tests.browser.writing import write
from tests.claimed import claimed_again
from tests.documents import put_documents
from tests.jobs.test_retrieval_calibrating import TEXTS, draft
from tests.jobs.test_retrieval_editing import GUIDE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]

RETURNS = "# Returns\n\nAn opened tube of paint can come back within 14 days.\n"
QUESTION = "How many days do I have to bring an opened tube of paint back?"


def reply(chat: Chat) -> str:
    """Says what the passage says, as a model that reads does."""
    read = " ".join(message["content"] for message in chat.messages)
    return "You have 60 days." if "60 days" in read else "You have 14 days." if "14 days" in read else "I can't know."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def served(workspace: Workspace) -> Iterator[Studio]:
    put_documents(workspace, {"returns.md": RETURNS, "price-list.pdf": "Blue paint: 4 euros."}, "documents")
    with studio(workspace, reply, pause_s=0.0) as running:
        yield running


def ask(compare: ComparePage, said: str) -> None:
    """Ask on Compare and expect this answer of Documents."""
    compare.open()
    if said.startswith("You have"):
        compare.choose_words("The model's own words")
    compare.ask(QUESTION)
    compare.expect_over("documents")
    expect(compare.answer("documents")).to_contain_text(said)


def test_an_edited_document_counts_from_the_next_question_on(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    watch, compare = Watch(page, served.url), ComparePage(page, served.url)
    ask(compare, "You have 14 days.")
    first = compare.address

    with watch.leaving():
        page.goto(f"{served.url}/documents")
    expect(page.locator("#edit-1")).to_be_hidden()  # the price list is no text of its own
    page.locator("#edit-2").click()
    expect(page.locator("#editor-head")).to_contain_text("Edit returns.md")
    text = page.locator("#editor-text").get_by_role("textbox")
    expect(text).to_have_value(RETURNS)
    write(text, RETURNS.replace("14 days", "60 days"))
    assert violations(page) == []
    page.locator("#editor-save").click()
    expect(page.locator("#editor-told")).to_contain_text("returns.md is saved: 1 of 1 passage read anew in")
    expect(page.locator("#editor")).to_be_hidden()

    with watch.leaving():
        ask(compare, "You have 60 days.")
    compare.open_source("documents")
    expect(page.locator("#evidence.open .highlighted").last).to_contain_text("60 days")

    with watch.leaving():
        page.goto(f"{served.url}{first}")
    expect(compare.answer("documents")).to_contain_text("You have 14 days.", timeout=20_000)
    compare.open_source("documents")
    expect(page.locator("#evidence.open")).to_contain_text("The passage is shown as it was read.")
    expect(page.locator("#evidence.open .highlighted").last).to_contain_text("14 days")
    assert watch.troubles == []


def test_a_quote_opens_at_its_very_sentence(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    watch, compare = Watch(page, served.url), ComparePage(page, served.url)
    sentence = "An opened tube of paint can come back within 14 days."
    ask(compare, f"Your documents say: “{sentence}” [1]")
    expect(page.locator("#badge-documents")).to_contain_text("quote")
    compare.open_source("documents")
    expect(page.locator("#evidence.open .highlighted")).to_have_text(sentence)
    compare.open()
    compare.choose_words("Quote the documents")
    assert violations(page) == []
    assert watch.troubles == []


def test_what_cannot_be_saved_stays_in_the_field(served: Studio, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served.url}/documents")
    page.locator("#edit-2").click()
    page.locator("#editor-save").click()
    expect(page.locator("#editor-notice")).to_contain_text("Nothing was changed.")
    page.locator("#editor-leave").click()
    expect(page.locator("#editor")).to_be_hidden()
    assert served.bench.workspace.collections.get("documents").index_version == 2


def test_a_web_page_says_where_it_is_from_and_an_inner_address_is_refused(served: Studio, browser: Browser) -> None:
    kept = served.bench.workspace
    returns = kept.collections.documents("documents")[1]
    kept.fetched.keep(returns.id, FetchedPage("https://shop.example/returns", kept.clock() - 120))
    page = browser.new_page(reduced_motion="reduce")
    watch = Watch(page, served.url)
    page.goto(f"{served.url}/documents")
    expect(page.get_by_text("fetched 2 minutes ago from https://shop.example/returns")).to_be_visible()
    expect(page.locator("#again-2")).to_be_visible()
    expect(page.locator("#again-1")).to_have_count(0)
    write(page.locator("#page-address").get_by_role("textbox"), "http://127.0.0.1/")
    page.locator("#fetch-page").click()
    expect(page.locator("#notice")).to_contain_text("in an inner network, so it is not asked")
    assert served.bench.queue.unfinished() == []
    write(page.locator("#page-address").get_by_role("textbox"), "shop.example/new")
    page.locator("#fetch-page").click()
    expect(page.locator("#reading")).to_contain_text("https://shop.example/new: ", timeout=20_000)
    page.locator("#again-2").click()
    expect(page.locator("#reading")).to_contain_text("https://shop.example/returns: ", timeout=20_000)
    asked = [Fetch.model_validate(job.spec).address for job in served.bench.queue.unfinished()]
    assert sorted(asked) == ["https://shop.example/new", "https://shop.example/returns"]
    assert violations(page) == []
    assert watch.troubles == []
    page.close()


def test_a_document_that_was_missed_becomes_a_test_question(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    watch = Watch(page, served.url)
    page.goto(f"{served.url}/documents")
    expect(page.locator("#documents-head")).to_contain_text("2 documents", timeout=20_000)
    expect(page.locator("#missed")).to_be_hidden()
    write(page.locator("#search-question").get_by_role("textbox"), QUESTION)
    page.locator("#search").click()
    expect(page.locator("#found")).to_contain_text("has the words: days, opened, tube, paint, back")
    page.locator("#missed-keep").click()
    expect(page.locator("#missed-notice")).to_contain_text("There is no document chosen yet.")
    page.locator("#missed-document input").click()
    page.get_by_role("option", name="price-list.pdf").click()
    write(page.locator("#missed-expected").get_by_role("textbox"), "14 days")
    assert violations(page) == []
    page.locator("#missed-keep").click()
    expect(page.locator("#missed-told")).to_contain_text("Kept in Questions about documents, version 1.")
    workspace = served.bench.workspace
    (row,) = set_rows(workspace, workspace.question_sets.get("Questions about documents"))
    kept = {name: row[name] for name in ("question", "answer", "passage", "kind")}
    assert kept == {"question": QUESTION, "answer": "14 days", "passage": "price-list.pdf", "kind": "facts"}
    assert watch.troubles == []


def test_the_threshold_is_set_from_drafted_questions_and_set_back(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    watch, workspace = Watch(page, served.url), served.bench.workspace
    put_documents(workspace, TEXTS)
    page.goto(f"{served.url}/documents?collection=Manuals")
    expect(page.locator("#threshold")).to_contain_text("a score of 0.42 to be read (the usual one)", timeout=20_000)
    page.locator("#calibrate").click()
    expect(page.locator("#notice")).to_contain_text("0 drafted questions are too few")
    draft(workspace, 24)
    page.locator("#calibrate").click()
    expect(page.locator("#editor-told")).to_contain_text("Of 24 drafted questions 100% find something")
    expect(page.locator("#threshold")).to_contain_text("found out on your drafted questions", timeout=20_000)
    assert violations(page) == []
    page.locator("#usual-threshold").click()
    expect(page.locator("#threshold")).to_contain_text("(the usual one)", timeout=20_000)
    assert workspace.collections.get("Manuals").threshold is None
    assert watch.troubles == []


def test_passages_are_chosen_on_a_preview_and_cut_in_the_background(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000}, reduced_motion="reduce")
    watch, workspace = Watch(page, served.url), served.bench.workspace
    put_documents(workspace, {"guide.md": GUIDE}, "Guides")
    new = NewDocument("old.md", "", "A tent.", (NewPassage(0, 7, [1.0]),), "older")
    workspace.collections.put_document(workspace.collections.ensure("Old").id, new)
    page.goto(f"{served.url}/documents?collection=Guides")
    page.locator("#cutting button").first.click()
    page.locator("#cutting-apply").click()
    expect(page.locator("#cutting-notice")).to_contain_text("They are cut this way already.")
    page.get_by_role("radio", name="Short:").click()
    expect(page.locator("#cutting-preview")).to_contain_text("guide.md: 19 passages")
    expect(page.locator("#cutting-preview")).to_contain_text("Begins with the end of the one before")
    assert violations(page) == []
    page.locator("#cutting-apply").click()
    expect(page.locator("#editor-told")).to_contain_text("answers rest on the passages as they are")
    asked = {job.spec["collection"]: job for job in served.bench.queue.unfinished()}
    assert {name: job.spec["cutting"] for name, job in asked.items()} == {"Old": None, "Guides": "short"}
    job = asked["Guides"]
    context = claimed_again(workspace, job, Index.model_validate(job.spec))
    made = index_with(served.bench.door, Index.model_validate(job.spec), context)
    served.bench.queue.finish(context.job, result=made.result)
    expect(page.locator("#reading")).to_contain_text("1 document cut into 19 short passages", timeout=20_000)
    expect(page.locator("#documents-head")).to_contain_text("19 passages", timeout=20_000)
    assert watch.troubles == []


def test_a_search_looks_in_some_documents_only(served: Studio, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000}, reduced_motion="reduce")
    watch = Watch(page, served.url)
    page.goto(f"{served.url}/documents")
    expect(page.locator("#documents-head")).to_contain_text("2 documents", timeout=20_000)
    page.locator("#search-filter button").first.click()
    page.locator("#filter-endings input").click()
    page.get_by_role("option", name=".pdf").click()
    write(page.locator("#search-question").get_by_role("textbox"), QUESTION)
    page.locator("#search").click()
    expect(page.locator("#found")).to_contain_text("Nothing above the threshold within what you chose.")
    expect(page.locator("#found")).to_contain_text("price-list.pdf")
    expect(page.locator("#found")).not_to_contain_text("returns.md")
    assert violations(page) == []
    write(page.locator("#filter-heading").get_by_role("textbox"), "Nowhere")
    page.locator("#search").click()
    expect(page.locator("#search-notice")).to_contain_text("No passage lies within what you chose.")
    assert watch.troubles == []
