"""When a checkpoint is kept: about once a minute, at turns of short runs, and never for more than its share of time."""

from pathlib import Path

import pytest
from transformers import TrainerControl, TrainerState, TrainingArguments

from jobs.requests import Train
from jobs.training.keeping import RHYTHM, Rhythm
from jobs.training.looking import Looks
from jobs.training.pace import Pace
from jobs.training.plan import Plan
from jobs.training.watching import Watching
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.jobs.interrupted_training import ALWAYS, AT_TURNS, begin, finish, in_format, kept_steps
from tests.jobs.small_training import keep, one_thread, open_small

__all__ = ["one_thread"]  # a fixture for every test here


@pytest.mark.parametrize(
    ("since_s", "cost_s", "turning", "due"),
    [
        (59.9, 0.1, False, False),
        (60.0, 0.1, False, True),
        (19.9, 0.1, True, False),
        (20.0, 0.1, True, True),
        (60.0, 3.0, False, False),  # 3 s of 60 would be a twentieth
        (150.0, 3.0, False, True),
        (20.0, 0.5, True, False),
        (25.0, 0.5, True, True),
    ],
)
def test_the_rhythm_of_a_run(since_s: float, cost_s: float, turning: bool, due: bool) -> None:
    assert RHYTHM.due(since_s, cost_s, turning=turning) == due


def test_no_rhythm_spends_more_than_its_share() -> None:
    at, last, spent = 0.0, 0.0, 0.0
    while at < 3600:
        at += 1
        if Rhythm().due(at - last, 2.5, turning=False):
            at += 2.5
            spent, last = spent + 2.5, at
    assert 0 < spent / at <= 0.02


@pytest.mark.parametrize(
    ("rhythm", "steps"),
    [(ALWAYS, list(range(1, 13))), (AT_TURNS, [8, 12])],
    ids=["always", "in the middle and at the end"],
)
def test_a_run_keeps_checkpoints_in_its_rhythm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rhythm: Rhythm, steps: list[int]
) -> None:
    in_format(monkeypatch, "float32")
    workspace = open_small(tmp_path)
    request = Train(dataset_id=keep(workspace, 29), epochs=3)
    context, kept = begin(workspace, request), list[int]()
    context.happens = lambda moment: kept.append(context.checkpoints()[0].step) if moment == "after keep" else None
    finish(context, request, rhythm)
    assert kept == steps
    assert kept_steps(context) == steps[:-3:-1]
    workspace.close()


def test_what_earlier_attempts_spent_of_the_time_is_not_there_to_be_spent_again(workspace: Workspace) -> None:
    plan = Plan("cpu", "float32", 1e-3, 16, 8, 1, 1024, False, 3, 10, seconds=180.0, patience=None, seed=0)
    pace = Pace(steps_a_pass=10, tokens_a_pass=1000, least=30, last=100)
    pace.put_back({**pace.facts(), "steps": 9, "_seconds": 9.0, "_tokens": 900})
    watching = Watching(
        claimed_context(workspace, Train(dataset_id="d")), plan, pace, Looks(plan, lambda _model, _step: 0.0)
    )
    looks = {"watched": [[0, 2.0]], "asked_at": 0, "seconds": [0.1, 0.1, 0.0]}
    spent = {"losses": [2.0], "look_due": False, "tokens": 900, "spent_s": 105.0, "looks": looks}
    watching.put_back(spent)
    state = TrainerState(global_step=10, num_input_tokens_seen=1000)
    watching.on_step_end(TrainingArguments(use_cpu=True), state, TrainerControl())
    assert pace.last == 70, "a minute is left, and a pass takes nine seconds"
    assert watching.facts()["spent_s"] == pytest.approx(105.0, abs=5)
