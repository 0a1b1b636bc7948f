"""Example packs: small sets that come with the product, each kept as examples by one wish."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from jobs.intake.upload import add_dataset
from jobs.models.catalogue import ASSETS
from storage.errors import NotFound
from storage.records import Dataset
from storage.workspace import Workspace

FOLDER = ASSETS / "samples" / "packs"


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack. `expect` says what a training on it changes and what not; `trial` is a question to try it with."""

    id: str
    title: str
    expect: str
    trial: str
    file: Path


def packs() -> list[Pack]:
    """Return the packs in the order in which they are offered."""
    listed = tomllib.loads((FOLDER / "packs.toml").read_text(encoding="utf-8"))
    return [
        Pack(pack_id, told["title"], told["expect"], told["try"], FOLDER / f"{pack_id}.csv")
        for pack_id, told in listed.items()
    ]


def add_pack(workspace: Workspace, pack_id: str) -> Dataset:
    """Keep a pack as examples and return them; what is kept already is returned as it is. Raises NotFound."""
    pack = next((one for one in packs() if one.id == pack_id), None)
    if pack is None:
        raise NotFound(
            f"There is no example pack {pack_id!r}.", f"Choose one of: {', '.join(one.id for one in packs())}."
        )
    kept = next((one for one in workspace.datasets.list() if one.name == pack.title), None)
    columns = {"question": "question", "answer": "answer"}
    return kept or add_dataset(workspace, pack.file, pack.file.name, name=pack.title, columns=columns)
