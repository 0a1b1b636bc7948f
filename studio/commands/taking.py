"""Commands that take comparisons away, and which answers were preferred on them."""

from pathlib import Path
from typing import Annotated

import typer

from jobs.intake.saving import write_new
from storage.errors import UserFault
from storage.preferences import all_preferences
from studio import exported
from studio.commands.options import grouped
from studio.commands.output import Output, show
from studio.commands.working import desk
from studio.downloads import preference_lines
from studio.wording import taking as words

_EXISTS = "It must not exist."


@grouped
def comparisons(
    file: Annotated[Path, typer.Argument(help=f"A .md, .csv or .json. {_EXISTS}")],
    output: Output,
    search: Annotated[str, typer.Option(help="Only those whose question or answers hold this.")] = "",
) -> None:
    """Write your comparisons, the newest first, with every answer and what it rests on."""
    forms: dict[str, exported.Form] = {f".{form}": form for form in exported.FORMS}
    form = forms.get(file.suffix.lower())
    if form is None:
        raise UserFault(f"{file.name} names no form.", f"End it in {', '.join(forms)}.")
    with desk() as at:
        kept = at.workspace.comparisons.list(None, search)
        target = file.expanduser().absolute()
        write_new(target, exported.encoded(exported.many(at.workspace, kept, form), form))
    show(output, {"file": str(target), "comparisons": len(kept)}, words.written(len(kept), str(target)))


@grouped
def preferences(
    file: Annotated[Path, typer.Argument(help=f"A .jsonl file. {_EXISTS}")],
    output: Output,
) -> None:
    """Write your votes as pairs of a chosen and a rejected answer, one JSON line each."""
    with desk() as at:
        kept = all_preferences(at.workspace.database)
        target = file.expanduser().absolute()
        write_new(target, (line.encode() for line in preference_lines(kept)))
    show(output, {"file": str(target), "pairs": len(kept)}, words.written(len(kept), str(target)))
