"""What a run's page says of its forecast, its course, the kept state and the answers that show it."""

from dataclasses import replace
from typing import Any

import pytest

from jobs.training.forecast import FORECAST, Forecast
from storage.records import Job, JobState
from storage.run_records import RunRecord
from studio.views import learning as view
from studio.views.learning import Sample

DONE = Job(id="j", kind="train", state=JobState.SUCCEEDED, spec={}, started_at=100.0, finished_at=350.0, adapter_id="a")
RUNNING = replace(DONE, state=JobState.RUNNING, finished_at=None)
FORETOLD = Forecast(240.0, False, 40, 4.0, 2.0, 4.5, 1_900_000_000, 7_800_000_000, 8, 8)


def record(kind: str, step: int, **body: Any) -> RunRecord:
    return RunRecord("j", 1, step, kind, step, body, 0.0)


def foretold(**changes: Any) -> RunRecord:
    return record(FORECAST, 0, **replace(FORETOLD, **changes).body())


def sample(nr: int, now: str, step: int = 20) -> RunRecord:
    return record("sample", step, question=f"Question {nr}", before="Maybe.", now=now, expected="We do | not.")


def looks(*losses: float) -> list[RunRecord]:
    seen = [record("loss", 10 * nr, eval_loss=loss, epoch=float(nr)) for nr, loss in enumerate(losses)]
    return [*seen, *(record("loss", step, loss=3.0 - step / 20) for step in range(10 * len(losses)))]


def test_what_was_said_before_it_began() -> None:
    said = view.forecast(RUNNING, [foretold(at_most=True)])
    assert said == (
        "Forecast before it began: about 4 minutes at most · 1.9 GB of memory, 7.8 GB were free "
        "(measured on your 8 longest examples)."
    )
    some = view.forecast(RUNNING, [foretold(rows=2, halvings=1)])
    assert "measured on 2 of your 8 longest examples, reckoned for all; to fit, it was made smaller 1 time" in some
    assert view.forecast(RUNNING, []) == ""


def test_the_forecast_stands_beside_the_truth() -> None:
    assert view.forecast(DONE, [foretold()]) == "Said 4 min, took 4 min 10 s."
    early = replace(DONE, result={"stopped_early": True, "peak_bytes": 2_000_000_000})
    assert view.forecast(early, [foretold(at_most=True)]) == (
        "Said 4 min at most, took 4 min 10 s; it stopped by itself before the end. "
        "Memory: said 1.9 GB, held 2.0 GB at the height."
    )


@pytest.mark.parametrize(
    ("job", "also"),
    [
        (replace(DONE, stop_reason="kept"), []),
        (replace(DONE, state=JobState.FAILED), []),
        (DONE, [record("start", 20)]),
    ],
    ids=["stopped by the person", "failed", "went on after an interruption"],
)
def test_what_did_not_go_through_in_one_piece_is_not_compared(job: Job, also: list[RunRecord]) -> None:
    assert view.forecast(job, [foretold(), *also]).startswith("Forecast before it began")


@pytest.mark.parametrize(
    ("losses", "over", "said"),
    [
        ((3.0,), False, "Too early to say"),
        ((3.0,), True, "It ended too early"),
        ((3.0, 2.0, 1.5), False, "**Still improving:**"),
        ((3.0, 2.0, 1.5), True, "**It was still improving at its end:**"),
        ((3.0, 2.0, 1.5, 1.5, 1.5), True, "**It has stopped improving after pass 2:**"),
        ((3.0, 2.0, 1.5, 1.7, 1.9), False, "**It is memorising since pass 2:**"),
        ((3.0, 3.2, 3.4), True, "**What it learns does not help"),
    ],
)
def test_the_course_is_said_in_a_sentence(losses: tuple[float, ...], over: bool, said: str) -> None:
    assert view.trend(DONE if over else RUNNING, looks(*losses)).startswith(said)


def test_without_watched_rows_there_is_no_course() -> None:
    assert view.trend(RUNNING, [record("loss", 1, loss=2.0)]) == ""


def test_which_state_is_kept() -> None:
    report = {"kept_step": 40, "kept_passes": 4.0, "keep": "best", "looks": 6, "stopped_early": True}
    assert view.kept(report) == (
        "Kept: the best of 6 tests, after pass 4 (step 40). It stopped by itself, since it got no better."
    )
    assert view.kept({**report, "keep": "last"}) == view.kept({}) == ""


def test_room_that_was_made_is_said_while_it_lasts_and_afterwards() -> None:
    lent = record("lent", 0, bytes=1)
    assert "Questions wait until it is done." in view.lent(RUNNING, [lent])
    assert "it is back since" in view.lent(DONE, [lent])
    assert view.lent(RUNNING, []) == ""


def test_the_best_the_worst_and_some_others_are_shown() -> None:
    found = [Sample({"question": nr}, 20, 0.0, nr / 10) for nr in range(10)]
    shown = view.chosen(found)
    assert [(one.body["question"], one.which) for one in shown[:4]] == [
        (9, "best"),
        (8, "best"),
        (1, "worst"),
        (0, "worst"),
    ]
    others = {one.body["question"] for one in shown[4:]}
    assert len(others) == 2
    assert others <= {2, 3, 4, 5, 6, 7}
    assert view.chosen(found) == shown
    assert [one.which for one in view.chosen(found[:3])] == ["best", "worst", "random"]
    assert [one.which for one in view.chosen(found[:1])] == [""]


def test_the_newest_answer_to_each_question_is_shown_beside_the_one_before_training() -> None:
    table = view.samples([sample(1, "", 0), sample(1, "We do!")])
    assert "Now (step 20)" in table
    assert "| Question 1 | Maybe. (**0**) | We do\\! (**80**) | We do \\| not. |" in table
    assert "| Maybe. (**0**) | – | We do \\| not. |" in view.samples([sample(1, "", 0)])
    assert view.samples([]) == ""


def test_scores_that_were_kept_are_not_worked_out_anew() -> None:
    kept = record("sample", 4, question="q", before="b", now="n", expected="e", score_before=0.25, score=0.5)
    assert "| b (**25**) | n (**50**) |" in view.samples([kept])
    three = view.samples([sample(nr, now) for nr, now in enumerate(("We do not.", "No.", "We do!"))])
    assert "| **Best:** Question 0 |" in three
    assert "| **Worst:** Question 1 |" in three
    assert "| **At random:** Question 2 |" in three
