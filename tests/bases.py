"""Base models that are said to be on a computer, for tests of what offers them."""

import json
from dataclasses import replace
from pathlib import Path

from storage.files import MANIFEST
from storage.workspace import Workspace


def with_bases(workspace: Workspace, folder: Path, *models: str) -> Workspace:
    """Return the workspace with `folder` as its models, where these lie and were tried out; none has weights."""
    check = {"ok": True, "learned": True, "reason": "", "at": 0}
    for model in models:
        (folder / model).mkdir(parents=True)
        manifest = json.dumps({"files": [], "base_sha256": "0" * 64, "check": check})
        (folder / model / MANIFEST).write_text(manifest)
    return replace(workspace, settings=workspace.settings.model_copy(update={"models": folder}))
