"""An OpenAPI document as text becomes plain data, within limits: JSON or YAML, nothing built, nothing fetched."""

import json
from typing import Any

import yaml

from storage.errors import TooLarge, UnreadableFile
from storage.records import Json

MOST_BYTES = 2_000_000
_DEEPEST = 60
_MOST_PARTS = 200_000
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_SAVE_AGAIN = "Take the document as the service offers it, OpenAPI 3.0 or 3.1 as JSON or YAML."


def read_document(data: bytes) -> Json:
    """Return the document as lists, dicts and values, of YAML as texts only; raise UserFault with a sentence."""
    if len(data) > MOST_BYTES:
        raise TooLarge(f"The document has more than {MOST_BYTES:,} bytes.", "Leave out what you do not need.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile("The document is no text in UTF-8.", _SAVE_AGAIN) from None
    found = _json(text) if text.lstrip().startswith("{") else _yaml(text)
    if not isinstance(found, dict):
        raise UnreadableFile("This is no OpenAPI document.", _SAVE_AGAIN)
    _refuse_other_versions(found)
    return found


def _refuse_other_versions(found: Json) -> None:
    if "swagger" in found:
        raise UnreadableFile(
            "This is the older kind of document, Swagger 2.",
            "Ask the service for OpenAPI 3, or turn the document into it with its own tools.",
        )
    if not str(found.get("openapi", "")).startswith(("3.0", "3.1")):
        raise UnreadableFile("This is no OpenAPI document of version 3.0 or 3.1.", _SAVE_AGAIN)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as fault:
        raise UnreadableFile(f"The JSON breaks off in line {fault.lineno}: {fault.msg}.", _SAVE_AGAIN) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or thousands of brackets
        raise UnreadableFile(
            "The JSON is nested too deeply, or holds a number that is too long.", _SAVE_AGAIN
        ) from None


def _yaml(text: str) -> Any:
    try:
        _refuse_bombs(text)
        loader = _LOADER(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as fault:
        line = f" in line {fault.problem_mark.line + 1}" if fault.problem_mark else ""
        raise UnreadableFile(f"The YAML can't be read{line}.", _SAVE_AGAIN) from None
    except yaml.YAMLError:
        raise UnreadableFile("The document can't be read as YAML.", _SAVE_AGAIN) from None


def _refuse_bombs(text: str) -> None:
    """Raise UserFault before anything is built: a few lines with aliases can stand for more than fits into memory."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER), start=1):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST or count > _MOST_PARTS:
            raise TooLarge(
                "The document is nested too deeply, or has too many parts.", "Leave out what you do not need."
            )
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableFile(
                f"Line {event.start_mark.line + 1} uses an alias of YAML (*name), which is not followed.",
                "Save the document as JSON, which has none.",
            )
