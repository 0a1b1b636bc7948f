"""A workspace as one file and back: a snapshot of the database with the files that it names, and their hashes."""

import json
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

from storage.database import Database, sqlite_module
from storage.errors import Damaged, NotAllowed, UnreadableFile
from storage.files import MANIFEST, read_manifest, remove_tree, sha256_of, sync_file, sync_folder
from storage.settings import BASE_MODEL_FILE
from storage.workspace import Workspace

DATABASE = "triptych.db"
_FOLDERS = ("adapters", "uploads", "scores", "sample")
_FILES = (BASE_MODEL_FILE,)
_PASSING = {"locks", "logs", "run"}  # what a home may hold and still count as empty
_FORM = 1


def back_up(workspace: Workspace, file: Path) -> int:
    """Write the workspace into the new tar `file` and return its size in bytes; it may be in use meanwhile.

    The database is copied first: the files that its rows name are there by then and never change. Saved states of
    unfinished trainings and what a graphics card holds are left out. Raises NotAllowed where the file exists or the
    database is not SQLite, Damaged where the copy is not sound.
    """
    if not workspace.database.is_sqlite:
        raise NotAllowed("This workspace lives in PostgreSQL.", "Back it up with pg_dump, and its home with tar.")
    if file.exists():
        raise NotAllowed(f"{file} exists already.", "Choose a name that is not taken; a backup is never overwritten.")
    partial = file.with_name(f".{file.name}.part")
    with tempfile.TemporaryDirectory(dir=workspace.folder("run")) as made:
        snapshot = Path(made) / DATABASE
        _copy_database(workspace.database, snapshot)
        _write(partial, {DATABASE: snapshot, **_kept_files(workspace)}, workspace.clock)
    sync_file(partial)
    partial.rename(file)
    sync_folder(file.absolute().parent)
    return file.stat().st_size


def restore(home: Path, file: Path) -> None:
    """Unpack a backup into `home`, which must be empty or absent; every file is checked before anything is kept.

    Raises NotAllowed, UnreadableFile or Damaged, and leaves the home as it was then.
    """
    if home.exists() and any(path.name not in _PASSING for path in home.iterdir()):
        raise NotAllowed(
            f"{home} is not empty; restoring would mix two workspaces.", "Set TRIPTYCH_HOME to a new folder."
        )
    home.parent.mkdir(parents=True, exist_ok=True)
    unpacked = Path(tempfile.mkdtemp(prefix=".triptych-", dir=home.parent))
    try:
        _unpack(file, unpacked)
        read_manifest(unpacked)
        _check_database(unpacked / DATABASE)
        (unpacked / MANIFEST).unlink()
        remove_tree(home)
        unpacked.rename(home)
        sync_folder(home.parent)
    finally:
        remove_tree(unpacked)


def _copy_database(database: Database, target: Path) -> None:
    with closing(sqlite_module().connect(str(database.url.database))) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    _check_database(target)


def _check_database(path: Path) -> None:
    if not path.is_file():
        raise Damaged("The backup holds no database.", "Use another backup.")
    with closing(sqlite_module().connect(f"file:{path}?mode=ro", uri=True)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
    if found != [("ok",)]:
        raise Damaged("The database in the backup is not sound.", "Use another backup.")


def _kept_files(workspace: Workspace) -> dict[str, Path]:
    home = workspace.home
    inside = [path for name in _FOLDERS for path in sorted((home / name).rglob("*"))]
    return {
        str(path.relative_to(home)): path
        for path in [*(home / name for name in _FILES), *inside]
        # A name with a dot in front is still being written.
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(home).parts)
    }


def _write(target: Path, files: dict[str, Path], clock: Callable[[], float]) -> None:
    listed = [{"name": name, "size": path.stat().st_size, "sha256": sha256_of(path)} for name, path in files.items()]
    manifest = json.dumps({"form": _FORM, "at": clock(), "files": listed}, indent=1).encode()
    with tarfile.open(target, "w") as archive:
        head = tarfile.TarInfo(MANIFEST)
        head.size, head.mode = len(manifest), 0o600
        archive.addfile(head, BytesIO(manifest))
        for name, path in files.items():
            archive.add(path, name)


def _unpack(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file, "r:") as archive:
            archive.extractall(folder, filter="data")
    except FileNotFoundError as error:
        raise UnreadableFile(f"There is no file {file}.", "Look at its name and try again.") from error
    except (tarfile.TarError, OSError) as error:
        raise UnreadableFile(
            f"{file.name} is not a backup of Triptych.", "Choose a file that `backup` wrote."
        ) from error
