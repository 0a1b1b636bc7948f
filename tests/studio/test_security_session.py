from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from studio.login import login_routes
from studio.session import COOKIE, Gate, Sessions

PASSWORD = "correct horse"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(tmp_path: Path, clock: Clock) -> Sessions:
    return Sessions(PASSWORD, tmp_path / "sessions.json", clock)


def client_of(sessions: Sessions, base_url: str = "http://127.0.0.1:7860") -> TestClient:
    app = FastAPI()
    app.get("/")(lambda: "the page")
    app.post("/gradio_api/queue/join")(lambda: "joined")
    app.get("/healthz")(lambda: "healthy")
    app.include_router(login_routes(sessions))
    app.add_middleware(Gate, sessions=sessions)
    return TestClient(app, base_url=base_url, follow_redirects=False)


def log_in(client: TestClient, password: str = PASSWORD):
    return client.post("/login", data={"password": password})


def test_without_a_session_people_get_the_login_page_and_programs_a_401(sessions: Sessions):
    client = client_of(sessions)
    page = client.get("/", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login")
    assert client.get("/").status_code == 401
    assert client.post("/gradio_api/queue/join", headers={"Accept": "text/html"}).status_code == 401
    assert client.get("/healthz").status_code == 200
    assert 'type="password"' in client.get("/login").text


def test_the_password_opens_every_route_until_logout(sessions: Sessions):
    client = client_of(sessions)
    assert log_in(client).status_code == 303
    assert client.get("/").status_code == 200
    kept = client.cookies[COOKIE]
    assert 'action="/logout"' in client.get("/logout").text
    assert client.get("/").status_code == 200, "looking at the log-out page ends nothing"
    client.post("/logout")
    client.cookies.set(COOKIE, kept)
    assert client.get("/").status_code == 401


def test_a_wrong_password_is_told_in_words_and_opens_nothing(sessions: Sessions):
    client = client_of(sessions)
    answer = log_in(client, "<script>alert(1)</script>")
    assert answer.status_code == 401
    assert "That is not the password" in answer.text
    assert "<script>" not in answer.text
    assert COOKIE not in client.cookies


@pytest.mark.parametrize(("base_url", "secure"), [("http://127.0.0.1:7860", False), ("https://studio.example", True)])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(sessions: Sessions, base_url: str, secure: bool):
    cookie = log_in(client_of(sessions, base_url)).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert ("Secure" in cookie) is secure


def test_each_login_gets_a_new_id_and_ends_the_one_before(sessions: Sessions):
    first = _logged_in(sessions, "chosen-by-somebody-else")
    assert first != "chosen-by-somebody-else"
    second = _logged_in(sessions, first)
    assert second != first
    assert not sessions.valid(first)
    assert sessions.valid(second)


def _logged_in(sessions: Sessions, cookie: str) -> str:
    """Log in with a cookie that is already there and return the one that comes back."""
    answer = client_of(sessions).post("/login", data={"password": PASSWORD}, headers={"Cookie": f"{COOKIE}={cookie}"})
    return answer.cookies[COOKIE]


def test_twenty_wrong_passwords_lock_out_for_a_quarter_of_an_hour(sessions: Sessions, clock: Clock):
    for _ in range(20):
        assert sessions.log_in("wrong", "10.0.0.1") is None
    assert sessions.log_in(PASSWORD, "10.0.0.1") is None
    assert sessions.log_in(PASSWORD, "10.0.0.2") is not None
    clock.now += 15 * 60 + 1
    assert sessions.log_in(PASSWORD, "10.0.0.1") is not None


def test_a_locked_out_client_reads_how_long_to_wait(sessions: Sessions):
    client = client_of(sessions)
    answers = [log_in(client, "wrong") for _ in range(21)]
    assert answers[-1].status_code == 429
    assert "Wait 15 minutes" in answers[-1].text


def test_sessions_outlive_a_restart_but_not_another_password(sessions: Sessions, tmp_path: Path, clock: Clock):
    session_id = sessions.log_in(PASSWORD, "10.0.0.1")
    file = tmp_path / "sessions.json"
    assert Sessions(PASSWORD, file, clock).valid(session_id)
    assert not Sessions("another one", file, clock).valid(session_id)
    assert session_id is not None
    assert session_id not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


def test_a_session_ends_by_itself_after_two_weeks(sessions: Sessions, clock: Clock):
    session_id = sessions.log_in(PASSWORD, "10.0.0.1")
    clock.now += 14 * 24 * 3600 + 1
    assert not sessions.valid(session_id)
