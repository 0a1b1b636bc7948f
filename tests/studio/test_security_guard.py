from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from storage.errors import NotAllowed
from storage.settings import Settings
from studio.security import REFUSED_VARIABLES, Guard, refuse_unsafe


def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.url.path)


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    app = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST", "PUT", "DELETE"])])
    settings = Settings(home=tmp_path, allowed_hosts="Studio.example.org, other.example.org")
    return TestClient(Guard(app, settings), base_url="http://127.0.0.1:7860")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:7860", "localhost:7860", "[::1]:7860", "studio.example.org", "STUDIO.EXAMPLE.ORG"]
)
def test_known_hosts_are_served(client: TestClient, host: str):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "studio.example.org.evil", "", "127.0.0.2", "[::2]", "0.0.0.0"]
)
def test_a_host_that_nobody_allowed_is_refused(client: TestClient, host: str):
    assert client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "http://localhost:7860"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:7860", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_sites_change_nothing_here(client: TestClient, method: str, headers: dict[str, str]):
    assert client.request(method, "/gradio_api/queue/join", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://127.0.0.1:7860", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Host": "127.0.0.1:7860", "Origin": "https://studio.example.org"},
    ],
)
def test_our_own_pages_may_change_things(client: TestClient, headers: dict[str, str]):
    assert client.post("/gradio_api/queue/join", headers=headers).status_code == 200


def test_a_link_from_elsewhere_may_be_followed(client: TestClient):
    assert client.get("/compare", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/file=http://127.0.0.1:22/",
        "/gradio_api/file=https://example.org/x",
        "/gradio_api/openapi.json",
        "/gradio_api/vibe-code/",
        "/gradio_api/process_recording",
        "/gradio_api/%70roxy=http://127.0.0.1/",
        "/monitoring/summary",
    ],
)
def test_routes_that_no_page_uses_are_closed(client: TestClient, path: str):
    assert client.get(path).status_code == 404


def test_every_answer_carries_the_headers_refusals_too(client: TestClient):
    answers = [client.get("/"), client.get("/", headers={"Host": "evil.example"}), client.get("/monitoring")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "unsafe-eval" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "img-src 'self' data: blob:" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "access-control-allow-origin" not in answer.headers


def test_files_of_people_are_never_run_as_pages(client: TestClient):
    for path in ("/gradio_api/file=/x/a.svg", "/downloads/answers/1.csv", "/charts/run/1.svg"):
        assert "sandbox" in client.get(path).headers["content-security-policy"]


def test_more_than_the_limit_is_refused_before_it_is_read(client: TestClient):
    assert client.post("/upload", headers={"Content-Length": str(201 * 1024 * 1024)}).status_code == 413
    assert client.post("/upload", headers={"Transfer-Encoding": "chunked"}).status_code == 411


def test_the_safe_default_starts():
    refuse_unsafe(Settings(), {"GRADIO_SHARE": "False", "GRADIO_DEBUG": "0", "PATH": "/usr/bin"})


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"host": "0.0.0.0"}, "password"),
        ({"host": "0.0.0.0", "password": "long enough"}, "names"),
        ({"host": "192.168.1.5", "allowed_hosts": "studio"}, "password"),
        ({"password": "short"}, "shorter"),
    ],
)
def test_an_open_studio_refuses_to_start(values: dict[str, str], word: str):
    with pytest.raises(NotAllowed, match=word):
        refuse_unsafe(Settings.model_validate(values), {})


@pytest.mark.parametrize("name", REFUSED_VARIABLES)
def test_variables_that_open_other_doors_are_refused(name: str):
    with pytest.raises(NotAllowed, match=name):
        refuse_unsafe(Settings(), {name: "1"})


def test_a_protected_wide_bind_is_allowed():
    settings = Settings.model_validate(
        {"host": "0.0.0.0", "password": "long enough", "allowed_hosts": "studio.example.org"}
    )
    refuse_unsafe(settings, {})
