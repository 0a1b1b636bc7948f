"""The shared password: a log-in page, a session cookie, a lock-out, and the gate before every other route."""

import hashlib
import hmac
import json
import secrets
from collections import OrderedDict
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from storage.files import write_atomically

COOKIE = "triptych_session"
_LIFETIME_S = 14 * 24 * 3600
_BAD_LOGINS = 20
_LOCKED_FOR_S = 15 * 60
_REMEMBERED_CLIENTS = 10_000
_OPEN_PATHS = {"/login", "/healthz", "/assets/logo.svg"}


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
        self._expiry[self._hash(session_id)] = now + _LIFETIME_S
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


def login_routes(sessions: Sessions) -> APIRouter:
    """Return the routes that show the log-in page, log in and log out."""
    router = APIRouter(include_in_schema=False)

    @router.get("/login")
    def show() -> HTMLResponse:
        return _page()

    @router.post("/login")
    def log_in(request: Request, password: Annotated[str, Form(max_length=1000)] = "") -> Response:
        client = request.client.host if request.client else ""
        session_id = sessions.log_in(password, client)
        if session_id is None and sessions.locked(client):
            return _page("Too many wrong passwords. Wait 15 minutes, then try again.", 429)
        if session_id is None:
            return _page("That is not the password. Ask the person who runs this studio.", 401)
        sessions.log_out(request.cookies.get(COOKIE))
        answer = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, session_id, max_age=_LIFETIME_S, httponly=True, samesite="lax", secure=secure)
        return answer

    @router.get("/logout")
    def ask() -> HTMLResponse:
        return HTMLResponse(_PAGE.format(title="Log out of Triptych", body=_LEAVE))

    @router.post("/logout")
    def log_out(request: Request) -> Response:
        sessions.log_out(request.cookies.get(COOKIE))
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return answer

    return router


def _page(problem: str = "", status: int = 200) -> HTMLResponse:
    notice = f'<p role="alert" id="problem">{escape(problem)}</p>' if problem else ""
    described = ' aria-describedby="problem" aria-invalid="true"' if problem else ""
    body = notice + _ENTER.format(described=described)
    return HTMLResponse(_PAGE.format(title="Log in to Triptych", body=body), status)


_ENTER = """<form method="post" action="/login">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus{described}>
<button>Log in</button>
</form>"""

_LEAVE = """<form method="post" action="/logout">
<p>What you made stays here. To come back you need the password.</p>
<button>Log out</button>
</form>
<p><a href="/">Stay</a></p>"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/assets/logo.svg">
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: #F6F7F9; color: #1B2430;
  font: 16px/1.5 system-ui, sans-serif; }}
main {{ width: min(22rem, 90vw); padding: 24px; border-radius: 8px; background: #FFFFFF; box-shadow: 0 1px 4px #0003; }}
h1 {{ margin: 0 0 16px; font-size: 22px; }}
label, input, button {{ display: block; width: 100%; box-sizing: border-box; font: inherit; }}
input {{ margin: 4px 0 16px; padding: 8px; border: 1px solid #4A5565; border-radius: 8px; background: inherit;
  color: inherit; }}
button {{ padding: 10px; border: 0; border-radius: 8px; background: #3F48C8; color: #FFFFFF; cursor: pointer; }}
:focus-visible {{ outline: 3px solid #3F48C8; outline-offset: 2px; }}
a {{ color: inherit; }}
[role=alert] {{ margin: 0 0 16px; color: #A11A2B; }}
@media (prefers-color-scheme: dark) {{
  body {{ background: #12161C; color: #EEF2F7; }}
  main {{ background: #1B222C; }}
  [role=alert] {{ color: #FF9AA5; }}
  :focus-visible {{ outline-color: #AEB4FF; }}
}}
</style>
</head>
<body>
<main>
<h1>Triptych</h1>
{body}
</main>
</body>
</html>
"""
