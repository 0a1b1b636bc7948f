from dataclasses import replace

import pytest

from storage.records import Job, JobState
from studio.wording import answers, runs, tools, train, ways

WAITING = Job(id="j", kind="train", state=JobState.QUEUED, spec={"name": "Returns", "dataset_id": "d"})
RUNNING = replace(WAITING, state=JobState.RUNNING, phase="train", step=57, total_steps=100, seconds_left=118.0)


def test_every_state_has_a_mark_beside_its_word() -> None:
    for state in JobState:
        said = runs.state(replace(WAITING, state=state))
        mark, word = said.split(" ", 1)
        assert mark in "◌●✓✕"
        assert word


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (WAITING, "◌ Waiting, number 2 in line"),
        (RUNNING, "● Running, 57\u00a0%, about 2 minutes left"),
        (replace(RUNNING, total_steps=0, seconds_left=None), "● Running"),
        (replace(RUNNING, finish_requested_at=1.0), "● Saving what it learned, 57\u00a0%, about 2 minutes left"),
        (replace(RUNNING, state=JobState.CANCELLING), "● Stopping"),
        (replace(RUNNING, state=JobState.SUCCEEDED), "✓ Done"),
        (replace(RUNNING, state=JobState.SUCCEEDED, stop_reason="kept"), "✓ Done, stopped by you and kept"),
        (replace(RUNNING, state=JobState.FAILED), "✕ Failed"),
        (replace(RUNNING, state=JobState.CANCELLED), "✕ Stopped"),
    ],
)
def test_one_line_says_where_a_run_stands(job: Job, said: str) -> None:
    assert runs.standing(job, 2) == said


def test_a_failure_says_what_is_safe_and_what_to_press() -> None:
    failed = replace(
        RUNNING, failure_text="The computer ran out of memory at step 3", failure_next_step="Press Try again."
    )
    assert runs.failure(failed) == "The computer ran out of memory at step 3. Your examples are safe. Press Try again."
    assert "Nothing that was kept before is harmed." in runs.failure(replace(failed, kind="index"))


def test_a_run_is_called_by_its_name_else_by_its_examples() -> None:
    assert runs.name(WAITING) == "Returns"
    assert runs.name(replace(WAITING, spec={"dataset_id": "d"}), {"d": "FAQ, version 2"}) == "FAQ, version 2"
    assert runs.name(replace(WAITING, spec={})) == "Training"


def test_every_phase_that_a_job_reports_has_words() -> None:
    for kind, phases in runs.PHASES.items():
        for phase in phases:
            assert runs.phase(replace(RUNNING, kind=kind, phase=phase))
    assert runs.phase(replace(RUNNING, phase="unheard")) == ""


def test_what_a_waiting_run_waits_for() -> None:
    assert runs.place(1).startswith("It is next.")
    assert runs.place(3).startswith("2 others will run first.")
    assert runs.place(2, starts_in=2.0) == "1 other will run first. It starts in a moment."
    assert runs.place(3, starts_in=250.0) == "2 others will run first. It should start in about 4 minutes."
    assert runs.place(1, held=True) == "Nothing in line starts just now."


def test_why_no_run_starts() -> None:
    assert runs.paused(None) == ""
    assert "press Go on" in runs.paused("by the person")
    assert "goes on by itself" in runs.paused("disk:100")


def test_a_column_says_what_it_does() -> None:
    assert answers.writing("search", 3.2) == "● Looking in your documents…"
    assert answers.writing("write", 3.7) == "● Writing… 3 s"
    assert answers.asking("Look up orders") == "● Asking Look up orders…"
    assert answers.finished(2.84, 39) == "✓ 2.8 s · 39 tokens"
    assert answers.finished(0.2, 0) == "✓ 0.2 s"
    assert answers.link_words("/train") == "Train one"
    assert answers.link_words("/train?dataset=d") == "Train one"
    assert answers.link_words("/train?deleted=yes") == "See what was deleted"
    assert answers.link_words("/elsewhere") == "Make it"


def test_names_stand_with_their_marks() -> None:
    assert [ways.way_words(way).heading for way in ways.WAYS] == [
        "○ Base",
        "◆ Tuned",
        "■ Documents",
        "▲ Tools",
        "✚ Hybrid",
    ]
    assert ways.way_words("two_adapters").heading == "● Two adapters"


def test_other_words() -> None:
    assert tools.title("look_up_orders") == "Look up orders"
    assert train.too_few(3, 10) == "These examples have 3 usable rows; training needs at least 10."
    assert train.parts(203, 40).startswith("163 examples to learn from; 40 held back")
    assert train.link("j") == "[Link to this run](/train?run=j)"
