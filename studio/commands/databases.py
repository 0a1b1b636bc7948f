"""Commands for databases that tools ask."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from jobs.tools.database.adding import Source, add_database
from jobs.tools.database.sources import is_address
from storage.errors import NotAllowed
from storage.uploads import existing
from studio.commands.options import grouped
from studio.commands.output import Output, show
from studio.commands.working import desk
from studio.views.databases import about


@dataclass(frozen=True, slots=True)
class Reading:
    """What may be read of a database, and how a person speaks of it."""

    tick: Annotated[
        list[str] | None,
        typer.Option(help="A table or column (Customer.Country) that may be read; repeat it. All without it."),
    ] = None
    words: Annotated[
        Path | None,
        typer.Option(help="A file of your own words, a line for each: revenue = Line.Price * Line.Quantity"),
    ] = None
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Ask the file where it lies, as it is then, in place of a copy.")
    ] = False


@grouped
def add(
    name: Annotated[str, typer.Argument(help="What to call it; `shop` becomes the tool ask_shop.")],
    source: Annotated[
        str, typer.Argument(help="A SQLite file, or - to read the address of a PostgreSQL database from the input.")
    ],
    reading: Reading,
    output: Output,
) -> None:
    """Make a database into a tool that is asked by a form, for reading only."""
    if is_address(source):
        raise NotAllowed(
            "An address with its password would stay in the history of your shell.",
            "Write - in its place and give the address on the input.",
        )
    place = sys.stdin.readline().strip() if source == "-" else str(existing(Path(source)))
    said = existing(reading.words).read_text(encoding="utf-8") if reading.words else ""
    asked = Source(place, copied=not reading.in_place)
    with desk() as at:
        made = add_database(at.workspace, name, asked, reading.tick or asked.described().tables, said)
    columns = [f"{one['table']}.{one['name']}" for one in made.config["shape"]["columns"]]
    document = {
        "name": made.name,
        "kind": made.kind,
        "permission": made.permission.value,
        "where": made.config["source"]["where"],
        "columns": columns,
        "words": sorted(made.config["meanings"]),
    }
    show(output, document, f"{made.name}: {about(made)}")
