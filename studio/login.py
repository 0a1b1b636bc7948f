"""The pages on which people log in and out, plain and without a script."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from studio.session import COOKIE, LIFETIME_S, Sessions


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
        answer.set_cookie(COOKIE, session_id, max_age=LIFETIME_S, httponly=True, samesite="lax", secure=secure)
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
