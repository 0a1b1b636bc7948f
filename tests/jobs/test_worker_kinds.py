"""Every request that can be asked has its kind, and every kind its function."""

import ast
from pathlib import Path
from typing import get_args

import pytest

from jobs.kinds import KINDS
from jobs.requests import AnyRequest

ROOT = Path(__file__).parent.parent.parent


def test_every_request_has_its_kind() -> None:
    asked = get_args(get_args(AnyRequest)[0])
    assert {request.model_fields["kind"].default: request for request in asked} == {
        name: kind.request for name, kind in KINDS.items()
    }


@pytest.mark.parametrize("name", KINDS)
def test_a_heavy_job_has_a_process_of_its_own(name: str) -> None:
    assert KINDS[name].own_process or KINDS[name].lane == "light"


@pytest.mark.parametrize("name", KINDS)
def test_the_function_of_a_kind_is_there_and_takes_a_request_and_a_context(name: str) -> None:
    module, _, function = KINDS[name].entry.partition(":")
    tree = ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text())
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    (function_found,) = found
    needed = function_found.args.args[: len(function_found.args.args) - len(function_found.args.defaults)]
    assert [argument.arg for argument in needed] == ["request", "context"]
