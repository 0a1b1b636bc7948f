"""The command line: the same journey as in the browser, for people and for scripts."""

import json
import logging
import pkgutil
import sys
from collections.abc import Callable, Sequence

import typer

from storage.errors import OurFault, TriptychError, UserFault

USER_FAULT = 1
OUR_FAULT = 3

_HELP = "Teach a language model by examples, documents and tools, and see which way serves you."
_GROUPS = {
    "dataset": "Examples to learn from.",
    "documents": "Documents to look things up in.",
    "table": "Tables to look rows up in.",
    "database": "Databases to ask.",
    "service": "Services on the web to ask.",
    "mcp": "Tools of other programs (MCP servers).",
    "tools": "Practice with the tools there are.",
    "questions": "Test questions.",
    "export": "What you made, for other programs.",
    "sample": "The sample company, to see every way at work.",
    "models": "What this computer can do, and which models fit it.",
}
# What is typed, and the function that does it. It is imported only when it is asked for, so each command starts fast.
_COMMANDS = {
    "up": "running:up",
    "web": "running:web",
    "worker": "running:worker",
    "serve": "running:serve",
    "dataset add": "bringing:dataset",
    "dataset list": "versions:listed",
    "dataset export": "versions:export",
    "dataset compare": "versions:compared",
    "train": "training:train",
    "jobs": "training:jobs",
    "cancel": "training:cancel",
    "documents add": "bringing:documents",
    "documents draft": "drafting:draft",
    "documents teach": "teaching:reading",
    "table add": "bringing:table",
    "database add": "databases:add",
    "service add": "services:add",
    "service openapi": "openapi:take",
    "mcp add": "mcp:add",
    "mcp list": "mcp:listed",
    "mcp remove": "mcp:remove",
    "tools draft": "practising:draft",
    "tools teach": "practising:teach",
    "ask": "asking:ask",
    "evaluate": "asking:evaluate",
    "questions list": "questions:listed",
    "questions add": "questions:add",
    "questions export": "questions:export",
    "export adapter": "keeping:export_adapter",
    "export comparisons": "taking:comparisons",
    "export preferences": "taking:preferences",
    "sample open": "sampling:open_",
    "sample remove": "sampling:remove",
    "backup": "keeping:backup",
    "restore": "keeping:restore",
    "doctor": "keeping:doctor",
    "connection": "connecting:connection",
    "models fetch": "models:fetch",
    "models use": "models:use",
    "models add": "models:add",
    "models check": "models:check",
}
# What a group does where no command of it is named.
_ALONE = {"models": "models:listed"}


def command_line(first_word: str = "") -> typer.Typer:
    """Return the command line with the commands that begin with `first_word`, or with all where none does."""
    app = typer.Typer(help=_HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_root)
    typed = [words for words in _COMMANDS if words.split()[0] == first_word] or list(_COMMANDS)
    groups = {name: typer.Typer(help=text, no_args_is_help=name not in _ALONE) for name, text in _GROUPS.items()}
    for words in typed:
        group, _, name = words.rpartition(" ")
        home = groups[group] if group else app
        home.command(name)(_resolved(_COMMANDS[words]))
    for name in dict.fromkeys(words.split()[0] for words in typed):
        if name in groups:
            alone = _resolved(_ALONE[name]) if name in _ALONE else _root
            groups[name].callback(invoke_without_command=name in _ALONE)(alone)
            app.add_typer(groups[name], name=name)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. Exit codes: 0 done, 1 the person can mend it, 2 usage, 3 a fault of ours."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        command_line(next(iter(typed), ""))(typed, prog_name="triptych")
    except TriptychError as error:
        sys.exit(_told(error, as_json="--json" in typed))
    except Exception as error:
        logging.getLogger("triptych").exception("This should not have happened:")
        fault = OurFault(f"Something of ours broke: {type(error).__name__}.", "Report the lines above.")
        sys.exit(_told(fault, as_json="--json" in typed))


def _resolved(place: str) -> Callable[..., None]:
    return pkgutil.resolve_name(f"studio.commands.{place}")


def _root() -> None:
    """Stand where a group has options of its own: none, but with it one command alone is still called by its name."""


def _told(error: TriptychError, *, as_json: bool) -> int:
    typer.echo(f"{error}\n{error.next_step}", err=True)
    if as_json:
        typer.echo(json.dumps({"error": {"text": str(error), "next_step": error.next_step}}, ensure_ascii=False))
    return USER_FAULT if isinstance(error, UserFault) else OUR_FAULT
