"""What the styles of a Word document say: which paragraphs are headings, and which text is hidden."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.parsers import expat
from zipfile import ZipFile

from jobs.intake.readers.archives import chunks

_STYLES = "word/styles.xml"
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_OFF = frozenset({"0", "false", "off"})
_MOST_ABOVE = 20


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph or a run is set: `level` 1 to 9 for a heading, 0 for other text."""

    level: int = 0
    hidden: bool = False
    above: str = ""


def local(qualified: str) -> str:
    """Return the name of an element or attribute without its prefix."""
    return qualified.rpartition(":")[2]


def is_on(attributes: Mapping[str, str]) -> bool:
    """Return whether an element that switches something on is not written to switch it off."""
    return attributes.get("val", "1").lower() not in _OFF


def read_styles(archive: ZipFile) -> dict[str, Style]:
    """Return the styles by id, each with what it takes over from the style that it is based on."""
    if _STYLES not in archive.namelist():
        return {}
    found: dict[str, Style] = {}
    current = [""]

    def begin(qualified: str, written: dict[str, str]) -> None:
        tag, attributes = local(qualified), {local(key): value for key, value in written.items()}
        if tag == "style":
            current[0] = attributes.get("styleId", "")
            found[current[0]] = Style()
        elif current[0]:
            found[current[0]] = _changed(found[current[0]], tag, attributes)

    def end(qualified: str) -> None:
        if local(qualified) == "style":
            current[0] = ""

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    for piece in chunks(archive, archive.getinfo(_STYLES)):
        parser.Parse(piece)
    parser.Parse(b"", True)
    return {name: _whole(style, found) for name, style in found.items()}


def _changed(style: Style, tag: str, attributes: Mapping[str, str]) -> Style:
    value = attributes.get("val", "")
    heading = _HEADING.fullmatch(value)
    if tag == "name" and (heading or value.lower() == "title"):
        return replace(style, level=int(heading[1]) if heading else 1)
    if tag == "outlineLvl" and value in set("012345678"):
        return replace(style, level=int(value) + 1)
    if tag == "basedOn":
        return replace(style, above=value)
    return replace(style, hidden=is_on(attributes)) if tag == "vanish" else style


def _whole(style: Style, found: Mapping[str, Style]) -> Style:
    above = style
    for _ in range(_MOST_ABOVE):
        if not above.above or above.above not in found:
            break
        above = found[above.above]
        style = replace(style, level=style.level or above.level, hidden=style.hidden or above.hidden)
    return style
