"""The vote below a comparison in a real Chromium: kept, changed, and the chosen answer made an example."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.evaluation.questions import set_questions
from jobs.intake.splits import with_parts
from jobs.models.door import Chat
from storage.records import Dataset, Example
from storage.votes import all_votes
from storage.workspace import Workspace
from tests.browser.chromium import chromium
from tests.browser.pages_axe import violations
from tests.browser.pages_compare import ComparePage
from tests.browser.pages_watch import Watch
from tests.browser.serving import Studio, studio
from tests.browser.writing import write
from tests.documents import put_documents

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]

ROWS = [Example(nr, f"What is number {nr}?", "It is a number.") for nr in range(1, 31)]
KEPT_AS = {"Base": "base", "Tuned": "tuned", "Documents": "documents", "A tie": "tie", "None is good": "none"}
LEARNED, HELD_BACK = "May I bring my dog?", "Do you sell helmets?"


def reply(chat: Chat) -> str:
    return "You may bring a dog of any size within 14 days."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def served(workspace: Workspace) -> Iterator[Studio]:
    put_documents(workspace, {"dogs.md": "# Dogs\n\nYou may bring a dog of any size within 14 days."})
    with studio(workspace, reply, pause_s=0.0) as running:
        yield running


def keep_set(workspace: Workspace, name: str = "Shop") -> Dataset:
    rows = with_parts(ROWS, 0.2)
    return workspace.datasets.keep(name, rows, rows=30, columns={}, dropped=(), source="shop.csv")


def vote(page: Page, workspace: Workspace, answer: str) -> None:
    """Choose an answer and wait until the vote is kept."""
    newest = workspace.comparisons.list(1)[0].id
    page.locator("#vote").get_by_role("radio", name=answer, exact=True).check()
    for _ in range(100):
        if workspace.comparisons.voted(newest) == KEPT_AS[answer]:
            break
        page.wait_for_timeout(100)
    assert workspace.comparisons.voted(newest) == KEPT_AS[answer]
    expect(page.locator("#voted")).to_contain_text("Your choice is kept.")


def open_form(page: Page) -> None:
    page.get_by_role("button", name="Keep the chosen answer as an example").click()
    expect(page.locator("#keep-text textarea")).to_be_visible()


def test_a_chosen_answer_is_edited_and_kept_as_an_example(served: Studio, page: Page) -> None:
    watch, compare, workspace = Watch(page, served.url), ComparePage(page, served.url), served.bench.workspace
    keep_set(workspace, "Older")
    keep_set(workspace)
    compare.open()
    compare.ask(LEARNED, words="The model's own words")
    compare.expect_over()
    offered = page.locator("#vote").get_by_role("radio")
    expect(offered).to_have_count(7)
    expect(page.locator("#keep-answer")).to_be_hidden()
    vote(page, workspace, "Documents")
    open_form(page)
    expect(page.locator("#keep-question textarea")).to_have_value(LEARNED)
    expect(page.locator("#keep-text textarea")).to_have_value("You may bring a dog of any size within 14 days.")
    expect(page.locator("#keep-set input")).to_have_value("Shop, version 1 (30 examples)")
    write(page.locator("#keep-text textarea"), "Of course, bring it!")
    page.get_by_role("button", name="Keep", exact=True).click()
    kept = page.locator("#kept-example")
    expect(kept).to_contain_text("Kept: Shop is now version 2 with 31 examples.")
    newest = workspace.datasets.get("Shop")
    assert workspace.datasets.examples(newest.id)[-1] == Example(
        31, LEARNED, "Of course, bring it!", part="learn", origin=newest.source
    )
    assert workspace.datasets.get("Older").version == 1

    with watch.leaving():
        kept.get_by_role("link", name="Train on it").click()
        page.wait_for_url("**/train?*")
    expect(page.locator("#dataset input")).to_have_value("Shop, version 2 (31 examples)", timeout=20_000)
    with watch.leaving():
        page.goto(f"{served.url}/examples")
    origin = page.locator("#versions").get_by_role("link", name="an answer of Documents")
    expect(origin).to_have_attribute("href", compare_address(workspace), timeout=20_000)
    assert watch.troubles == []


def compare_address(workspace: Workspace) -> str:
    return f"/compare?c={workspace.comparisons.list(1)[0].id}"


def test_hidden_names_come_back_after_a_vote_by_keyboard_alone(served: Studio, page: Page) -> None:
    watch, compare, workspace = Watch(page, served.url), ComparePage(page, served.url), served.bench.workspace
    compare.open()
    page.locator("#blind input").focus()
    page.keyboard.press("Space")
    compare.ask("Dogs, within 14 days?")
    compare.expect_over()
    hidden = expect_hidden(page)
    assert violations(page) == []
    with watch.leaving():
        page.reload()
    compare.expect_over()
    expect(page.locator("#blind input")).to_be_checked()
    assert expect_hidden(page) == hidden, "the same letters stand over the same answers"

    (comparison,) = workspace.comparisons.list()
    place = [column.id for column in comparison.columns].index("documents")
    vote_by_keyboard(page, place)
    letter = "ABCDE"[place]
    expect(page.locator("#voted")).to_have_text(f"You chose {letter}: that was Documents. Your choice is kept.")
    expect_known(page, letter)
    assert [(vote.voted, vote.blind) for vote in all_votes(workspace.database)] == [("documents", True)]
    assert watch.troubles == []


def expect_hidden(page: Page) -> str:
    """Look for what could give a name away; return what the columns show."""
    shown = page.locator("#ways").inner_text()
    assert shown.count("You may bring a dog of any size within 14 days.") == 3
    around = f"{shown} {page.locator('#vote').inner_text()} {page.locator('#shown').inner_text()}"
    for name in (
        "Base",
        "Tuned",
        "Documents",
        "Tools",
        "Hybrid",
        "dogs.md",
        "[1]",
        "token",
        "Train",
        "Evidence",
        "reported",
    ):
        assert name not in around
    return shown


def vote_by_keyboard(page: Page, place: int) -> None:
    """Go to an answer's choice by Tab and choose it by Space."""
    page.locator("#follow-up input").focus()
    chosen = page.locator("#vote input").nth(place)
    for _ in range(60):
        page.keyboard.press("Tab")
        if chosen.evaluate("(wanted) => document.activeElement === wanted"):
            break
    page.keyboard.press("Space")


