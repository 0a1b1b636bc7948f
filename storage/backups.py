"""A workspace as one file and back: a snapshot of the database with the files that it names, and their hashes."""

import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

from storage.database import Database, sqlite_module
from storage.errors import Damaged, NotAllowed, UnreadableFile
from storage.files import MANIFEST, read_manifest, remove_tree, sha256_of, sync_file, sync_folder
from storage.settings import BASE_MODEL_FILE
from storage.spoken import SOUNDS
from storage.workspace import Workspace

DATABASE = "triptych.db"
_FOLDERS = ("adapters", "uploads", "scores", "sample", SOUNDS)
_FILES = (BASE_MODEL_FILE,)
_PASSING = {"locks", "logs", "run"}  # what a home may hold and still count as empty
_FORM = 1
_ATTEMPTS = 5


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
    for attempts_left in reversed(range(_ATTEMPTS)):
        try:
            _gather(workspace, partial)
            break
        except FileNotFoundError:
            # Something was deleted in the meantime; a new copy of the database does not name it any more.
            if not attempts_left:
                raise
    sync_file(partial)
    partial.rename(file)
    sync_folder(file.absolute().parent)
    return file.stat().st_size


def _gather(workspace: Workspace, target: Path) -> None:
    """Write the backup; raise FileNotFoundError where a file that the database may name is deleted meanwhile."""
    before = _kept_files(workspace)
    with tempfile.TemporaryDirectory(dir=workspace.folder("run")) as made:
        snapshot = Path(made) / DATABASE
        _copy_database(workspace.database, snapshot)
        kept = _kept_files(workspace)
        if gone := before.keys() - kept.keys():
            raise FileNotFoundError(min(gone))
        _write(target, {DATABASE: snapshot, **kept}, workspace.clock)


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
    alone = [home / name for name in _FILES if (home / name).is_file()]
    inside = [path for name in _FOLDERS if (home / name).is_dir() for path in _inside(home / name)]
    return {str(path.relative_to(home)): path for path in [*alone, *inside]}


def _inside(folder: Path) -> Iterator[Path]:
    """Yield every file below `folder`, in order. What has a dot in front is still being written: it is not entered.

    Raises FileNotFoundError where a folder is deleted meanwhile.
    """
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _inside(path)
        else:
            yield path


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
