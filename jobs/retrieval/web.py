"""A web page as a document: fetched within limits, kept as a file like one that was uploaded, under its title."""

import codecs
import html
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from jobs.fetching.fetch import Asked, Fetched, Network, fetch, refuse_at_sight
from jobs.fetching.rules import FetchFault, Rules
from jobs.queue import Queue
from jobs.requests import Index
from storage.errors import NotFound
from storage.fetched import FetchedPage
from storage.uploads import keep_upload, shown_name
from storage.workspace import Workspace

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
}
_RULES = Rules(
    frozenset(_SUFFIXES), most_bytes=20_000_000, limit_s=20, redirects=3, schemes=frozenset(("https", "http"))
)
_HEAD_BYTES = 65_536
_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{1,1000})</title", re.IGNORECASE)
_OWN_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=|^\xef\xbb\xbf", re.IGNORECASE)
_LONGEST_TITLE = 80
_REFUSALS = {
    HTTPStatus.UNAUTHORIZED: "shows this page only to people who have logged in",
    HTTPStatus.FORBIDDEN: "does not let this page be read",
    HTTPStatus.NOT_FOUND: "has no such page",
    HTTPStatus.GONE: "has no such page any more",
    HTTPStatus.TOO_MANY_REQUESTS: "was asked too often; wait a while",
}
SAVE_IT = "Open it in your browser, save it, and add the file."


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was fetched: its file relative to home, its name among the documents, and where it is from."""

    path: str
    name: str
    origin: FetchedPage


def is_web_address(text: str) -> bool:
    """Whether a text is an address of a web page and no file."""
    return text.strip().lower().startswith(("https://", "http://"))


def fetch_page(
    workspace: Workspace,
    collection: str,
    address: str,
    network: Network | None = None,
    waiting: Mapping[str, str] | None = None,
) -> Page:
    """Fetch a page and keep it as a file under its title, or under the name that a document of its address has already.

    `waiting` are the names, with their addresses, of pages that are fetched and not read yet.
    Raises FetchFault in a sentence: where the address may not be asked, nobody answers, or no page comes.
    """
    return keep_page(workspace, collection, ask_for_page(address, network), waiting or {})


def address_of(written: str) -> str:
    """Return a written address in full; raise FetchFault where it is seen, without asking anybody, that it is none."""
    url = written.strip() if "://" in written else f"https://{written.strip()}"
    refuse_at_sight(url, _RULES)
    return url


def ask_for_page(address: str, network: Network | None = None) -> tuple[str, Fetched]:
    """Return a page and its address in full; raise FetchFault."""
    url = address_of(address)
    fetched = fetch(Asked(url), _RULES, network)
    if fetched.status != HTTPStatus.OK:
        raise _refused(fetched)
    # As it was written: what it is sent on to may last for a moment only.
    return url, fetched


def keep_page(workspace: Workspace, collection: str, asked: tuple[str, Fetched], waiting: Mapping[str, str]) -> Page:
    """Keep a page as a file; `waiting` are the names, with their addresses, of what is not read yet."""
    url, fetched = asked
    origin = FetchedPage(url, workspace.clock())
    held = {**_held(workspace, collection), **waiting}
    called = next((one for one, known in held.items() if known == url), None) or _free_name(held, _name(fetched), url)
    with tempfile.TemporaryDirectory(dir=workspace.folder("run")) as folder:
        file = Path(folder) / f"page{_SUFFIXES[fetched.kind]}"
        file.write_bytes(_in_its_encoding(fetched))
        return Page(keep_upload(workspace, file), called, origin)


def reading_of(page: Page, collection: str) -> Index:
    """Return the reading of a page into a collection, to be asked of the queue."""
    origin = (page.origin.address, page.origin.fetched_at)
    return Index(collection=collection, files=((page.path, page.name),), fetched={page.name: origin})


def _refused(fetched: Fetched) -> FetchFault:
    host = urlsplit(fetched.url).hostname
    if why := _REFUSALS.get(HTTPStatus(fetched.status)) if fetched.status in set(HTTPStatus) else None:
        return FetchFault(f"{host} {why}.", "Check the address, or: " + SAVE_IT[0].lower() + SAVE_IT[1:])
    if fetched.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return FetchFault(f"{host} is out of order ({fetched.status}).", "Try again later.")
    return FetchFault(f"{host} sends no page ({fetched.status}).", SAVE_IT)


def _name(fetched: Fetched) -> str:
    """Return what to call a page: its title, else the last part of its address, with the ending of its kind."""
    suffix = _SUFFIXES[fetched.kind]
    title = _title(fetched) if suffix == ".html" else ""
    parts = urlsplit(fetched.url)
    last = PurePosixPath(unquote(parts.path)).name
    stem = title or last.removesuffix(suffix) or parts.hostname or "page"
    plain = " ".join("".join(one if one.isprintable() and one not in "/\\" else " " for one in stem).split())
    return f"{plain[:_LONGEST_TITLE].rstrip()}{suffix}"


def _title(fetched: Fetched) -> str:
    found = _TITLE.search(fetched.body[:_HEAD_BYTES].decode(_codec(fetched), errors="replace"))
    return html.unescape(found[1]).strip() if found else ""


def _codec(fetched: Fetched) -> str:
    try:
        return codecs.lookup(fetched.charset or "utf-8").name
    except LookupError:
        return "utf-8"


def _in_its_encoding(fetched: Fetched) -> bytes:
    """Return the bytes so that a reader of files finds their encoding, which only the answer's head may have named."""
    named = fetched.charset and fetched.kind != "application/pdf"
    if not named or _OWN_CHARSET.search(fetched.body[:4096]):
        return fetched.body
    try:
        return fetched.body.decode(_codec(fetched)).encode()
    except UnicodeError:
        return fetched.body


def _held(workspace: Workspace, collection: str) -> dict[str, str]:
    """The names of the documents that are there, with their addresses, empty for a file."""
    origins = workspace.fetched.of(collection)
    try:
        held = workspace.collections.documents(collection)
    except NotFound:
        return {}
    return {one.name: origins[one.id].address if one.id in origins else "" for one in held}


def waiting_pages(queue: Queue, collection: str) -> dict[str, str]:
    """Return the names, with their addresses, of what is still to be read into a collection."""
    jobs = [job.spec for job in queue.unfinished() if job.kind == "index" and job.spec["collection"] == collection]
    return {name: spec.get("fetched", {}).get(name, [""])[0] for spec in jobs for _, name in spec["files"]}


def _free_name(held: Mapping[str, str], name: str, address: str) -> str:
    """Return the name, or one with the address where another document has it: pages of a site may share a title."""
    if name not in held:
        return name
    stem, suffix = Path(name).stem, Path(name).suffix
    short = re.sub(r"[/\\?&=#%]+", " ", address.partition("://")[2]).strip()
    return shown_name(Path(f"{stem} ({short[-(120 - len(stem)) :]}){suffix}"))
