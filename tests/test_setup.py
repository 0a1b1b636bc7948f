"""The set-up says what is wrong in one sentence and does nothing twice."""

import importlib.util
import re
import tomllib
from collections import namedtuple
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import PROJECT

Version = namedtuple("Version", "major minor micro releaselevel serial")
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def setup_script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("triptych_setup", PROJECT / "assets" / "setup.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path)
    return module


@pytest.mark.parametrize("minor", [10, 14])
def test_another_python_is_refused_with_the_way_out(
    setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch, minor: int
) -> None:
    monkeypatch.setattr(setup_script.sys, "version_info", Version(3, minor, 0, "final", 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11, 3\.12 or 3\.13.*make PYTHON="):
        setup_script.check_python()


def test_a_full_disk_is_refused_before_anything_is_loaded(
    setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup_script.shutil, "disk_usage", lambda _: Usage(10, 9, 2**30))
    with pytest.raises(SystemExit, match=r"free disk, 1\.0 GB are free"):
        setup_script.check_disk("cpu")


def test_what_is_installed_is_known_by_its_stamp(setup_script: ModuleType) -> None:
    assert not setup_script.installed(dev=False)
    setup_script.stamp(True).touch()
    assert setup_script.installed(dev=False), "what tests need includes what the studio needs"
    assert setup_script.installed(dev=True)


def test_every_direct_dependency_is_among_the_tested_versions() -> None:
    tested = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (PROJECT / "assets" / "constraints.txt").read_text().splitlines()
        if "==" in line
    }
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    for requirement in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        name = re.split(r"[\[=><; ]", requirement)[0].lower().replace("_", "-")
        assert name in tested, name
