"""Trying a model out: what works is kept as such, what does not is kept with its reason; limits end a trial."""

import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from jobs import trying
from jobs.models.bringing import bring
from jobs.models.checks import Limits, checked, run_limited, try_out
from jobs.models.encoding import Encoder
from jobs.models.fetch import prepare
from jobs.models.installed import Installed, installed
from jobs.models.machine import Machine
from jobs.models.own import own_models
from jobs.requests import Prepare
from storage.errors import Missing, TriptychError
from storage.files import MANIFEST
from storage.settings import Settings
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.jobs.test_models_fetch import quiet
from tests.serving import EXACT
from tests.tiny import TEMPLATE, make_tiny_model


def never() -> None:
    """Nobody stops this trial."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("tiny") / "tiny")


def with_template(tiny: Path, folder: Path, template: str) -> Path:
    changed = shutil.copytree(tiny, folder)
    (changed / MANIFEST).unlink()
    (changed / "chat_template.jinja").write_text(template)
    return changed


def test_a_sound_model_passes_every_trial(tiny: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trying, "best_device", lambda: EXACT)
    assert list(trying.tried(tiny, learn=True)) == ["load", "template", "tokens", "answer", "learn"]


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("", "has no template for conversations"),
        ("{{ raise_exception('No instructions, please') }}", "refuses a conversation of the usual form"),
        ("{{ messages[0]['content'] }}", "leaves out a part of the conversation"),
        (TEMPLATE.replace("+ message['content'] +", "+ message['content'][1:-1] +"), "leaves out a part"),
    ],
)
def test_a_template_that_can_not_be_used_is_the_reason(tiny: Path, tmp_path: Path, template: str, says: str):
    folder = with_template(tiny, tmp_path / "changed", template)
    with pytest.raises(TriptychError, match=says):
        trying.check_template(Encoder.load(folder), folder)


def test_tokens_that_change_a_text_are_the_reason(tiny: Path, monkeypatch: pytest.MonkeyPatch):
    encoder = Encoder.load(tiny)
    trying.check_tokens(encoder)
    monkeypatch.setattr(encoder, "plain", lambda text: [ord("x")] * len(text))
    with pytest.raises(trying.Unfit, match="Its tokens change a text"):
        trying.check_tokens(encoder)


def test_a_model_that_computes_no_numbers_does_not_learn(tiny: Path, tmp_path: Path):
    folder = shutil.copytree(tiny, tmp_path / "broken")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    for weights in model.parameters():
        weights.data.fill_(float("nan"))
    model.save_pretrained(folder)
    with pytest.raises(trying.Unfit, match="It did not learn"):
        trying.check_learning(folder, Encoder.load(folder), EXACT)


def test_the_job_brings_a_model_and_keeps_why_it_can_not_be_used(tiny: Path, workspace: Workspace, tmp_path: Path):
    models = tmp_path / "models"
    bench = Workspace(Settings(home=workspace.home, models=models), workspace.database, workspace.clock)
    odd = with_template(tiny, tmp_path / "Odd", "{{ messages[0]['content'] }}")
    request = Prepare(source=str(odd))
    made = prepare(request, claimed_context(bench, request))
    (mine,) = own_models(models).values()
    found = installed(models, mine.id)
    assert found is not None
    assert found.check is not None
    assert made.result is not None
    assert (made.result["model"], made.result["check"]) == ("own-odd", asdict(found.check))
    assert (found.usable, found.check.learned) == (False, None)
    assert "leaves out a part of the conversation" in found.check.reason
    assert checked(models, mine.id, never) == found.check, "it is not tried a second time"


def test_a_model_that_is_not_here_is_not_tried(tmp_path: Path):
    with pytest.raises(Missing, match="is not on this computer yet"):
        checked(tmp_path, "qwen3-4b", never)


def test_what_is_too_large_is_said_without_trying(tiny: Path, tmp_path: Path):
    mine = bring(tiny, tmp_path / "models", "Large", quiet)
    small = Machine("A processor", 2, 2_500_000_000, 1_000_000_000)
    check = try_out(Installed(mine.id, tiny, ""), mine, small, never)
    assert (check.ok, check.reason) == (False, "It needs about 0.8 GB to answer; there is room for 0.5 GB.")


@pytest.mark.parametrize(
    ("program", "limits", "says"),
    [
        ('print(\'{"step": "answer"}\', flush=True); raise SystemExit(3)', Limits(30, 1 << 40), "while it answered"),
        ("import time; time.sleep(60)", Limits(0.3, 1 << 40), "did not answer and learn within"),
        ("import time; held = b'x' * 300_000_000; time.sleep(60)", Limits(30, 100_000_000), "more than 0.1 GB"),
    ],
)
def test_a_trial_is_ended_at_its_limits(program: str, limits: Limits, says: str):
    _, why = run_limited([sys.executable, "-c", program], limits, never)
    assert says in why


def test_a_trial_ends_with_the_job():
    class Stopped(Exception):
        """The job was cancelled."""

    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        run_limited([sys.executable, "-c", "import time; time.sleep(60)"], Limits(30, 1 << 40), stop)
