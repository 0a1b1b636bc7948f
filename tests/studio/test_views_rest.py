from dataclasses import replace

import pytest

from jobs.intake.columns import guess_roles
from jobs.intake.prepare import prepare
from jobs.intake.table import Table
from jobs.retrieval.search import Found
from jobs.tools.builtin.calculator import calculator
from storage.records import (
    Adapter,
    Collection,
    Comparison,
    Dataset,
    Document,
    Example,
    Job,
    JobState,
    Passage,
    Permission,
    Scorecard,
    ToolCall,
    ToolRecord,
)
from studio.views import compare, documents, examples, home, tools

TABLE = Table(
    ["Agent", "Customer asks", "Reply"],
    [["Mia", f"May I return bike {nr}?", f"You may, within {nr} days."] for nr in range(1, 31)] + [["Mia", "", "x"]],
)
ROLES = {"question": "Customer asks", "answer": "Reply"}
FAQ = Dataset("d", "FAQ", 2, 214, 203, 40, ROLES, (), "faq.csv", 0.0)
PASSAGE = Passage("p", "d", "Returns.md", 10, 40, "Within 14 days.\n# of delivery", page=2, score=0.71)
READING = Job(id="i", kind="index", state=JobState.RUNNING, spec={"files": [["uploads/x.md", "a_b.md"]]}, phase="embed")


def test_guesses_come_with_their_reasons() -> None:
    guesses = guess_roles(TABLE)
    assert examples.chosen(guesses) | {"question": "Customer asks"} == examples.chosen(guesses)
    assert examples.reasons(guesses)["question"].startswith("We guessed this one: ")
    assert examples.reasons(guesses)["context"] == "No column looks like it."


def test_only_question_and_answer_must_have_a_column() -> None:
    assert examples.column_choices(TABLE, "question")[0] == ("Agent", "Agent")
    assert examples.column_choices(TABLE, "context")[0] == ("No such column", "")


def test_the_headline_counts_rows_and_their_parts() -> None:
    made = prepare(TABLE, ROLES)
    said = examples.headline(made)
    assert said.startswith("## 30 of 31 rows can be used")
    assert f"{30 - made.held_out} to learn from, {made.held_out} held back." in said


def test_first_rows_show_the_chosen_columns_first() -> None:
    lines = examples.first_rows(TABLE, ROLES).splitlines()
    assert lines[0] == "| Row | Customer asks | Reply | Agent |"
    assert lines[2].startswith("| 1 | May I return bike 1? |")
    wide = Table([f"c{nr}" for nr in range(9)], [["x"] * 9])
    assert examples.first_rows(wide, {}).endswith("3 more columns not shown.")


def test_what_the_model_reads_is_marked_by_what_happens_to_it() -> None:
    pieces = [("<user>", "read"), ("Yes.", "learned"), (" More", "cut")]
    assert examples.read_by_model(pieces) == [("<user>", "read only"), ("Yes.", "learned"), (" More", "cut off")]
    assert "left out" in examples.not_read(7)[0][0]


def test_versions_lead_to_training() -> None:
    assert examples.versions([FAQ], 0.0, {}).endswith("| [Rows](/rows?dataset=d) · [Train](/train?dataset=d) |")
    looked_up = examples.versions([FAQ], 0.0, {"d": "FAQ, looked up", "other": "x"})
    assert looked_up.endswith("[Train](/train?dataset=d) · [Looked up](/documents?collection=FAQ%2C%20looked%20up) |")
    assert examples.versions([], 0.0, {}) == "None yet."


def test_rows_on_their_way_into_the_documents_say_where_these_are_seen() -> None:
    job = replace(READING, spec={"collection": "FAQ, looked up", "dataset_id": "d"}, step=1, total_steps=4)
    going_on = examples.looking_up(job, working=True)
    link = "[FAQ, looked up](/documents?collection=FAQ%2C%20looked%20up)"
    assert going_on.startswith(f"The rows to learn from become documents: {link}.")
    assert "25 % · Take in their meaning" in going_on
    waiting = replace(job, state=JobState.QUEUED, phase="")
    assert "not running just now" in examples.looking_up(waiting, working=False)
    done = replace(job, state=JobState.SUCCEEDED, result={"documents": [{"name": "FAQ", "passages": 163}]})
    assert examples.looking_up(done, working=True) == (
        f"**✓** 163 passages read into {link}. Documents and Hybrid can look in them from now on."
    )
    assert examples.kept(FAQ) == "203 examples kept as version 2 of FAQ. [Train on them](/train?dataset=d)"


