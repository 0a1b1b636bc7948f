"""The shared password: who has given it, who is locked out, and the gate before every other route."""

import hashlib
import hmac
import json
import secrets
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from storage.files import write_atomically

COOKIE = "triptych_session"
LIFETIME_S = 14 * 24 * 3600
_BAD_LOGINS = 20
_LOCKED_FOR_S = 15 * 60
_REMEMBERED_CLIENTS = 10_000
# The routes below /v1 are for programs, and each of them wants a token.
_FOR_PROGRAMS = {"/v1/models", "/v1/chat/completions", "/v1/embeddings"}
_OPEN_PATHS = {"/login", "/healthz", "/assets/logo.svg"} | _FOR_PROGRAMS


class Sessions:
    """Who has given the password. Ids are kept as keyed hashes, so the file is worthless to whoever reads it.

    They outlive the web process; another password ends them all.
    """

    def __init__(self, password: str, file: Path, clock: Callable[[], float]) -> None:
        self._password = password.encode()
        self._file = file
        self._clock = clock
        self._expiry: dict[str, float] = _read(file)
        self._bad: OrderedDict[str, list[float]] = OrderedDict()

    def log_in(self, password: str, client: str) -> str | None:
        """Return a new session id where the password is right; None where it is wrong or `client` is locked out."""
        if self.locked(client):
            return None
        if not hmac.compare_digest(password.encode(), self._password):
            self._remember_bad(client)
            return None
        self._bad.pop(client, None)
        session_id = secrets.token_urlsafe(32)
        now = self._clock()
        self._expiry = {kept: end for kept, end in self._expiry.items() if end > now}
        self._expiry[self._hash(session_id)] = now + LIFETIME_S
        self._write()
        return session_id

    def locked(self, client: str) -> bool:
        """Whether `client` gave too many wrong passwords lately."""
        recent = [at for at in self._bad.get(client, []) if at > self._clock() - _LOCKED_FOR_S]
        return len(recent) >= _BAD_LOGINS

    def valid(self, session_id: str | None) -> bool:
        """Whether the id belongs to a session that has neither ended nor expired."""
        return session_id is not None and self._expiry.get(self._hash(session_id), 0.0) > self._clock()

    def log_out(self, session_id: str | None) -> None:
        """End the session."""
        if session_id is not None and self._expiry.pop(self._hash(session_id), None) is not None:
            self._write()

    def _hash(self, session_id: str) -> str:
        return hmac.new(self._password, session_id.encode(), hashlib.sha256).hexdigest()

    def _remember_bad(self, client: str) -> None:
        self._bad.setdefault(client, []).append(self._clock())
        self._bad[client] = self._bad[client][-_BAD_LOGINS:]
        while len(self._bad) > _REMEMBERED_CLIENTS:
            self._bad.popitem(last=False)

    def _write(self) -> None:
        write_atomically(self._file, json.dumps(self._expiry).encode())


def _read(file: Path) -> dict[str, float]:
    return json.loads(file.read_bytes()) if file.is_file() else {}


class Gate:
    """ASGI middleware that lets nobody past without a session; people get the log-in page, programs a 401."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when its session is valid or its path is open to everyone."""
        if scope["type"] != "http" or scope["path"] in _OPEN_PATHS or self._known(scope):
            await self._app(scope, receive, send)
            return
        wants_page = "text/html" in HTTPConnection(scope).headers.get("accept", "")
        answer: Response = JSONResponse({"error": "Log in first."}, 401)
        if wants_page and scope["method"] == "GET":
            answer = RedirectResponse("/login", 303)
        await answer(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        return self._sessions.valid(HTTPConnection(scope).cookies.get(COOKIE))
