"""A sample company for tests: an order book of three orders, its service as a real process, and a stand-in for it."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from storage.announcing import Announced, announcing, note_of, read_note
from storage.sample import mark_opened
from tests.conftest import PROJECT

COURSE = [["being packed", 0.5], ["out for delivery", 1.5], ["delivered", None]]
ORDERS = [
    {"order": "LC-4101", "customer": "Ada Holm", "product": "City helmet, size M", "total": 129.0, "placed": 2,
     "carrier": "Greenline", "course": COURSE},
    {"order": "LC-4102", "customer": "Ben Oduya", "product": "Cargo bike", "total": 3499.5, "placed": 0,
     "carrier": "Bluebird", "course": [["waiting for parts", None]]},
    {"order": "LC-4105", "customer": "Cy Tran", "product": "Bell", "total": 12.0, "placed": 40,
     "carrier": "Greenline", "course": [["delivered", None]]},
]  # fmt: skip


def write_book(folder: Path, orders: object = ORDERS) -> Path:
    """Write an order book and return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "orders.json"
    file.write_text(json.dumps(orders))
    return file


def start_service(home: Path, book: Path) -> subprocess.Popen[str]:
    """Start the order service of a home."""
    command = [sys.executable, "-m", "jobs.sample", "--book", str(book)]
    variables = {**os.environ, "TRIPTYCH_HOME": str(home)}
    return subprocess.Popen(command, cwd=PROJECT, env=variables, stderr=subprocess.PIPE, text=True)


def announced(home: Path, unlike: Announced | None = None) -> Announced:
    """Wait until a service of the home says where it is, another one than `unlike`."""
    until = time.monotonic() + 60
    while (told := read_note(note_of(home, "orders"))) in (None, unlike):
        assert time.monotonic() < until, "the order service did not start"
        time.sleep(0.05)
    return told


@contextmanager
def service(home: Path, hours_ago: float = 0.0) -> Iterator[Announced]:
    """Open the sample as if `hours_ago`, and serve its orders while the block lasts."""
    mark_opened(home, time.time() - hours_ago * 3600)
    process = start_service(home, write_book(home / "book"))
    try:
        yield announced(home)
    finally:
        process.kill()
        process.communicate()


REFUNDED = {
    "order": "LC-4101", "customer": "Ada Holm", "product": "City helmet", "total": 129.0, "placed": "2026-02-28",
    "carrier": "Greenline", "status": "delivered", "refunded_at": "2026-03-02T12:00:00+00:00",
}  # fmt: skip


@contextmanager
def standing_in(
    home: Path,
    status: int = 200,
    body: bytes = json.dumps(REFUNDED).encode(),
    before: Callable[[], object] = lambda: None,
    **headers: str,
) -> Iterator[list[str]]:
    """Stand in for the order service with one answer, given after `before`; gives the paths that were asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            before()
            if status == 0:
                return  # hangs up
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with announcing(note_of(home, "orders"), Announced(f"http://127.0.0.1:{server.server_port}", "t")):
            yield asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
