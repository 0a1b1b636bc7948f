"""Which base model a home uses: by the settings, by its card, kept for good, and what is said where it can't be had."""

import json
import logging
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.models.choosing import (
    BaseChoice,
    base_model,
    best_for,
    keep_base,
    lacking,
    needed,
    use_base,
    wanted_base,
)
from jobs.models.machine import Machine
from storage.errors import Damaged, Missing, NotAllowed, NotFound
from storage.files import publish
from storage.settings import Settings
from tests.conftest import PROJECT
from tests.jobs.test_models_fetch import put_in_place
from tests.jobs.test_models_fitting import CARD, GB, SMALL, card
from tests.jobs.test_models_machine import says


@pytest.mark.parametrize(
    ("machine", "best"),
    [
        (SMALL, ""),
        (Machine("Apple M4", 10, 64 * GB, 60 * GB, apple=True), ""),
        (replace(CARD, cards_work=False), ""),
        (card(4), ""),
        (card(8), "qwen2.5-1.5b"),
        (CARD, "smollm2-1.7b"),
        (card(80), "smollm2-1.7b"),
    ],
)
def test_a_card_with_room_gets_the_largest_free_model_of_one_to_three_billion(machine: Machine, best: str):
    assert best_for(machine) == best


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """Settings of a home and of a folder of models that do not exist yet."""
    return Settings(home=tmp_path / "home", models=tmp_path / "models")


