"""Rows and drafts in a real Chromium: rows are searched, changed and kept; drafts are read and become examples."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.intake.upload import add_dataset
from jobs.requests import Draft
from jobs.tools.tables import add_table
from storage.drafts import DraftPair
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_watch import Watch
from tests.browser.serving import Studio, studio
from tests.browser.writing import write
from tests.claimed import claimed_context
from tests.documents import put_documents

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]

PASSAGE = "An e-bike may be sent back within 14 days of delivery, in its box."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def served(workspace: Workspace, tmp_path: Path) -> Iterator[Studio]:
    file = tmp_path / "faq.csv"
    rows = [f"How long is the warranty of model {nr}?,It is {nr + 2} years.,facts\n" for nr in range(30)]
    file.write_text("question,answer,kind\n" + "".join(rows))
    add_dataset(workspace, file, "faq.csv")
    put_documents(workspace, {"returns.md": f"# Returns\n\n{PASSAGE}"})
    with studio(workspace, lambda _chat: "Yes.") as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    yield opened
    opened.close()


def test_rows_are_searched_changed_added_and_kept_as_the_next_version(served: Studio, page: Page) -> None:
    watch = Watch(page, served.url)
    page.goto(f"{served.url}/rows")
    expect(page.locator("#rows-heading")).to_contain_text("Rows 1 to 20 of 30", timeout=20_000)
    page.get_by_role("button", name="Later rows").click()
    expect(page.locator("#rows-heading")).to_contain_text("Rows 21 to 30 of 30")
    write(page.locator("#rows-search input, #rows-search textarea").first, "model 7?")
    page.keyboard.press("Enter")
    expect(page.locator("#rows-heading")).to_contain_text("1 row")
    page.locator("#edit-8").click()
    expect(page.locator("#row-heading")).to_contain_text("Row 8")
    expect(page.locator("#row-answer textarea")).to_have_value("It is 9 years.")
    write(page.locator("#row-answer textarea"), "It is 19 years.")
    page.locator("#row-change").click()
    expect(page.locator("#rows-waiting")).to_contain_text("1 changed")
    page.locator("#row-change").click()
    expect(page.locator("#notice")).to_contain_text("A row needs a question and an answer.")
    write(page.locator("#row-question textarea"), "Do you ship abroad?")
    write(page.locator("#row-answer textarea"), "We do.")
    page.locator("#row-change").click()
    expect(page.locator("#rows-waiting")).to_contain_text("1 changed, 1 new")
    page.locator("#edit-8").click()
    expect(page.locator("#row-answer textarea")).to_have_value("It is 19 years.")
    page.locator("#rows-keep").click()
    expect(page.locator("#rows-done")).to_contain_text("Kept as version 2 of faq.")
    datasets = served.bench.workspace.datasets
    kept = {row.row: row for row in datasets.examples(datasets.get("faq").id)}
    assert (kept[8].answer, kept[8].origin, len(kept)) == ("It is 19 years.", "edited", 31)
    assert watch.troubles == []


def test_a_row_is_taken_out_and_the_version_is_compared_with_the_one_before(served: Studio, page: Page) -> None:
    watch = Watch(page, served.url)
    dataset = served.bench.workspace.datasets.get("faq")
    page.goto(f"{served.url}/rows?dataset={dataset.id}")
    page.get_by_role("button", name="Edit, Row 4", exact=True).click(timeout=20_000)
    expect(page.locator("#row-heading")).to_contain_text("Row 4")
    page.locator("#row-delete").click()
    expect(page.locator("#rows-waiting")).to_contain_text("1 taken out")
    page.get_by_role("button", name="Forget the changes").click()
    expect(page.locator("#rows-waiting")).to_contain_text("No changes yet.")
    page.get_by_role("button", name="Edit, Row 5", exact=True).click()
    expect(page.locator("#row-heading")).to_contain_text("Row 5")
    page.locator("#row-delete").click()
    page.locator("#rows-keep").click()
    expect(page.locator("#rows-done")).to_contain_text("Kept as version 2 of faq.")
    page.get_by_role("button", name="What changed since the version before").click()
    expect(page.locator("#rows-compared")).to_contain_text("0 new rows, 1 row taken out, 0 changed, 29 as before")
    page.get_by_role("link", name="all rows as a table (CSV)").wait_for()
    assert watch.troubles == []


def test_drafts_are_mended_kept_or_dropped_and_only_kept_ones_become_examples(served: Studio, page: Page) -> None:
    workspace = served.bench.workspace
    context = claimed_context(workspace, Draft(collection="Manuals"))
    made = [
        DraftPair(str(uuid.uuid4()), context.job.id, "Manuals", "returns.md", 0, 9, PASSAGE, question, answer, 1.0 + nr)
        for nr, (question, answer) in enumerate(
            [("When may an e-bike come back?", "Within 14 days."), ("What about the box?", "It may be sent back.")]
        )
    ]
    context.keep_drafts(made, 1, {"document": "returns.md", "start": 0, "end": 9, "drafted": 2, "unusable": {}})
    watch = Watch(page, served.url)
    page.goto(f"{served.url}/drafts?collection=Manuals")
    expect(page.locator("#drafts-left")).to_contain_text("2 drafts to read", timeout=20_000)
    expect(page.locator("#draft-passage")).to_contain_text("in its box")
    write(page.locator("#draft-answer textarea"), "Within 14 days of delivery.")
    page.locator("#draft-keep").click()
    expect(page.locator("#draft-question textarea")).to_have_value("What about the box?")
    page.locator("#draft-drop").click()
    expect(page.locator("#drafts-left")).to_contain_text("0 drafts to read, 1 kept and not added yet")
    write(page.locator("#drafts-set input"), "from manuals")
    page.keyboard.press("Enter")
    page.locator("#drafts-add").click()
    expect(page.locator("#drafts-done")).to_contain_text("1 draft added to from manuals, now version 1.")
    expect(page.locator("#drafts-left")).to_contain_text("No drafts wait to be read.")
    (row,) = workspace.datasets.examples(workspace.datasets.get("from manuals").id)
    assert (row.answer, row.origin) == ("Within 14 days of delivery.", "passage:Manuals/returns.md#0-9")
    assert watch.troubles == []


def test_kept_drafts_teach_reading_in_one_click(served: Studio, page: Page) -> None:
    workspace = served.bench.workspace
    texts = {f"{nr}.md": f"# Tent {nr}\n\nThe zipper of tent {nr} is made of alloy{nr}." for nr in range(12)}
    put_documents(workspace, texts, "Tents")
    context = claimed_context(workspace, Draft(collection="Tents"))
    made = [
        DraftPair(name, context.job.id, "Tents", name, 0, 9, text, f"Of what is {name}?", text[10:], 1.0, "kept")
        for name, text in texts.items()
    ]
    context.keep_drafts(made, 12, {})
    watch = Watch(page, served.url)
    page.goto(f"{served.url}/drafts?collection=Tents")
    expect(page.locator("#drafts-left")).to_contain_text("12 kept", timeout=20_000)
    page.locator("#teach-reading").click()
    expect(page.locator("#taught-reading")).to_contain_text("Reading Tents, version 1: 9 rows with the right passage")
    page.locator("#taught-reading").get_by_role("link", name="Train on them").click()
    page.wait_for_url(f"**/train?dataset={workspace.datasets.get('Reading Tents').id}")
    assert watch.troubles == []


def test_questions_for_tools_are_drafted_read_and_become_rows(served: Studio, page: Page, tmp_path: Path) -> None:
    workspace = served.bench.workspace
    file = tmp_path / "lamps.csv"
    file.write_text("name,price\nNorth Star Lamp,12.50\nHarbour Light,20\nNorth Wind Fan,30\n")
    add_table(workspace, "lamps", file, "lamps.csv", "name")
    watch = Watch(page, served.url)
    page.goto(f"{served.url}/tools")
    page.get_by_role("button", name="Learn to use these tools").click(timeout=20_000)
    page.locator("#draft-calls").click()
    expect(page.locator("#drafted-calls")).to_contain_text("Questions for your tools, version 1: ")
    page.locator("#teach-tools").click()
    page.locator("#teach-tools-yes").click()
    expect(page.locator("#taught-tools")).to_contain_text("Using tools, version 1: ")
    expect(page.locator("#teach-tools-sure")).to_be_hidden()
    page.locator("#drafted-calls").get_by_role("link", name="Read and change them").click()
    page.wait_for_url(f"**/rows?dataset={workspace.datasets.get('Questions for your tools').id}")
    expect(page.locator("#rows-list")).to_contain_text("calculator(expression=", timeout=20_000)
    page.go_back()
    assert workspace.datasets.get("Using tools").origin["left_out"] == 0
    assert watch.troubles == []