def expect_known(page: Page, letter: str) -> None:
    """The column of Documents shows its name, its colour, its source and what it rests on."""
    known = page.locator(".way", has_text=f"{letter}: ■ Documents")
    expect(known).to_have_class(re.compile("way-documents"))
    expect(known).to_contain_text("1 dogs.md")
    expect(known.get_by_role("button", name="Evidence, Documents")).to_be_visible()
    expect(page.locator("#vote").get_by_role("radio", name=f"{letter}: Documents")).to_be_checked()


def test_a_tie_offers_nothing_and_a_changed_vote_brings_the_other_answer(served: Studio, page: Page) -> None:
    watch, compare, workspace = Watch(page, served.url), ComparePage(page, served.url), served.bench.workspace
    keep_set(workspace)
    compare.open()
    compare.ask(LEARNED)
    compare.expect_over()
    vote(page, workspace, "Base")
    expect(page.locator("#keep-answer")).to_be_visible()
    for choice in ("A tie", "None is good"):
        vote(page, workspace, choice)
        expect(page.locator("#keep-answer")).to_be_hidden()
    vote(page, workspace, "Tuned")
    expect(page.locator("#keep-answer")).to_be_hidden()
    vote(page, workspace, "Documents")
    expect(page.locator("#keep-answer")).to_be_visible()
    with watch.leaving():
        page.reload()
    expect(page.locator("#vote").get_by_role("radio", name="Documents")).to_be_checked(timeout=20_000)
    open_form(page)
    expect(page.locator("#keep-question textarea")).to_have_value(LEARNED)
    compare.ask("Something else?")
    expect(page.locator("#keep-answer")).to_be_hidden()
    assert watch.troubles == []


