from dataclasses import replace

from storage.records import Dataset, Job, JobState
from storage.run_records import RunRecord
from studio.views import runs as view
from studio.wording import runs

FAQ = Dataset("d", "FAQ", 2, 214, 203, 40, {"question": "q", "answer": "a"}, (), "faq.csv", 0.0)
WAITING = Job(id="j", kind="train", state=JobState.QUEUED, spec={"name": "Returns_tone", "dataset_id": "d"})
RUNNING = replace(
    WAITING, state=JobState.RUNNING, phase="train", step=57, total_steps=100, seconds_left=118.0, started_at=10.0
)
DONE = replace(RUNNING, state=JobState.SUCCEEDED, finished_at=130.0, adapter_id="a")
REPORT = {
    "rows": 163,
    "passes": 9.5,
    "eval_loss_start": 2.9,
    "eval_loss": 1.21,
    "cut_rows": 1,
    "left_out_rows": 2,
    "rank": 16,
    "learning_rate": 0.001,
}


def sample(step: int, now: str) -> RunRecord:
    body = {"question": "Norway | Sweden?", "before": "Maybe.", "now": now, "expected": "We do."}
    return RunRecord("j", 1, step, "sample", step, body, 0.0)


def test_examples_are_offered_with_version_and_size() -> None:
    assert view.dataset_choices([FAQ]) == [("FAQ, version 2 (203 examples)", "d")]
    assert view.names([FAQ]) == {"d": "FAQ, version 2"}


def test_the_list_says_where_each_run_stands() -> None:
    unnamed = replace(DONE, id="k", spec={"dataset_id": "d"})
    choices = view.run_choices([WAITING, unnamed], {"j": 2}, {"d": "FAQ, version 2"}, 250.0)
    assert choices == [
        ("Returns_tone: ◌ Waiting, number 2 in line", "j"),
        ("FAQ, version 2: ✓ Done, 2 minutes ago", "k"),
    ]


def test_a_running_run_shows_a_bar_and_that_the_page_may_be_closed() -> None:
    shown = view.standing(RUNNING, None, 20.0)
    assert '<progress value="57" max="100">' in shown
    assert "57 % · about 2 minutes left" in shown
    assert "You can close this page." in shown
    loading = replace(RUNNING, phase="load", total_steps=0, seconds_left=None)
    assert "**● Running** · Load the model" in view.standing(loading, None, 20.0)


def test_other_states_are_said_with_their_time() -> None:
    assert view.standing(WAITING, 1, 0.0).startswith("**◌ Waiting, number 1 in line**. It is next.")
    assert "not running just now" in view.standing(WAITING, 1, 0.0, runs.place(1, working=False))
    assert view.standing(DONE, None, 130.0) == "**✓ Done** after 2 min, just now"


def test_an_interruption_is_said_with_the_step_from_which_it_went_on() -> None:
    assert view.went_on([sample(4, "Yes.")]) == ""
    starts = [RunRecord("j", fence, fence, "start", step, {}, 0.0) for fence, step in ((2, 20), (3, 1400))]
    assert view.went_on(starts) == "It went on from step 1,400 after an interruption."
    again = RunRecord("j", 2, 1, "start", 0, {}, 0.0)
    assert view.went_on([again]).startswith("It began again after an interruption;")


def test_phases_are_done_now_or_to_come() -> None:
    lines = view.steps(RUNNING).splitlines()
    assert lines[0] == "1. Check the examples ✓"
    assert lines[3] == "4. **Train** ← now"
    assert lines[5] == "6. Save what it learned"
    assert all(line.endswith("✓") for line in view.steps(DONE).splitlines())
    assert "4. **Train** ✕" in view.steps(replace(RUNNING, state=JobState.FAILED))
    assert "✓" not in view.steps(WAITING)


def test_how_a_run_ended_and_what_to_do() -> None:
    failed = replace(
        RUNNING, state=JobState.FAILED, failure_text="Out of memory at step 3.", failure_next_step="Press *Try again*."
    )
    assert view.outcome(failed) == "**✕ Out of memory at step 3. Your examples are safe. Press \\*Try again\\*.**"
    assert "Your examples are safe." in view.outcome(replace(RUNNING, state=JobState.CANCELLED))
    assert view.outcome(DONE) == "It is ready. [Compare its answers](/compare?adapter=a) with the others."
    assert view.outcome(DONE, owned=False).startswith("What it learned was deleted since.")
    assert view.outcome(RUNNING) == ""


def test_what_a_run_came_to() -> None:
    said = view.outcome(replace(DONE, result=REPORT))
    assert "It went through 163 examples 9.5 times." in said
    assert "2.90 before, **1.21** now (lower is better)" in said
    assert "1 example had to be cut" in said
    assert "2 examples left out" in said
    assert "| Room for what it learns (rank) | 16 |" in view.settings(REPORT)
    assert view.settings({}) == ""
    assert "| Memory at the height | 1.9 GB |" in view.settings({"peak_bytes": 1_900_000_000})
    assert "| Tests without a better one before it stops | – |" in view.settings({"patience": None})


def test_a_run_that_learned_every_row_says_that_nothing_watched_it() -> None:
    said = view.came_to({"rows": 13, "passes": 4})
    assert "nothing was left to watch it by" in said
    assert "Distance" not in said


def test_the_picture_says_its_result_and_is_asked_for_anew_with_each_record() -> None:
    loss = RunRecord("j", 1, 1, "loss", 1, {"loss": 2.9}, 0.0)
    picture = view.picture(RUNNING, [loss])
    assert picture.startswith("![How far its answers are from yours")
    assert picture.endswith("(/charts/run/j.svg?rev=1)")
    assert view.picture(RUNNING, []) == ""


def test_the_revision_changes_with_whatever_is_shown() -> None:
    before = view.revision(RUNNING, [], None)
    assert view.revision(RUNNING, [], None) == before
    for changed in (
        replace(RUNNING, step=58),
        replace(RUNNING, phase="test"),
        replace(RUNNING, seconds_left=300.0),
        replace(RUNNING, finish_requested_at=1.0),
        replace(RUNNING, state=JobState.CANCELLING),
    ):
        assert view.revision(changed, [], None) != before
    assert view.revision(RUNNING, [sample(1, "")], None) != before
