"""Two runs side by side: only what differs of the settings, both courses over their passes, results and scores."""

from dataclasses import replace

from storage.records import Job, JobState, Scorecard
from storage.run_records import RunRecord
from studio.views import run_comparison as view
from studio.views.charts import TWO_RUNS, compared, picture
from studio.views.run_comparison import Compared

REPORT = {"rank": 16, "learning_rate": 0.001, "eval_loss": 1.2, "eval_loss_start": 3.0, "kept_passes": 4.0, "seed": 0}
ONE = Job(
    id="1",
    kind="train",
    state=JobState.SUCCEEDED,
    spec={"name": "One", "dataset_id": "d", "preset": "quick", "model": "starter"},
    adapter_id="a1",
    started_at=0.0,
    finished_at=250.0,
    result=REPORT,
)
OTHER = replace(
    ONE,
    id="2",
    spec={**ONE.spec, "name": "Other", "preset": "normal"},
    adapter_id="a2",
    finished_at=60.0,
    result={**REPORT, "rank": 8, "eval_loss": 1.5},
)
CARD = Scorecard("c", "j", "d", ({"way": "tuned", "adapter_id": "a1", "right": 0.85, "n": 40},), "", 0.0)


def course(job: str, *losses: float) -> list[RunRecord]:
    return [
        RunRecord(job, 1, nr, "loss", nr * int(job) * 10, {"eval_loss": loss, "epoch": float(nr)}, 0.0)
        for nr, loss in enumerate(losses)
    ]


def test_only_settings_that_differ_are_shown_and_every_result() -> None:
    pair = Compared(ONE, course("1", 3.0, 1.2)), Compared(OTHER, course("2", 3.0, 2.0, 1.5))
    shown = view.comparison(*pair, {"d": "FAQ, version 1"}, [CARD])
    assert "| How thorough | Quick look | Normal |" in shown
    assert "| Room for what it learns (rank) | 16 | 8 |" in shown
    assert "FAQ" not in shown
    assert "Seed" not in shown
    assert "| Distance on unseen questions, kept state (lower is better) | 1.2 | 1.5 |" in shown
    assert "| Took | 4 min 10 s | 1 min |" in shown
    assert "34 of 40" in shown
    assert "not scored yet" in shown
    assert "(/charts/runs/1/2.svg)" in shown


def test_the_same_settings_are_said_to_be_the_same() -> None:
    twin = Compared(replace(ONE, id="3"), [])
    shown = view.comparison(Compared(ONE, []), twin, {"d": "FAQ"}, [])
    assert shown.startswith("Both runs had the same settings.")
    assert "svg" not in shown


def test_finished_runs_other_than_this_one_are_offered() -> None:
    running = replace(OTHER, id="4", state=JobState.RUNNING)
    assert view.others([ONE, OTHER, running], "1", {}) == [("Other", "2")]


def test_both_courses_lie_over_their_passes() -> None:
    drawn = compared(course("1", 3.0, 1.2), course("2", 3.0, 2.0, 1.5))
    assert drawn.learn == ((0.0, 3.0), (1.0, 1.2))
    assert drawn.unseen == ((0.0, 3.0), (1.0, 2.0), (2.0, 1.5))
    svg = picture(drawn, TWO_RUNS)
    assert "this run 1.20" in svg
    assert "the other 1.50" in svg
    assert ">passes<" in svg