def test_what_is_held_back_is_said_and_the_exam_is_not_changed(served: Studio, page: Page) -> None:
    compare, workspace = ComparePage(page, served.url), served.bench.workspace
    first = keep_set(workspace)
    compare.open()
    compare.ask(HELD_BACK)
    compare.expect_over()
    vote(page, workspace, "Base")
    open_form(page)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("#kept-example")).to_contain_text("held back for the exam, so training will not see it.")
    assert workspace.datasets.get("Shop").held_out == first.held_out + 1

    open_form(page)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("#keep-notice")).to_contain_text("with an answer of its own. Nothing was changed")

    compare.ask(workspace.datasets.examples(first.id, "exam")[0].question)
    expect(page.locator("#voted")).to_be_hidden()
    compare.expect_over()
    vote(page, workspace, "Base")
    open_form(page)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator("#keep-notice")).to_contain_text("with an answer of its own. Nothing was changed")
    assert workspace.datasets.get("Shop").version == 2


def test_without_any_examples_the_way_to_them_is_shown(served: Studio, page: Page) -> None:
    compare, workspace = ComparePage(page, served.url), served.bench.workspace
    compare.open()
    compare.ask(LEARNED)
    compare.expect_over()
    vote(page, workspace, "Base")
    open_form(page)
    expect(page.locator("#keep-nowhere").get_by_role("link", name="Add some")).to_have_attribute("href", "/examples")
    expect(page.get_by_role("button", name="Keep", exact=True)).to_be_hidden()


def test_a_question_becomes_a_test_question_that_checks_what_is_ticked(served: Studio, page: Page) -> None:
    watch, compare, workspace = Watch(page, served.url), ComparePage(page, served.url), served.bench.workspace
    compare.open()
    compare.ask(LEARNED)
    compare.expect_over()
    vote(page, workspace, "Base")
    page.get_by_role("button", name="Keep this question as a test question").click()
    expect(page.locator("#test-answer textarea")).to_have_value(reply(Chat([], "starter")))
    facts = page.locator("#test-facts")
    expect(facts.get_by_role("checkbox", name="14 · number", exact=True)).to_be_checked(timeout=20_000)
    write(page.locator("#test-answer textarea"), "Yes, a dog of Larkspur Cycles' size, within 20 days.")
    expect(facts.get_by_role("checkbox", name="20 · number", exact=True)).to_be_checked(timeout=20_000)
    facts.get_by_role("checkbox", name="Cycles · name").uncheck()
    page.get_by_role("button", name="Keep the test question").click()
    expect(page.locator("#test-kept")).to_contain_text("Questions from comparisons is now version 1 with 1 question.")
    kept = workspace.question_sets.get("Questions from comparisons")
    (question,) = set_questions(workspace, kept)
    assert question.expected.needed == ("Larkspur", "20")

    with watch.leaving():
        page.locator("#test-kept").get_by_role("link", name="Score them").click()
    expect(page.locator("#score-source input")).to_have_value(f"{kept.name}, version 1 (1 question)", timeout=20_000)
    page.get_by_role("button", name="Look at the questions").click()
    expect(page.locator("#look-questions")).to_contain_text("Larkspur; 20", timeout=20_000)
    expect(page.locator("#look-facts").get_by_role("checkbox", name="20 · number", exact=True)).to_be_checked()
    page.locator("#look-facts").get_by_role("checkbox", name="Larkspur · name").uncheck()
    page.get_by_role("button", name="Save as the next version").click()
    expect(page.locator("#score-source input")).to_have_value(f"{kept.name}, version 2 (1 question)", timeout=20_000)
    assert set_questions(workspace, workspace.question_sets.get(kept.name))[0].expected.needed == ("20",)
    assert watch.troubles == []