def test_found_passages_show_score_threshold_and_span() -> None:
    shown = documents.found(Found((PASSAGE,), (), 0.35, 3))
    assert shown.startswith("**1 · Returns.md, page 2** · scores 0.71 (needs 0.35) · characters 10 to 40")
    assert "> \\# of delivery" in shown
    nothing = documents.found(Found((), (replace(PASSAGE, score=0.2),), 0.35, 3))
    assert "Nothing above the threshold" in nothing
    assert "scores 0.20 (needs 0.35)" in nothing


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (None, ""),
        (READING, "● a\\_b.md: Take in their meaning"),
        (replace(READING, step=1, total_steps=4, seconds_left=41.0), "Take in their meaning, about 40 seconds left"),
        (replace(READING, state=JobState.CANCELLED), "✕ a\\_b.md: stopped."),
        (replace(READING, state=JobState.FAILED, failure_text="0 words found"), "**✕ a\\_b.md: 0 words found."),
        (
            replace(READING, state=JobState.SUCCEEDED, started_at=0.0, finished_at=41.0),
            "**✓** a\\_b.md: read in 41 s. Answers know it from now on.",
        ),
    ],
)
def test_reading_is_told_in_words(job: Job | None, said: str) -> None:
    assert said in documents.reading(job)


def test_what_waits_says_so_when_nobody_works() -> None:
    waiting = replace(READING, state=JobState.QUEUED, phase="")
    assert documents.reading(waiting) == "◌ a\\_b.md: Waiting"
    assert "not running just now" in documents.reading(waiting, working=False)


def test_a_file_that_could_not_be_read_is_named_beside_those_that_were() -> None:
    result = {
        "documents": [{"name": "good.md", "passages": 3}],
        "failed": [{"name": "scan.pdf", "text": "scan.pdf has pictures only", "next_step": "Save it with text."}],
    }
    said = documents.reading(replace(READING, state=JobState.SUCCEEDED, result=result, started_at=0.0, finished_at=2.0))
    assert "**✓** good.md: read in" in said
    assert "**✕** scan.pdf has pictures only. Save it with text." in said


def test_documents_are_listed_or_their_absence_explained() -> None:
    document = Document("x", "c", "a.pdf", "", 900, 3, 7, 0.0)
    assert documents.line(document, 60.0) == "**a.pdf**\n\n7 passages · 3 pages · read 1 minute ago"
    assert "1 document, 7 passages." in documents.heading([document])
    assert "have nothing to look in" in documents.heading([])
    assert "Nothing in here yet." in documents.heading([], others=True)


def test_documents_made_of_examples_say_so() -> None:
    assert documents.about(FAQ).startswith("These are the rows that a training on FAQ, version 2, learns from; none of")
    assert documents.about(None) == ""


def test_a_tool_that_changes_something_never_runs_by_itself() -> None:
    reads = calculator()
    assert [value for _, value in tools.permission_choices(reads)] == ["auto", "ask", "off"]
    assert [value for _, value in tools.permission_choices(replace(reads, effect="acts"))] == ["ask", "off"]


def test_a_tool_says_what_it_works_on_and_when_it_was_used() -> None:
    record = ToolRecord(
        "look_up_orders", "table", Permission.AUTO, "", {"rows": 3, "file": "o.csv", "left_out": 1}, 0.0
    )
    said = tools.line(replace(calculator(), title="Look up orders"), record, 60.0)
    assert "3 rows of o.csv, 1 row without a key left out · Last used 1 minute ago" in said
    assert "Never used yet" in tools.line(calculator(), None, 0.0)
    assert tools.added(record, "Look up orders").startswith("3 rows kept.")


def test_the_column_that_tells_rows_apart_is_the_likely_key() -> None:
    key, reason = tools.likely_key(Table(["kind", "order"], [["a", "1"], ["a", "2"]]))
    assert key == "order"
    assert "a value of its own" in reason
    assert tools.likely_key(Table(["a", "b"], [["x", ""], ["x", ""], ["y", ""]]))[0] == "a"


def test_a_try_shows_the_result_word_for_word() -> None:
    assert "```\n2 + 2 = 4\n```" in tools.called(ToolCall("calculator", {}, "2 + 2 = 4"))
    assert "✕ It failed" in tools.called(ToolCall("calculator", {}, None, "no"))


