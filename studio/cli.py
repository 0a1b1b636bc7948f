"""The command line: the same journey as in the browser, for people and for scripts."""

import json
import logging
import sys

import typer

from storage.errors import TriptychError, UserFault
from studio.commands import asking, bringing, keeping, running, training
from studio.commands.telling import OUR_FAULT, USER_FAULT

app = typer.Typer(
    name="triptych",
    help="Teach a language model by examples, documents and tools, and see which way serves you.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_datasets = typer.Typer(help="Examples to learn from.", no_args_is_help=True)
_documents = typer.Typer(help="Documents to look things up in.", no_args_is_help=True)
_tables = typer.Typer(help="Tables to look rows up in.", no_args_is_help=True)
_exports = typer.Typer(help="What you made, for other programs.", no_args_is_help=True)
for name, group in (("dataset", _datasets), ("documents", _documents), ("table", _tables), ("export", _exports)):
    app.add_typer(group, name=name)

_datasets.command("add")(bringing.dataset)
_documents.command("add")(bringing.documents)
_tables.command("add")(bringing.table)
_exports.command("adapter")(keeping.export_adapter)
for command in (
    running.up,
    running.web,
    running.worker,
    running.serve,
    training.train,
    training.jobs,
    training.cancel,
    asking.ask,
    asking.evaluate,
    keeping.backup,
    keeping.restore,
    keeping.doctor,
):
    app.command(command.__name__)(command)


def main() -> None:
    """Run one command. Exit codes: 0 done, 1 the person can mend it, 2 usage, 3 a fault of ours."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        app()
    except TriptychError as error:
        sys.exit(_told(error, as_json="--json" in sys.argv))
    except Exception:
        logging.getLogger("triptych").exception(
            "Something of ours broke. Run `triptych doctor`, and report the lines below."
        )
        sys.exit(OUR_FAULT)


def _told(error: TriptychError, *, as_json: bool) -> int:
    typer.echo(f"{error}\n{error.next_step}", err=True)
    if as_json:
        typer.echo(json.dumps({"error": {"text": str(error), "next_step": error.next_step}}, ensure_ascii=False))
    return USER_FAULT if isinstance(error, UserFault) else OUR_FAULT
