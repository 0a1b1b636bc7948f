"""The sample's order service as a part: there while the sample is open, back when it dies, gone when that is closed."""

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from storage.announcing import note_of, read_note
from storage.files import remove_tree
from storage.sample import mark_opened, sample_folder
from storage.settings import Settings
from studio.health import health, orders_run
from studio.needing import needing
from tests.running import studio_running
from tests.studio.test_app_health import a_server
from tests.studio.test_parts_up import part, states, until


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A model server of elsewhere, so that none is started here."""
    with a_server(b'{"phase": "ready"}') as url:
        yield url


def test_the_order_service_is_a_part_only_while_the_sample_is_open(settings: Settings) -> None:
    assert set(health(settings)["parts"]) == {"web", "worker", "model"}
    mark_opened(settings.home, time.time())
    assert health(settings)["parts"]["orders"] == {"state": "stopped"}


def test_up_starts_it_with_the_sample_restarts_it_and_ends_it_with_the_sample(
    tmp_path: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIPTYCH_MODEL_URL", elsewhere)
    with studio_running(tmp_path / "home") as running:
        studio = psutil.Process(running.process.pid)
        assert "orders" not in states(running.url)
        mark_opened(running.home, time.time())
        until(lambda: states(running.url).get("orders") == "running", 30)
        killed = part(studio, "jobs.sample")
        assert killed is not None
        killed.kill()
        until(lambda: part(studio, "jobs.sample") not in {None, killed}, 20)
        until(lambda: states(running.url).get("orders") == "running", 30)
        remove_tree(sample_folder(running.home))
        until(lambda: part(studio, "jobs.sample") is None, 20)
        assert "orders" not in states(running.url)
        until(lambda: read_note(note_of(running.home, "orders")) is None, 10)
        assert not sample_folder(running.home).exists()
        mark_opened(running.home, time.time())
        until(lambda: part(studio, "jobs.sample"), 30)
    assert not orders_run(Settings(home=running.home))


def test_a_command_that_asks_has_the_service_for_its_own_duration(tmp_path: Path, elsewhere: str) -> None:
    settings = Settings(home=tmp_path / "home", model_url=elsewhere)
    with needing(settings, lambda _: None, model=True):
        assert not orders_run(settings)
    mark_opened(settings.home, time.time())
    with needing(settings, lambda _: None, worker=False):
        assert not orders_run(settings)
    with needing(settings, lambda _: None, model=True):
        assert orders_run(settings)
        told = read_note(note_of(settings.home, "orders"))
        with needing(settings, lambda _: None, model=True):
            assert read_note(note_of(settings.home, "orders")) == told
        assert orders_run(settings)
    assert not orders_run(settings)
    assert read_note(note_of(settings.home, "orders")) is None


def test_a_service_that_does_not_start_is_told_and_holds_up_no_question(tmp_path: Path, elsewhere: str) -> None:
    settings = Settings(home=tmp_path / "home", model_url=elsewhere)
    mark_opened(settings.home, time.time())
    (sample_folder(settings.home) / "orders-state.json").write_text("no JSON")
    said: list[str] = []
    with needing(settings, said.append, model=True):
        assert not orders_run(settings)
    assert [line for line in said if "order service of the sample does not start" in line]