def on_card(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Let this process see a card, and a torch that can use it."""
    monkeypatch.setenv("PATH", says(tmp_path / "bin", "NVIDIA RTX 4090, 24564")["PATH"])
    monkeypatch.setattr("jobs.models.machine._cards_work", lambda: True)
    return settings


def test_without_a_card_the_starter_is_used_and_kept(home: Settings):
    assert base_model(home) == "starter"
    assert not (home.home / "base-model.json").exists(), "looking settles nothing"
    assert keep_base(home) == BaseChoice("starter")
    assert json.loads((home.home / "base-model.json").read_text()) == {"model": "starter", "wanted": ""}


def test_the_settings_have_the_last_word(home: Settings):
    keep_base(home)
    chosen = home.model_copy(update={"base_model": "qwen3-4b"})
    assert (base_model(chosen), keep_base(chosen)) == ("qwen3-4b", BaseChoice("qwen3-4b"))
    assert base_model(home) == "starter"
    assert [model.id for model in needed(chosen)] == ["qwen3-4b", "embedder"]
    with pytest.raises(NotFound, match="gigantic"):
        needed(home.model_copy(update={"base_model": "gigantic"}))


def test_on_a_card_the_larger_model_is_used_where_it_is_here(
    home: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    on_card(home, monkeypatch, tmp_path)
    assert [model.id for model in lacking(home)] == ["smollm2-1.7b", "embedder"]
    put_in_place(home.models, "smollm2-1.7b")
    assert [model.id for model in lacking(home)] == ["embedder"]
    assert keep_base(home) == BaseChoice("smollm2-1.7b")
    assert base_model(home) == "smollm2-1.7b"


def test_on_a_card_without_the_larger_model_the_starter_is_used_and_it_is_said(
    home: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    on_card(home, monkeypatch, tmp_path)
    with caplog.at_level(logging.WARNING):
        assert keep_base(home) == BaseChoice("starter", wanted="smollm2-1.7b")
    assert "has room for SmolLM2 1.7B Instruct, but that model is not here" in caplog.text
    assert "uses Starter (SmolLM2 135M Instruct)" in caplog.text
    put_in_place(home.models, "smollm2-1.7b")
    assert base_model(home) == "starter", "a model that comes later changes nothing by itself"
    assert [model.id for model in lacking(home)] == ["starter", "embedder"]


def test_a_card_that_comes_later_changes_nothing(home: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    keep_base(home)
    put_in_place(home.models, "smollm2-1.7b")
    on_card(home, monkeypatch, tmp_path)
    assert base_model(home) == "starter"


def adapter_on(settings: Settings, base: str) -> None:
    work = settings.home / "work"
    work.mkdir(parents=True)
    (settings.home / "adapters").mkdir()
    publish(work, settings.home / "adapters" / "a-f1", adapter_id="a", base_id=base)


def test_a_home_with_adapters_keeps_their_base(home: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    adapter_on(home, "qwen2.5-0.5b")
    on_card(home, monkeypatch, tmp_path)
    put_in_place(home.models, "smollm2-1.7b")
    assert keep_base(home) == BaseChoice("qwen2.5-0.5b")
    assert [model.id for model in lacking(home)] == ["qwen2.5-0.5b", "embedder"]


def test_a_base_that_nobody_can_read_is_named(home: Settings):
    home.home.mkdir()
    (home.home / "base-model.json").write_text("{")
    with pytest.raises(Damaged, match=r"base-model\.json does not say which base model"):
        base_model(home)


def test_another_base_is_used_on_a_persons_wish(home: Settings):
    keep_base(home)
    with pytest.raises(Missing, match="not on this computer yet"):
        use_base(home, "smollm2-360m")
    put_in_place(home.models, "smollm2-360m")
    assert use_base(home, "smollm2-360m") == "starter"
    assert base_model(home) == "smollm2-360m"


def test_what_can_not_answer_is_no_base(home: Settings):
    put_in_place(home.models, "embedder")
    with pytest.raises(NotAllowed, match="writes no answers"):
        use_base(home, "embedder")
    put_in_place(home.models, "starter")
    with pytest.raises(NotAllowed, match="TRIPTYCH_BASE_MODEL"):
        use_base(home.model_copy(update={"base_model": "starter"}), "starter")


def test_a_card_does_not_change_what_the_settings_want(home: Settings):
    assert wanted_base(home, CARD) == "smollm2-1.7b"
    assert wanted_base(home.model_copy(update={"base_model": "starter"}), CARD) == "starter"


def plan(tmp_path: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the fetching of needed models where a card is seen and no hub is reachable."""
    environment = {
        **says(tmp_path / "bin", "NVIDIA RTX 4090, 24564"),
        "TRIPTYCH_HOME": str(tmp_path / "home"),
        "TRIPTYCH_MODELS": str(tmp_path / "models"),
        "HF_ENDPOINT": "http://127.0.0.1:9",
        **variables,
    }
    # The installed torch may be the build for processors; this stands for one that can use the card.
    script = "import sys, typer, jobs.models.machine as m; m._cards_work = lambda: True\n"
    script += "from jobs.models.fetch import main; typer.run(main)"
    program = [sys.executable, "-c", script, *options]
    return subprocess.run(program, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)


def test_the_plan_says_what_would_be_downloaded_and_what_is_taken_should_that_fail(tmp_path: Path):
    said = plan(tmp_path, "--plan").stdout.splitlines()
    assert said[0] == (
        "SmolLM2 1.7B Instruct: 3,425 MB to download, 3,425 MB kept, from the model hub; "
        "should that fail, Starter (SmolLM2 135M Instruct) (93 MB) is taken"
    )
    assert said[1].startswith("Embedder (all-MiniLM-L6-v2): 84 MB to download")
    assert not (tmp_path / "home").exists(), "a plan settles nothing"


def test_where_no_hub_is_reachable_the_starter_is_taken_and_it_is_said(tmp_path: Path):
    put_in_place(tmp_path / "models", "starter")
    put_in_place(tmp_path / "models", "embedder")
    done = plan(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "SmolLM2 1.7B Instruct could not be downloaded: no model hub is reachable" in done.stdout
    assert "The Starter (SmolLM2 135M Instruct) is used in its place." in done.stdout


def test_a_base_that_the_settings_want_is_not_replaced(tmp_path: Path):
    put_in_place(tmp_path / "models", "embedder")
    put_in_place(tmp_path / "models", "starter")
    done = plan(tmp_path, TRIPTYCH_BASE_MODEL="smollm2-1.7b")
    assert done.returncode == 3
    assert "no model hub is reachable from this computer" in done.stderr
