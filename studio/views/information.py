"""Whether the ways that were scored had the same information, said from the facts kept with their scores."""

from collections.abc import Callable, Mapping, Sequence

from storage.records import Json
from studio.wording import scores as words

_Tell = Callable[[Json], str]


def information(ways: Sequence[Json], names: Mapping[str, str]) -> str:
    """Return whether the ways had the same information; nothing where fewer than two had any beyond the model."""
    knowing = [way for way in ways if any(tell(way) for tell in (_examples, _documents, _tools))]
    if len(knowing) < 2:
        return ""
    tools = _grouped(knowing, names, _tools, words.could_use)
    if _same_rows(knowing):
        return " ".join([words.SAME_ROWS, *(f"{told}." for told in tools)])
    trained = _grouped(knowing, names, _examples, words.trained_on)
    read = _grouped(knowing, names, _documents, words.has_read)
    return f"{words.DIFFERENT}: {'; '.join([*trained, *read, *tools])}."


def _same_rows(ways: Sequence[Json]) -> bool:
    """Whether every way that was trained, and every one that read, had the rows of one and the same set of examples."""
    trained = {way["examples"]["id"] for way in ways if way.get("examples")}
    read = {way.get("rows_of") for way in ways if way.get("collection")}
    return len(trained) == 1 and read == trained


def _grouped(
    ways: Sequence[Json], names: Mapping[str, str], tell: _Tell, say: Callable[[Sequence[str], str], str]
) -> list[str]:
    """Say each thing once, with all the ways that had it."""
    things = list(dict.fromkeys(thing for way in ways if (thing := tell(way))))
    return [say([names[way["column_id"]] for way in ways if tell(way) == thing], thing) for thing in things]


def _examples(way: Json) -> str:
    examples = way.get("examples")
    if not examples:
        return ""
    return f"{examples['name']}, version {examples['version']}" if examples["name"] else words.DELETED_SINCE


def _documents(way: Json) -> str:
    return words.collection(way["collection"], way.get("documents", 0)) if way.get("collection") else ""


def _tools(way: Json) -> str:
    return words.tools(len(way["tools"])) if way.get("tools") else ""
