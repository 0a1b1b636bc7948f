"""Commands that make rows which teach a model to use what it is given."""

from typing import Annotated

import typer

from jobs.models.client import connect
from jobs.teaching.reading import teach_reading
from studio.commands.options import grouped
from studio.commands.output import Output, say, show
from studio.commands.telling import dataset_shape
from studio.commands.working import desk
from studio.needing import needing
from studio.wording.drafts import rows_taught


@grouped
def reading(
    collection: Annotated[str, typer.Argument(help="The collection whose drafts you kept.")],
    output: Output,
    name: Annotated[str, typer.Option(help="What to call the rows; “Reading” and the collection without it.")] = "",
    seed: Annotated[int, typer.Option(help="Another number mixes passages and kinds of rows anew.")] = 0,
) -> None:
    """Make training rows of the questions you kept, each behind passages as Documents and Hybrid read them."""
    with desk() as at:
        at.workspace.collections.get(collection)
        with needing(at.settings, say, model=True):
            made = teach_reading(at.workspace, connect(at.settings), collection, name, seed)
    told = rows_taught(made.name, made.version, made.origin)
    show(
        output, {**dataset_shape(made), "origin": made.origin}, f"{told}\nTrain on them with: triptych train {made.id}"
    )