def facts(**known: object) -> home.Facts:
    empty = {"datasets": [], "adapters": [], "documents": [], "tools": [], "comparisons": [], "cards": []}
    return home.Facts(**{**empty, "jobs": [], **known})  # type: ignore[arg-type] - a test gives what it needs


def test_home_says_what_is_there_and_what_is_next() -> None:
    journey = home.steps(facts(), 0.0)
    assert home.next_step(facts(), journey) == ("Start with your own file", "/examples")
    assert "◌ Not yet" in home.table(journey)
    started = facts(datasets=[FAQ], tools=["Calculator"])
    journey = home.steps(started, 0.0)
    assert home.next_step(started, journey) == ("Train on your examples", "/train")
    assert "✓ 203 examples from faq.csv" in home.table(journey)
    grown = facts(datasets=[replace(FAQ, source="comparison:c:tuned")])
    assert "✓ 203 examples in FAQ" in home.table(home.steps(grown, 0.0))
    training = facts(datasets=[FAQ], jobs=[Job("j", "train", JobState.RUNNING, {"dataset_id": "d"})])
    assert home.next_step(training, home.steps(training, 0.0)) == ("Add documents", "/documents")


def test_everything_done_leads_to_asking() -> None:
    adapter = Adapter("a", "j", "Returns", "starter", "", "", "d", "", "", 0.0)
    document = Document("x", "c", "a.pdf", "", 900, 3, 7, 0.0)
    whole = facts(
        datasets=[FAQ, replace(FAQ, name="Other")],
        adapters=[adapter],
        documents=[document],
        tools=["Calculator"],
        comparisons=[Comparison("c", "q", (), 0.0)],
    )
    journey = home.steps(whole, 60.0)
    assert home.next_step(whole, journey) == ("Score the ways", "/scores")
    scored = replace(whole, cards=[Scorecard("s", "j", "d", (), "", 0.0)])
    journey = home.steps(scored, 60.0)
    assert home.next_step(scored, journey) == ("Ask a question", "/compare")
    assert "Last scored 1 minute ago" in home.table(journey)
    said = home.table(journey)
    assert "203 examples from faq.csv and 1 other set" in said
    assert "1 document with 7 passages" in said
    assert "Last asked 1 minute ago" in said


def test_home_shows_a_failure_until_something_of_its_kind_ended_well() -> None:
    failed = Job("j", "train", JobState.FAILED, {"dataset_id": "d"}, failure_text="Out of memory.")
    assert "[FAQ, version 2](/train?run=j): ✕ Out of memory." in home.runs_worth_a_look(
        facts(datasets=[FAQ], jobs=[failed])
    )
    since = Job("k", "train", JobState.SUCCEEDED, {"dataset_id": "d"})
    assert home.runs_worth_a_look(facts(jobs=[since, failed])) == ""
    waiting = [Job(str(nr), "train", JobState.QUEUED, {"dataset_id": "d"}) for nr in range(5)]
    shown = home.runs_worth_a_look(facts(jobs=[*waiting, READING, failed])).splitlines()
    assert "● Running" in shown[0]
    assert "✕ Out of memory." in shown[1]
    assert len(shown) == home.MOST_RUNS


def test_a_comparison_offers_the_newest_first() -> None:
    adapter = Adapter("a", "j", "Returns", "starter", "", "", "d", "", "", 0.0)
    assert compare.adapter_choices([adapter], 60.0) == [("The newest", ""), ("Returns, 1 minute ago", "a")]
    kept = Collection("c", "manuals", 3, "e", 0.0)
    assert compare.collection_choices([kept]) == [("The newest", ""), ("manuals", "manuals")]
    assert compare.vote_choices({"base": "Base"}) == [("Base", "base"), ("A tie", "tie"), ("None is good", "none")]


def test_questions_to_begin_with_are_short_and_need_no_text_of_their_own() -> None:
    rows = [Example(1, "A longer question?", "x"), Example(2, "Short?", "x"), Example(3, "Short?", "y")]
    rows += [Example(4, "Of this text?", "x", context="text"), Example(5, "Too long " * 30, "x")]
    assert compare.example_questions(rows) == ["Short?", "A longer question?"]


def test_earlier_comparisons_are_links() -> None:
    asked = Comparison("c1", "Is *this* kept?", (), 0.0)
    assert compare.earlier([asked], 60.0) == "- [Is \\*this\\* kept?](/compare?c=c1), 1 minute ago"
    assert compare.earlier([], 0.0).startswith("None yet.")
