"""Scores in a real Chromium: a table is uploaded, scored, stopped, reloaded, and each number leads to its answers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from jobs.evaluation.evaluate import evaluate_through
from jobs.evaluation.judge import judge_through
from jobs.models.door import Chat
from jobs.models.patience import PatientDoor
from jobs.requests import Evaluate, Judge
from storage.workspace import Workspace
from studio.wording.scores import USES
from tests.adapters import keep_adapter
from tests.browser.chromium import chromium
from tests.browser.pages_scores import ScoresPage
from tests.browser.pages_watch import Watch
from tests.browser.serving import SlowModel, Studio, studio
from tests.claimed import claimed_again
from tests.documents import put_documents
from tests.fakes import ScriptedModel
from tests.jobs.test_evaluation_judge import fair, keep, lines_of, mark_all

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.filterwarnings("ignore:SSR mode is not supported"),
]

NOBODY_WORKS = "not running just now"  # a test does the worker's part
FACTS = "".join(
    f"Within how many days does bike {nr} come back?,Within {nr + 30} days of delivery.,facts\n" for nr in range(1, 15)
)
LIVE = "".join(f"How much is {nr} * 100?,{nr}00,live\n" for nr in range(15, 27))


def reply(chat: Chat) -> str:
    """Know bike 7 by heart; a trained one knows all below 8."""
    if chat.response_format:
        return "none" if "choices" in chat.response_format else json.dumps({"expression": "1"})
    if not chat.model.startswith("adapter:"):
        return "Within 37 days of delivery."
    asked = chat.messages[-1]["content"]
    return next(
        (f"Within {nr + 30} days of delivery." for nr in range(1, 8) if f"bike {nr} " in asked), "I am not sure."
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def served(workspace: Workspace) -> Iterator[Studio]:
    put_documents(workspace, {"returns.md": "# Returns\n\nBike 3 comes back within 33 days of delivery."})
    with studio(workspace, reply) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1440, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "bikes.csv"
    file.write_text("question,answer,kind\n" + FACTS + LIVE)
    return file


@contextmanager
def scoring(served: Studio, pause_s: float = 0.0) -> Iterator[None]:
    """Do the waiting scoring as a worker does, beside the block, and wait for its end."""
    queue = served.bench.queue
    job = queue.list("evaluate", 1)[0]
    request = Evaluate.model_validate(job.spec)
    context = claimed_again(served.bench.workspace, job, request)

    def work() -> None:
        made = evaluate_through(PatientDoor(SlowModel(reply, pause_s)), request, context)
        queue.finish(context.job, result=made.result, scorecard=made.scorecard, stop_reason=made.stop_reason)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    thread.join(120)
    assert not thread.is_alive()


def test_an_uploaded_table_is_scored_and_each_number_leads_to_its_answers(
    served: Studio, page: Page, table: Path
) -> None:
    watch, scores = Watch(page, served.url), ScoresPage(page, served.url)
    keep_adapter(served.bench.workspace, "Returns tone")
    scores.open()
    scores.upload(table)
    scores.score()
    expect(scores.standing).to_contain_text(NOBODY_WORKS, timeout=20_000)
    expect(page.locator("#score-source input")).to_have_value("bikes.csv, version 1 (26 questions)")
    with scoring(served):
        pass
    expect(scores.card).to_contain_text("bikes.csv, version 1: 26 questions, scored just now", timeout=20_000)
    expect(scores.card.locator("img")).to_have_js_property("complete", value=True)
    assert "Tuned 7 of 26" in (scores.card.locator("img").get_attribute("alt") or "")
    expect(scores.card).to_contain_text("The ways had different information: Tuned and Hybrid were trained on")
    measure_and_look_what_to_do(page)

    with watch.leaving():
        scores.card.get_by_role("row", name="Facts in your documents").get_by_role("link", name="7 of 14").first.click()
    expect(page).to_have_url(
        f"{served.url}/scores?s={served.bench.workspace.scorecards.list()[0].id}&k=facts&w=tuned#every-question"
    )
    expect(scores.questions).to_contain_text("Questions 1 to 10 of 14", timeout=20_000)
    expect(page.locator("#every-question")).to_be_in_viewport()
    expect(scores.questions.locator("table").first).to_contain_text("◆ Tuned")
    expect(scores.questions).not_to_contain_text("○ Base")
    turn_and_filter(page, scores)
    scores.choose("questions-way", "Every way")
    overrule(page, scores, watch)
    page.locator("#questions-show").get_by_role("radio", name="Where the ways differ").check()
    expect(scores.questions).to_contain_text("returns.md")
    assert watch.troubles == []


def turn_and_filter(page: Page, scores: ScoresPage) -> None:
    """Turn the pages of the questions, and show those with a wrong answer."""
    page.get_by_role("button", name="Later ones").click()
    expect(scores.questions).to_contain_text("Questions 11 to 14 of 14")
    page.locator("#questions-show").get_by_role("radio", name="With a wrong answer").check()
    expect(scores.questions).to_contain_text("Questions 1 to 7 of 7")
    expect(scores.questions).to_contain_text("wrong: it lacks")


def measure_and_look_what_to_do(page: Page) -> None:
    """Let a row of the measured table be measured, and look at what mends the wrong answers."""
    live = page.locator("#measured-table").get_by_role("row", name="Live data")
    expect(live).to_contain_text("not measured yet")
    live.get_by_role("link", name="Measure").click()
    expect(page.locator("#measured-standing")).to_contain_text(NOBODY_WORKS, timeout=20_000)
    page.get_by_role("button", name="What to do about the wrong answers").click()
    expect(page.locator("#doing-list")).to_contain_text("Needs a fact of your documents", timeout=20_000)
    expect(page.locator("#doing-no_document")).to_have_attribute("href", "/documents")


def overrule(page: Page, scores: ScoresPage, watch: Watch) -> None:
    """Open a field of the table of all questions, change how it counts, take that back, and find it after a reload."""
    page.locator("#questions-show").get_by_role("radio", name="All").check()
    expect(page.locator("#score-matrix tbody tr")).to_have_count(14)
    page.locator("#score-matrix tbody tr", has_text="bike 9 ").get_by_role("cell", name="wrong").nth(1).click()
    expect(page.locator("#cell")).to_contain_text("◆ Tuned: ✕ wrong", timeout=20_000)
    assert page.url.endswith("&q=9&w=tuned#cell-box")
    page.locator("#cell-reason textarea").fill("Nobody is sure")
    page.get_by_role("button", name="This answer is right").click()
    expect(page.locator("#cell")).to_contain_text("You changed this from wrong to right: Nobody is sure")
    expect(page.locator("#score-matrix")).to_contain_text("✓ right (you said so)")
    expect(scores.card).to_contain_text("8 of 14", timeout=20_000)
    page.get_by_role("button", name="Take back what was said").click()
    expect(page.locator("#score-matrix")).not_to_contain_text("you said so")
    with watch.leaving():
        page.reload()
    expect(page.locator("#cell")).to_contain_text("◆ Tuned: ✕ wrong", timeout=20_000)


def test_a_scoring_is_watched_over_a_reload_stopped_and_kept(served: Studio, page: Page, table: Path) -> None:
    watch, scores = Watch(page, served.url), ScoresPage(page, served.url)
    scores.open()
    scores.upload(table)
    scores.leave_only("Base", "Documents")
    scores.score()
    expect(scores.standing).to_contain_text(NOBODY_WORKS, timeout=20_000)
    with scoring(served, pause_s=0.3):
        expect(scores.standing).to_contain_text("of 26, ", timeout=30_000)
        with watch.leaving():
            page.reload()
        expect(scores.standing).to_contain_text("of 26, ", timeout=30_000)
        page.get_by_role("button", name="Stop and keep what was scored").click()
    expect(scores.card).to_contain_text("bikes.csv, version 1:", timeout=20_000)
    (card,) = served.bench.workspace.scorecards.list()
    assert [way["way"] for way in card.ways] == ["base", "documents"]
    assert 0 < card.ways[0]["n"] == card.ways[1]["n"] < 26
    expect(page.get_by_role("button", name="Stop and keep what was scored")).to_be_hidden()
    assert watch.troubles == []


def test_a_second_trained_model_is_one_more_column_and_a_way_that_lacks_something_says_so(
    served: Studio, page: Page, table: Path
) -> None:
    scores = ScoresPage(page, served.url)
    for name in ("Long tone", "Short tone"):
        keep_adapter(served.bench.workspace, name)
    scores.open()
    scores.upload(table)
    page.get_by_role("button", name="What the ways use").click()
    scores.choose("score-another", "Long tone")
    scores.score()
    expect(scores.standing).to_contain_text(NOBODY_WORKS, timeout=20_000)
    with scoring(served):
        pass
    expect(scores.card).to_contain_text("◆ Tuned (Long tone)", timeout=20_000)
    expect(scores.card).to_contain_text("◆ Tuned (Short tone)")
    page.set_viewport_size({"width": 390, "height": 800})
    scores.open("/scores")
    expect(scores.card).to_contain_text("◆ Tuned (Long tone)", timeout=20_000)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_can_not_be_scored_is_a_sentence_and_no_job(served: Studio, page: Page, tmp_path: Path) -> None:
    scores = ScoresPage(page, served.url)
    bad = tmp_path / "bad.csv"
    bad.write_text("question,answer\nWhy?,\n")
    scores.open()
    scores.score()
    expect(scores.notice).to_contain_text("There are no test questions yet.", timeout=20_000)
    scores.upload(bad)
    scores.score()
    expect(scores.notice).to_contain_text("No row of bad.csv holds a question", timeout=20_000)
    scores.leave_only()
    scores.score()
    expect(scores.notice).to_contain_text("No way was chosen.")
    assert served.bench.queue.list() == []


def test_answers_are_marked_by_keys_with_the_names_hidden_and_the_verdict_follows(
    served: Studio, page: Page, table: Path
) -> None:
    watch, scores = Watch(page, served.url), ScoresPage(page, served.url)
    scores.open()
    scores.upload(table)
    scores.leave_only("Base", "Documents")
    page.get_by_role("button", name=USES).click()
    page.locator("#score-wording").get_by_label("The model's own words").check()
    scores.score()
    expect(scores.standing).to_contain_text(NOBODY_WORKS, timeout=20_000)
    with scoring(served):
        pass
    expect(scores.card).to_contain_text("It cannot be told yet which way is best", timeout=20_000)
    expect(scores.card).to_contain_text("1 of 26")
    page.get_by_role("button", name="Mark the answers yourself").click()
    sheet, progress = page.locator("#marking-sheet"), page.locator("#marking-progress")
    expect(progress).to_contain_text("0 of")
    expect(sheet).to_contain_text("Within how many days does bike 1 come back?")
    for name in ("Base", "Documents"):
        expect(sheet).not_to_contain_text(name)
    page.locator("h1").click()
    for number in range(1, 4):
        page.keyboard.press("r")
        expect(progress).to_contain_text(f"{number} of")
    page.locator("#mark-wrong").click()
    expect(progress).to_contain_text("4 of")
    page.locator("#mark-back").click()
    expect(progress).to_contain_text("3 of")
    expect(page.locator("#marking-agreement")).to_contain_text("0 of 6")
    expect(scores.card).to_contain_text("you marked it", timeout=20_000)
    page.reload()
    page.get_by_role("button", name="Mark the answers yourself").click()
    expect(page.locator("#marking-progress")).to_contain_text("3 of", timeout=20_000)
    assert watch.troubles == []


def test_a_judge_is_asked_and_counts_once_it_agrees_and_a_person_lets_it(served: Studio, page: Page) -> None:
    watch, scores, workspace = Watch(page, served.url), ScoresPage(page, served.url), served.bench.workspace
    card = keep(workspace, lines_of())
    mark_all(workspace, card)
    scores.open(f"/scores?s={card.id}")
    page.get_by_role("button", name="More measures").click()
    expect(page.locator("#measures")).to_contain_text("made before these were measured", timeout=20_000)
    page.get_by_role("button", name="Let a model judge").click()
    expect(page.locator("#judging")).to_contain_text("No judge is set up")
    page.get_by_role("button", name="Judge these answers").click()
    expect(page.locator("#judging-standing")).to_contain_text(NOBODY_WORKS, timeout=20_000)
    (job,) = served.bench.queue.list("judge")
    request = Judge.model_validate(job.spec)
    context = claimed_again(workspace, job, request)
    made = judge_through(PatientDoor(ScriptedModel(fair)), request, context)
    assert served.bench.queue.finish(context.job, result=made.result)
    expect(page.locator("#judging-report")).to_contain_text("It agrees with you well enough", timeout=20_000)
    expect(scores.card).not_to_contain_text("a model judged it")
    page.get_by_role("button", name="Let the judge count").click()
    expect(page.locator("#judging-report")).to_contain_text("The judge counts", timeout=20_000)
    expect(scores.card).to_contain_text("a model judged it (24)", timeout=20_000)
    assert watch.troubles == []
