"""The model server answers with the base model that its home settled on, and settles it where nobody did."""

import shutil
from pathlib import Path

import pytest

from jobs.models.choosing import BaseChoice, base_choice, is_settled, use_base
from jobs.serving.loading import load
from storage.errors import Missing
from storage.settings import Settings
from tests.serving import tiny_models


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
    shutil.copytree(settings.models / "starter", settings.models / "smollm2-360m")
    use_base(settings, "smollm2-360m")
    loaded = load(settings)
    loaded.close()
    assert loaded.base.id == "smollm2-360m"


def test_a_base_that_is_not_here_is_named_with_how_to_get_it(settings: Settings):
    chosen = settings.model_copy(update={"base_model": "qwen3-4b"})
    with pytest.raises(Missing, match="Qwen3 4B Instruct") as told:
        load(chosen)
    assert told.value.next_step == "Fetch it: run `triptych models fetch qwen3-4b`."
