"""Where the database of a tool is: a file that was copied or stays where it is, or an address kept as a secret."""

from pathlib import Path

from storage.errors import NotAllowed, UserFault
from storage.files import write_atomically
from storage.outside.connecting import Outside, OutsideFault, postgres, sqlite_file
from storage.records import ToolRecord
from storage.workspace import Workspace

SECRETS = "secrets"
_ADDRESSES = ("postgresql:", "postgres:", "postgresql+psycopg:")


def is_address(text: str) -> bool:
    """Whether a text is the address of a PostgreSQL database and no file."""
    return text.strip().casefold().startswith(_ADDRESSES)


def opened(workspace: Workspace, record: ToolRecord) -> Outside:
    """Return the database of a tool; raise OutsideFault where its file or address is not kept here any more."""
    source = record.config["source"]
    if source["kind"] == "sqlite":
        return sqlite_file(workspace.home / source["path"], fixed=source["copied"])
    try:
        address = secret_file(workspace, record.name).read_text()
    except OSError:
        raise OutsideFault(
            "The address of this database is not kept here any more.", "Add the database again on the Tools page."
        ) from None
    return postgres(address)


def secret_file(workspace: Workspace, tool: str) -> Path:
    """Return where the address of a tool's database lies: outside of what a backup or an export takes along."""
    return workspace.home / SECRETS / f"{tool}.address"


def keep_secret(workspace: Workspace, tool: str, address: str) -> None:
    """Keep an address, readable by its owner only."""
    workspace.folder(SECRETS)
    write_atomically(secret_file(workspace, tool), address.strip().encode())


def forget_source(workspace: Workspace, record: ToolRecord) -> None:
    """Delete the address or the copied file of a tool that is gone; a file that was never copied stays."""
    secret_file(workspace, record.name).unlink(missing_ok=True)
    source = record.config.get("source", {})
    if source.get("copied"):
        (workspace.home / source["path"]).unlink(missing_ok=True)


def in_place(workspace: Workspace, file: Path) -> Path:
    """Return a file that is to be asked where it lies; raise NotAllowed for one of the studio's own."""
    path = file.resolve()
    if not path.is_file():
        raise UserFault(f"There is no file {file}.", "Check its name and place.")
    if path.is_relative_to(workspace.home.resolve()):
        raise NotAllowed("The studio's own files are no database to ask.", "Choose a file outside of its folder.")
    return path
