"""The shape of the code is a contract: sizes, docstrings, imports, and what must never appear."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles

import pytest

from storage.settings import Settings
from tests.conftest import PROJECT

SOURCES = sorted(path for room in ("studio", "jobs", "storage") for path in (PROJECT / room).rglob("*.py"))
CODE = [path for path in SOURCES if "versions" not in path.parts]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def _functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, Function)]


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_a_module_fits_on_a_few_screens(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_a_function_fits_on_one_screen_and_takes_few_parameters(path: Path) -> None:
    for function in _functions(path):
        given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        named = [argument for argument in given if argument.arg not in {"self", "cls"}]
        is_command = path.parent.name == "commands" or path.name == "cli.py"
        assert _length(function) <= 50, f"{function.name} has {_length(function)} lines"
        # Each option of a command is a parameter of its function: that is how typer reads them.
        assert is_command or len(named) <= 6, f"{function.name} takes {len(named)} parameters"


def test_most_of_the_code_is_in_small_pieces() -> None:
    files = [len(path.read_text().splitlines()) for path in CODE if path.name != "__init__.py"]
    functions = [_length(function) for path in CODE for function in _functions(path)]
    assert median(files) <= 120
    assert quantiles(functions, n=10)[-1] <= 25


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_module_says_its_duty(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), "the first line of a module is its duty"


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_nothing_dangerous_or_left_for_later(path: Path) -> None:
    text = path.read_text()
    for pattern in (
        r"trust_remote_code\s*=\s*True",
        r"\bimport pickle\b",
        r"\btorch\.load\(",
        r"shell\s*=\s*True",
        r"\byaml\.load\(",
        r"\b(TODO|FIXME)\b",
    ):
        assert not re.search(pattern, text), pattern


@pytest.mark.parametrize("path", sorted((PROJECT / "studio").rglob("*.py")), ids=_name)
def test_pages_avoid_what_the_content_policy_breaks(path: Path) -> None:
    text = path.read_text()
    for pattern in (
        r"\bgr\.HTML\(",
        r"\bgr\.(Line|Bar|Scatter)Plot\(",
        r"\bjs\s*=",
        r"\bgr\.load\(",
        r"\bgr\.FileExplorer\(",
    ):
        assert not re.search(pattern, text), pattern


def test_no_text_speaks_of_the_machine_it_was_written_on() -> None:
    suffixes = {".py", ".md", ".toml", ".yml", ".yaml", ".sh", ".css", ".js", ".txt", ""}
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    for name in filter(None, listed):
        path = PROJECT / name
        if path.suffix in suffixes and path != Path(__file__) and path.is_file():
            found = re.search(r"/(work|root)/|--index-url|shared/design", path.read_text(errors="replace"))
            assert not found, f"{name}: {found.group() if found else ''}"


def test_the_web_process_imports_neither_torch_nor_transformers() -> None:
    script = (
        "import sys, studio.app, studio.pages\n"
        "print([name for name in ('torch', 'transformers', 'trl', 'peft') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    assert done.stdout.strip() == "[]"


def test_every_setting_is_in_the_readme() -> None:
    readme = (PROJECT / "README.md").read_text()
    for name in Settings.model_fields:
        assert f"TRIPTYCH_{name.upper()}" in readme, name
