"""What every test may ask for: a fresh workspace, the shared sets, no environment of the person's own."""

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from storage.settings import Settings
from storage.workspace import Workspace

pytest_plugins = ["tests.postgres"]
PROJECT = Path(__file__).parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files whose tests may take longest begin first, so that no worker waits for another's at the end."""
    patience: dict[Path, float] = {}
    for item in items:
        limit = item.get_closest_marker("timeout")
        patience[item.path] = max(patience.get(item.path, 0.0), float(limit.args[0]) if limit else 0.0)
    items.sort(key=lambda item: -patience[item.path])


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test touches the person's own workspace, nor uploads of another test; only the folder of models is shared."""
    for name in [
        name
        for name in os.environ
        if name.startswith("TRIPTYCH_") and name not in {"TRIPTYCH_MODELS", "TRIPTYCH_REQUIRE"}
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TRIPTYCH_HOME", str(tmp_path / "home"))
    # Uploads lie by their content, and a server that ends takes its own away.
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a home that does not exist yet."""
    return Settings(home=tmp_path / "home")


@pytest.fixture(scope="session")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that was opened once, to be copied: a database that is there opens sooner than one that is to be made."""
    home = tmp_path_factory.mktemp("fresh") / "home"
    Workspace.open(Settings(home=home)).close()
    return home


@pytest.fixture
def workspace(settings: Settings, fresh_home: Path) -> Iterator[Workspace]:
    """A fresh workspace on SQLite."""
    copytree(fresh_home, settings.home)
    opened = Workspace.open(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real sets beside the project; the test skips where it is absent."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared sets are not beside the project")
    return folder
