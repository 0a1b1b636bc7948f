"""What every request passes before any page or route: known host, same origin, closed doors, safe headers."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.errors import NotAllowed
from storage.settings import Settings

# Each would open a door past our own ones: a public tunnel, files, code on the page, a second server, other origins.
REFUSED_VARIABLES = (
    "GRADIO_SHARE",
    "GRADIO_ALLOWED_PATHS",
    "GRADIO_VIBE_MODE",
    "GRADIO_DEBUG",
    "GRADIO_MCP_SERVER",
    "GRADIO_LOCAL_DEV_MODE",
)
_OFF = {"", "0", "false", "no"}
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_MOST_BYTES_IN_A_REQUEST = 200 * 1024 * 1024  # several files at once; each has its own limit, too

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
# What people uploaded is never run as a page, not even when its address is opened by hand.
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
_FILE_ROUTES = ("/gradio_api/file", "/downloads/", "/charts/")

# Routes of Gradio that the pages do not use: fetching for others, its API pages, its own log-in, its editor.
_CLOSED = (
    "/gradio_api/proxy=",
    "/gradio_api/file=http:",
    "/gradio_api/file=https:",
    "/gradio_api/openapi.json",
    "/gradio_api/api/",
    "/gradio_api/call",
    "/gradio_api/dev/",
    "/gradio_api/deep_link",
    "/gradio_api/process_recording",
    "/gradio_api/vibe",
    "/gradio_api/undo-vibe",
    "/gradio_api/profiling",
    "/gradio_api/token",
    "/gradio_api/stream",
    "/gradio_api/custom_component",
    "/monitoring",
)


def refuse_unsafe(settings: Settings, environment: Mapping[str, str]) -> None:
    """Raise NotAllowed where the settings would open the studio to people who should not see it."""
    if not settings.loopback and settings.password is None:
        raise NotAllowed(
            f"TRIPTYCH_HOST={settings.host} would let everyone in this network in, without a password.",
            "Set TRIPTYCH_PASSWORD and TRIPTYCH_ALLOWED_HOSTS, or leave TRIPTYCH_HOST out.",
        )
    if not settings.loopback and not allowed_hosts(settings):
        raise NotAllowed(
            f"TRIPTYCH_HOST={settings.host} needs the names under which others reach this studio.",
            "Set TRIPTYCH_ALLOWED_HOSTS, for example to studio.example.org.",
        )
    if settings.password is not None and len(settings.password.get_secret_value()) < 8:
        raise NotAllowed("TRIPTYCH_PASSWORD is shorter than 8 characters.", "Choose a longer password.")
    for name in REFUSED_VARIABLES:
        if environment.get(name, "").strip().lower() not in _OFF:
            raise NotAllowed(f"{name} is set; it would open this studio to others.", f"Run `unset {name}` first.")


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """Return the host names, beside loopback, under which the studio may be asked for; lower case, without port."""
    return frozenset(name.strip().lower() for name in settings.allowed_hosts.split(",") if name.strip())


class Guard:
    """ASGI middleware that refuses foreign hosts and origins and closed routes, and sets the headers of every answer.

    It looks at each message by itself, so streamed answers keep streaming.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._others = allowed_hosts(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here with a refusal."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        policed = _with_headers(send, _policy_for(scope["path"]))
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, policed)
        else:
            await refusal(scope, receive, policed)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        if not self._known(_without_port(host)):
            return PlainTextResponse("This studio is not served under that name.", 421)
        if scope["method"] not in _SAFE_METHODS and not self._same_origin(headers, host):
            return PlainTextResponse("Refused: the request comes from another site.", 403)
        if scope["path"].startswith(_CLOSED):
            return PlainTextResponse("Not found.", 404)
        return _too_long(headers)

    def _known(self, name: str) -> bool:
        return name in _LOOPBACK or name in self._others

    def _same_origin(self, headers: Headers, host: str) -> bool:
        if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            return False
        origin = headers.get("origin")
        if origin is None:
            return True
        netloc = urlsplit(origin.lower()).netloc
        # A proxy in front may exchange the Host header; the names it serves stand in the settings.
        return netloc == host or _without_port(netloc) in self._others


def _too_long(headers: Headers) -> PlainTextResponse | None:
    if "transfer-encoding" in headers:
        return PlainTextResponse("The request must say how long it is.", 411)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > _MOST_BYTES_IN_A_REQUEST:
        return PlainTextResponse("These files are larger than 200 MB together. Upload fewer at a time.", 413)
    return None


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _policy_for(path: str) -> str:
    return _FILE_POLICY if path.startswith(_FILE_ROUTES) else CONTENT_SECURITY_POLICY


def _with_headers(send: Send, policy: str) -> Send:
    async def policed(message: Message) -> None:
        if message["type"] == "http.response.start":
            message.setdefault("headers", [])
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = policy
            headers["X-Content-Type-Options"] = "nosniff"
            headers["X-Frame-Options"] = "DENY"
            headers["Referrer-Policy"] = "no-referrer"
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
        await send(message)

    return policed
