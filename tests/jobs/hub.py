"""A folder that plays a model hub on loopback: files at pinned revisions, with the ways in which a hub can fail."""

import dataclasses
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from jobs.models.catalogue import HubSource, ModelEntry, SourceFile, entry


@dataclass
class Hub:
    """What the hub gives, how it misbehaves, and what it was asked for."""

    folder: Path
    url: str = ""
    refuses: int = 0  # a status for every request
    breaks_after: int = 0  # bytes of a file after which the connection drops
    breaks: int = 0  # how often it still does
    resumes: bool = True
    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)  # path, range, authorization

    def names(self) -> list[str]:
        """The names of the files asked for, in order."""
        return [path.rsplit("/", 1)[-1] for path, _, _ in self.asked]


@contextmanager
def playing(folder: Path) -> Iterator[Hub]:
    """Serve `folder` as a hub would until the end of the block."""
    hub = Hub(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hub.asked.append((self.path, self.headers.get("Range"), self.headers.get("Authorization")))
            if self.path.startswith("/api/models/") and not hub.refuses:
                self._give(json.dumps(told_files(hub.folder)).encode())
                return
            file = hub.folder / self.path.rsplit("/", 1)[-1]
            if hub.refuses or not file.is_file():
                self.send_error(hub.refuses or 404)
                return
            self._give(file.read_bytes())

        def _give(self, content: bytes) -> None:
            asked = self.headers.get("Range")
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and hub.resumes else 0
            rest = content[start:]
            self.send_response(206 if asked and hub.resumes else 200)
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            if hub.breaks and len(rest) > hub.breaks_after:
                hub.breaks -= 1
                rest = rest[: hub.breaks_after]
            self.wfile.write(rest)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


COMMIT = "0123456789abcdef0123456789abcdef01234567"


def told_files(folder: Path) -> dict[str, object]:
    """Return what a hub's API tells of a repository: large files with their sha256, small ones as git names them."""
    return {"sha": COMMIT, "siblings": [_told(path) for path in sorted(folder.iterdir())]}


def _told(path: Path) -> dict[str, object]:
    content = path.read_bytes()
    told: dict[str, object] = {"rfilename": path.name, "size": len(content)}
    if path.suffix == ".safetensors":
        return {**told, "lfs": {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}}
    return {**told, "blobId": hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()}


def unlisted(*, gated: bool = False, model: str = "qwen3-0.6b") -> ModelEntry:
    """Return the catalogue's entry of a model whose files the hub tells."""
    known = entry(model)
    assert isinstance(known.source, HubSource)
    assert not known.source.files
    return dataclasses.replace(known, source=dataclasses.replace(known.source, gated=gated))


def listed(folder: Path, *, gated: bool = False, model: str = "smollm2-360m") -> ModelEntry:
    """Return the catalogue's entry of `model` as if it consisted of the files in `folder`."""
    known = entry(model)
    assert isinstance(known.source, HubSource)
    files = tuple(
        SourceFile(path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.iterdir())
        if path.suffix in {".json", ".jinja", ".safetensors"}
    )
    return dataclasses.replace(known, source=dataclasses.replace(known.source, files=files, gated=gated))
