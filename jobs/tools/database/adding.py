"""Make a tool of a database: what is in it, what of it is ticked, and the person's own words for it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from jobs.tools.database.asking import KIND, ask_database
from jobs.tools.database.own_words import read_own_words
from jobs.tools.database.sources import forget_source, in_place, is_address, keep_secret
from jobs.tools.tables import slug
from storage.errors import NotFound
from storage.outside.connecting import Outside, host_of, postgres, sqlite_file, where_of
from storage.outside.describing import described
from storage.outside.shape import Shape
from storage.records import Json, Permission, ToolRecord
from storage.uploads import keep_upload, shown_name
from storage.workspace import Workspace

PREFIX = "ask_"


@dataclass(frozen=True, slots=True)
class Source:
    """A SQLite file, copied unless it is to be asked where it lies, or the address of a PostgreSQL database."""

    place: str
    copied: bool = True

    def described(self) -> Shape:
        """Return all that could be ticked; raise OutsideFault."""
        return described(self._opened())

    def _opened(self) -> Outside:
        if is_address(self.place):
            return postgres(self.place)
        return sqlite_file(Path(self.place).expanduser(), fixed=self.copied)


def add_database(
    workspace: Workspace, name: str, source: Source, ticked: Collection[str], own_words: str = ""
) -> ToolRecord:
    """Keep a database as the tool `ask_<name>`, replacing one of the same name.

    `ticked` are tables or columns (`Customer.Country`); only these are ever read. Raises UserFault with a sentence
    where the source, the name, what is ticked or the words can't be used.
    """
    tool_name = f"{PREFIX}{slug(name)}"
    whole = source.described()
    shape = whole.ticked(_labels(whole, ticked))
    words = read_own_words(own_words, shape)
    shape = replace(shape, measures=words.measures)
    before = next((one for one in workspace.tools.list() if one.name == tool_name), None)
    permission = before.permission if before is not None else Permission.AUTO
    place = _kept(workspace, tool_name, source)
    config = {"name": name.strip(), "source": place, "shape": shape.as_json(), "meanings": words.meanings}
    record = ToolRecord(tool_name, KIND, permission, "", config)
    kept = workspace.tools.keep(replace(record, schema_sha256=ask_database(record, workspace).schema_sha256))
    if before is not None and before.config.get("source") != place and place["kind"] == "sqlite":
        forget_source(workspace, before)
    return kept


def _labels(whole: Shape, ticked: Collection[str]) -> set[str]:
    known = {label: {label} for label in whole.labels}
    known |= {table: {column.label for column in whole.of(table)} for table in whole.tables}
    for one in ticked:
        if one not in known:
            raise NotFound(f"The database has no table or column {one!r}.", f"There are: {', '.join(whole.tables)}.")
    labels = {label for one in ticked for label in known[one]}
    if not labels:
        raise NotFound("Nothing of the database is ticked.", "Tick the tables and columns that may be read.")
    return labels


def _kept(workspace: Workspace, tool: str, source: Source) -> Json:
    if is_address(source.place):
        keep_secret(workspace, tool, source.place)
        return {"kind": "postgresql", "where": where_of(source.place), "host": host_of(source.place), "copied": False}
    file = Path(source.place).expanduser()
    place = keep_upload(workspace, file) if source.copied else str(in_place(workspace, file))
    return {"kind": "sqlite", "path": place, "copied": source.copied, "where": shown_name(file)}
