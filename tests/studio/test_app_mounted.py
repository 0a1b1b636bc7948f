import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from storage.settings import Settings
from storage.workspace import Workspace
from studio.session import COOKIE
from studio.wording import failures
from tests.conftest import PROJECT
from tests.studio.mounted import mounted, reading_pages

PASSWORD = "correct horse"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture(autouse=True)
def uploads_in_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the supervisor does it for the web process."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "home" / "gradio"))


@pytest.fixture
def seen() -> list[Any]:
    """The paths that the page's callback got."""
    return []


@pytest.fixture
def client(workspace: Workspace, seen: list[Any]) -> Iterator[TestClient]:
    with mounted(workspace, lambda: reading_pages(seen)) as opened:
        yield opened


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[TestClient]:
    """The application behind a password."""
    workspace = Workspace.open(Settings.model_validate({"home": tmp_path / "home", "password": PASSWORD}))
    with mounted(workspace) as opened:
        yield opened
    workspace.close()


def upload(client: TestClient, name: str, content: bytes) -> Any:
    return client.post("/gradio_api/upload", files={"files": (name, content)})


def event(client: TestClient, path: str) -> dict[str, Any]:
    """Hand `path` to the page's callback, as a browser would after an upload, and return what came of it."""
    body = {"fn_index": 0, "data": [{"path": path, "meta": {"_type": "gradio.FileData"}}], "session_hash": "abc"}
    client.post("/gradio_api/queue/join", json=body)
    with client.stream("GET", "/gradio_api/queue/data?session_hash=abc") as stream:
        for line in stream.iter_lines():
            if "process_completed" in line:
                return json.loads(line.removeprefix("data: "))
    raise AssertionError("the event never ended")


def test_the_page_its_scripts_and_our_assets_are_served(client: TestClient):
    page = client.get("/")
    assert page.status_code == 200
    assert "/assets/studio.js" in page.text
    assert client.get("/assets/studio.js").status_code == 200
    assert client.get("/assets/logo.svg").headers["content-type"] == "image/svg+xml"
    assert client.get("/assets/../pyproject.toml").status_code == 404
    script = next(part.split('"')[0] for part in page.text.split('src="./')[1:])
    assert client.get(f"/{script}").status_code == 200, "the pages' own scripts come from below /assets, too"


def test_health_is_always_told_and_names_each_part(client: TestClient):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["parts"] == {
        "web": {"state": "running"}, "worker": {"state": "stopped"}, "model": {"state": "stopped"},
    }  # fmt: skip


def test_neither_the_api_page_nor_the_history_of_calls_is_there(client: TestClient):
    config = client.get("/config").json()
    assert config["footer_links"] == []
    assert config["run_history"] is False
    assert config["show_error"] is False
    assert client.get("/gradio_api/openapi.json").status_code == 404
    assert client.get("/gradio_api/runs").status_code == 404


def test_an_uploaded_file_reaches_the_page_and_lies_in_home(client: TestClient, seen: list[Any], workspace: Workspace):
    (path,) = upload(client, "faq.csv", b"question,answer").json()
    assert event(client, path)["output"]["data"] == ["question,answer"]
    assert seen == [path]
    assert Path(path).is_relative_to(workspace.home / "gradio")


@pytest.mark.parametrize(
    "path", ["/etc/hostname", "{home}/triptych.db", "/proc/self/environ", "{home}/gradio/../triptych.db"]
)
def test_an_event_can_name_no_file_that_was_not_uploaded(
    client: TestClient, seen: list[Any], workspace: Workspace, path: str
):
    ended = event(client, path.format(home=workspace.home))
    assert ended["success"] is False
    assert ended["output"]["error"] is None, "the reason is for the log, not for whoever tries"
    assert seen == []


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "{home}/triptych.db", "/proc/self/environ", "..%2f..%2fetc%2fpasswd", "file:///etc/passwd", "/"],
)
def test_the_file_route_gives_only_uploads(client: TestClient, workspace: Workspace, path: str):
    answer = client.get(f"/gradio_api/file={path.format(home=workspace.home)}")
    assert answer.status_code in {403, 404}


def test_an_uploaded_picture_with_a_script_is_a_download_and_never_a_page(client: TestClient):
    (path,) = upload(client, "a.svg", SVG).json()
    event(client, path)
    answer = client.get(f"/gradio_api/file={path}")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_press_on_what_is_not_there_any_more_is_answered_in_words(client: TestClient):
    body = {"fn_index": 4711, "data": [], "session_hash": "abc"}
    answer = client.post("/gradio_api/queue/join", json=body)
    assert answer.status_code == 409
    assert answer.json() == {"detail": failures.OUTDATED}


def test_a_file_above_the_limit_is_refused(client: TestClient):
    assert upload(client, "big.csv", b"x" * (50 * 1024 * 1024 + 1)).status_code == 413


def test_no_other_origin_is_ever_allowed(client: TestClient):
    for origin in ("http://evil.example", "null", "http://localhost:3000"):
        answer = client.get("/config", headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers
        preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        assert "access-control-allow-origin" not in client.options("/gradio_api/queue/join", headers=preflight).headers


def test_with_a_password_no_route_answers_strangers(locked: TestClient):
    for path in (
        "/",
        "/config",
        "/gradio_api/info",
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/heartbeat/x",
        "/theme.css",
        "/assets/studio.js",
        "/downloads/adapters/0.zip",
        "/charts/run/0.svg",
        "/no-such-page",
    ):
        assert locked.get(path).status_code == 401, path
        assert locked.post(path).status_code == 401, path


def test_with_a_password_the_log_in_opens_the_pages(locked: TestClient):
    assert locked.get("/", headers={"Accept": "text/html"}).headers["location"] == "/login"
    assert locked.get("/healthz").status_code == 200
    locked.post("/login", data={"password": PASSWORD})
    assert COOKIE in locked.cookies
    assert locked.get("/").status_code == 200
    assert locked.get("/config").json()["username"] == "local"


def test_the_web_process_is_light(tmp_path: Path):
    script = (
        "import sys, psutil, studio.web\n"
        "heavy = [name for name in ('torch', 'transformers', 'trl', 'peft', 'scipy') if name in sys.modules]\n"
        "print(heavy, psutil.Process().memory_info().rss < 300 * 2**20)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.split("\n")[0] == "[] True"


def test_an_idle_studio_sleeps(client: TestClient) -> None:
    """A model that answers meanwhile needs every core; Gradio alone wakes up a thousand times a second."""
    assert client.get("/").status_code == 200
    time.sleep(0.5)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw
    time.sleep(3)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw - before < 3 * 250
