"""Commands for the versions of datasets: which there are, what differs between two, and one of them as a file."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.intake.comparing import Compared, compare
from jobs.intake.saving import save
from storage.records import Dataset, Example, Json
from studio.commands.options import grouped
from studio.commands.output import Output, show
from studio.commands.telling import dataset_shape
from studio.commands.working import desk
from studio.wording.numbers import count

_SHOWN = 20
_VERSION = "A dataset's name (its latest version) or the id of one version."


@grouped
def listed(output: Output) -> None:
    """List the versions of all datasets, the newest first."""
    with desk() as at:
        versions = at.workspace.datasets.list()
    lines = [f"{one.id}  {_called(one)}: {count(one.used, 'row')}, {one.held_out:,} held back" for one in versions]
    show(output, {"datasets": [_version(one) for one in versions]}, "\n".join(lines) or "No examples yet.")


@grouped
def export(
    dataset: Annotated[str, typer.Argument(metavar="NAME", help=_VERSION)],
    file: Annotated[Path, typer.Argument(help="A .csv for spreadsheets or a .jsonl of messages; it must not exist.")],
    output: Output,
) -> None:
    """Write a version of a dataset into a file."""
    target = file.expanduser().absolute()
    with desk() as at:
        chosen = at.workspace.datasets.get(dataset)
        save(at.workspace.datasets.examples(chosen.id), target)
    document = {**_version(chosen), "file": str(target), "bytes": target.stat().st_size}
    show(output, document, f"{_called(chosen)}, {count(chosen.used, 'row')}: written to {target}")


@grouped
def compared(
    before: Annotated[str, typer.Argument(metavar="A", help=_VERSION)],
    after: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    output: Output,
) -> None:
    """Say what differs between two versions, row by row."""
    with desk() as at:
        one, other = (at.workspace.datasets.get(name) for name in (before, after))
        found = compare(*(at.workspace.datasets.examples(version.id) for version in (one, other)))
    document = {"before": _version(one), "after": _version(other), **_differences(found)}
    show(output, document, f"From {_called(one)} to {_called(other)}\n{_in_words(found)}")


def _version(dataset: Dataset) -> Json:
    return {**dataset_shape(dataset), "source": dataset.source, "origin": dataset.origin}


def _called(dataset: Dataset) -> str:
    return f"{dataset.name}, version {dataset.version}"


def _differences(found: Compared) -> Json:
    return {
        "added": [_row(row) for row in found.added],
        "removed": [_row(row) for row in found.removed],
        "changed": [{"before": _row(row), "after": _row(new)} for row, new in found.changed],
        "same": found.same,
        "parts_changed": [{"row": new.row, "before": row.part, "after": new.part} for row, new in found.parts_changed],
    }


def _row(row: Example) -> Json:
    names = ("row", "question", "answer", "instruction", "context", "kind", "part", "origin")
    return {name: getattr(row, name) for name in names}


def _in_words(found: Compared) -> str:
    lines = [
        f"{len(found.added):,} added, {len(found.removed):,} removed, {len(found.changed):,} changed, "
        f"{found.same:,} the same; {len(found.parts_changed):,} in another part"
    ]
    marked = [("+", row) for row in found.added] + [("-", row) for row in found.removed]
    marked += [pair for row, new in found.changed for pair in (("<", row), (">", new))]
    lines += [f"{mark} {row.row}: {row.question} → {row.answer}" for mark, row in marked[:_SHOWN]]
    return "\n".join([*lines, "… all of them with --json"] if len(marked) > _SHOWN else lines)
