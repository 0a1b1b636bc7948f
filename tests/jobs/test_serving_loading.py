"""The model server answers with the base model that its home settled on, and settles it where nobody did."""

import asyncio
import shutil
import time
from pathlib import Path

import pytest

from jobs.models.checks import keep_check
from jobs.models.choosing import BaseChoice, base_choice, is_settled, use_base
from jobs.models.installed import installed
from jobs.serving.holding import Holder
from jobs.serving.loading import load
from storage.errors import Missing
from storage.locks import Locks
from storage.settings import Settings
from tests.jobs.test_models_fetch import TRIED
from tests.serving import tiny_models
from tests.tiny import make_tiny_model


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a new home beside a folder of tiny models."""
    shutil.copytree(tiny_models(), tmp_path / "models")
    return Settings(home=tmp_path / "home", models=tmp_path / "models")


def test_a_new_home_is_settled_when_the_server_loads(settings: Settings):
    assert not is_settled(settings)
    loaded = load(settings)
    loaded.close()
    assert loaded.base.id == "starter"
    assert is_settled(settings)
    assert base_choice(settings) == BaseChoice("starter")


def test_the_server_loads_the_base_that_was_chosen(settings: Settings):
    other(settings)
    use_base(settings, "smollm2-360m")
    loaded = load(settings)
    loaded.close()
    assert loaded.base.id == "smollm2-360m"


def other(settings: Settings) -> None:
    """Put another tiny model beside the starter, tried out."""
    make_tiny_model(settings.models / "smollm2-360m", seed=7)
    found = installed(settings.models, "smollm2-360m")
    assert found is not None
    keep_check(found, TRIED)


def test_a_server_that_runs_changes_to_the_base_that_is_chosen(settings: Settings):
    holder = Holder(settings, Locks(settings.home / "locks"))
    holder.start()
    try:
        before = asyncio.run(holder.loaded())
        assert before.base.id == "starter"
        other(settings)
        holder.look_after()
        assert holder.phase == "ready", "nothing was chosen yet"
        use_base(settings, "smollm2-360m")
        holder.look_after()
        assert holder.phase == "loading"
        after = asyncio.run(holder.loaded())
        assert (after.base.id, after.base.sha256 != before.base.sha256) == ("smollm2-360m", True)
        assert not before.engine.alive
        holder.look_after()
        assert holder.phase == "ready"
    finally:
        holder.close()


def test_a_server_without_its_base_takes_the_next_one_that_is_chosen(settings: Settings):
    shutil.rmtree(settings.models / "starter")
    holder = Holder(settings, Locks(settings.home / "locks"))
    holder.start()
    try:
        with pytest.raises(Missing):
            asyncio.run(holder.loaded())
        other(settings)
        use_base(settings, "smollm2-360m")
        while holder.phase == "loading":
            time.sleep(0.02)
        holder.look_after()
        assert asyncio.run(holder.loaded()).base.id == "smollm2-360m"
    finally:
        holder.close()


def test_a_base_that_is_not_here_is_named_with_how_to_get_it(settings: Settings):
    chosen = settings.model_copy(update={"base_model": "qwen3-4b"})
    with pytest.raises(Missing, match="Qwen3 4B Instruct") as told:
        load(chosen)
    assert told.value.next_step == "Fetch it: run `triptych models fetch qwen3-4b`."
