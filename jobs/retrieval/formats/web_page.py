"""Read what a web page shows: no scripts, no styles, no comments, nothing that is hidden from its readers."""

import codecs
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from jobs.intake.encodings import encoding_of
from jobs.retrieval.formats.seen import Seen, visible
from jobs.retrieval.formats.web_blocks import INLINE, Blocks

_HEAD_BYTES = 4096
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_SCRIPTS = frozenset({"script", "style"})
# Parts that hold no text to read, or the same on every page.
_LEFT_OUT = _SCRIPTS | frozenset({"template", "noscript", "nav", "svg", "math", "object", "iframe", "canvas", "audio"})
_FIELDS = frozenset({"video", "select", "button", "textarea", "datalist"})
_ALONE = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:font-size|opacity)\s*:\s*0(?:\.0+)?(?![\d.])"
    r"|(?:^|;)\s*color\s*:\s*transparent",
    re.IGNORECASE,
)
_LONGEST_TITLE = 300


def read_web_page(path: Path, name: str) -> Seen:
    """Return the visible text of an HTML file as Markdown; raise UnreadableFile or TooLarge with a sentence."""
    page = _Page(name)
    page.feed(path.read_bytes().decode(_encoding(path, name), errors="replace"))
    page.close()
    return Seen(page.written(), hidden=page.hidden)


def _encoding(path: Path, name: str) -> str:
    """Return the encoding that the page itself names, where it holds, else the likeliest."""
    with path.open("rb") as stream:
        named = _CHARSET.search(stream.read(_HEAD_BYTES))
    if named:
        try:
            codec = codecs.lookup(named[1].decode()).name
            path.read_bytes().decode(codec)
            return codec
        except (LookupError, UnicodeError, ValueError):
            pass  # the page is not in the encoding that it names
    return encoding_of(path, name)[0]


class _Page(HTMLParser):
    """Passes on what is visible of a page as it comes by."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.hidden: Counter[str] = Counter()
        self._blocks = Blocks(name)
        self._title = ""
        self._in_title = False
        self._unseen, self._depth = "", 0

    def written(self) -> str:
        """Return the whole page; its title leads where it has no heading of its own."""
        text = self._blocks.written()
        title = " ".join(self._title.split())
        return f"# {title}\n\n{text}" if title and text and not self._blocks.headed else text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what the tag stands for."""
        if self._unseen == "p" and tag not in INLINE:
            self._unseen = ""  # a paragraph holds no blocks: the next one ends it
        if self._unseen:
            self._depth += tag == self._unseen
        elif tag == "title":
            self._in_title = True
        elif tag in _ALONE:
            self._blocks.alone(tag)
        elif _is_unseen(dict(attrs)) or tag in _LEFT_OUT or tag in _FIELDS:
            self._count(tag, dict(attrs))
            self._unseen, self._depth = tag, 1
        else:
            self._blocks.begin(tag)

    def handle_endtag(self, tag: str) -> None:
        """End what the tag stands for."""
        if self._unseen:
            self._depth -= tag == self._unseen
            self._unseen = self._unseen if self._depth else ""
        elif tag == "title":
            self._in_title = False
        else:
            self._blocks.end(tag)

    def handle_data(self, data: str) -> None:
        """Take text in."""
        if self._unseen:
            return
        text = visible(data, self.hidden)
        if self._in_title:
            self._title = (self._title + text)[:_LONGEST_TITLE]
        else:
            self._blocks.text(text)

    def handle_comment(self, data: str) -> None:
        """Count a comment."""
        self.hidden["comment"] += 1

    def _count(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in _SCRIPTS:
            self.hidden["script"] += 1
        elif tag == "template" or _is_unseen(attributes):
            self.hidden["part"] += 1


def _is_unseen(attributes: dict[str, str | None]) -> bool:
    return "hidden" in attributes or bool(_UNSEEN.search(attributes.get("style") or ""))
