"""The door over HTTP, against a server whose answers are given: streams, refusals, restarts."""

import base64
import json
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from jobs.models.client import connect
from jobs.models.conversation import conversation
from jobs.models.door import Chat
from storage.errors import ModelBusy, ModelFull, ModelUnavailable, NotFound, TriptychError, UserFault
from storage.settings import Settings

Reply = Callable[[BaseHTTPRequestHandler, Any], None]
ASKED = Chat(conversation("Hello?"), prefix="Well,", response_format={"type": "choice", "choices": ["a"]}, seed=7)


class Scripted:
    """An HTTP server that remembers requests and replies by a given function."""

    def __init__(self, reply: Reply, port: int = 0) -> None:
        scripted = self
        self.requests: list[tuple[str, dict[str, str], Any]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
                scripted.requests.append(
                    (self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                )
                reply(self, body)

            do_GET = do_POST

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def serve(settings: Settings) -> Iterator[Callable[[Reply], Scripted]]:
    """Start scripted servers that the home's server.json names."""
    running: list[Scripted] = []

    def start(reply: Reply) -> Scripted:
        running.append(Scripted(reply))
        announce(settings.home, running[-1].port)
        return running[-1]

    yield start
    for server in running:
        server.stop()


def announce(home: Path, port: int, token: str = "t0ken") -> None:
    (home / "run").mkdir(parents=True, exist_ok=True)
    written = {"url": f"http://127.0.0.1:{port}", "token": token, "pid": 1}
    (home / "run" / "server.json").write_text(json.dumps(written))


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, content_type: str = "application/json") -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def streaming(*pieces: dict[str, Any]) -> Reply:
    lines = [f"data: {json.dumps({'id': 'x', 'object': 'chat.completion.chunk', **piece})}\n\n" for piece in pieces]
    body = "".join([*lines, "data: [DONE]\n\n"]).encode()
    return lambda handler, _: send(handler, 200, body, "text/event-stream")


def delta(text: str, reason: str | None = None) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": reason}]}


CLOSING = {
    "choices": [],
    "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11},
    "triptych": {"seed": 7},
}


def refusing(status: int, message: str) -> Reply:
    error = {"error": {"message": message, "next_step": "Do this."}}
    return lambda handler, _: send(handler, status, json.dumps(error).encode())


def test_an_answer_arrives_in_pieces_and_closes_with_the_provenance(settings, serve):
    server = serve(streaming(delta("Yes"), delta(" sir"), delta("", "stop"), CLOSING))
    chunks = list(connect(settings).chat(ASKED))
    assert [chunk.text for chunk in chunks] == ["Yes", " sir", ""]
    last = chunks[-1]
    assert (last.finish_reason, last.prompt_tokens, last.completion_tokens) == ("stop", 9, 2)
    assert last.provenance == {"seed": 7}
    path, headers, body = server.requests[0]
    assert (path, headers["authorization"]) == ("/v1/chat/completions", "Bearer t0ken")
    assert (body["prefix"], body["response_format"]["choices"], body["seed"]) == ("Well,", ["a"], 7)


@pytest.mark.parametrize("ours", [True, False])
def test_what_prompts_share_is_told_to_our_own_server_only(settings, serve, ours: bool):
    server = serve(streaming(delta("Yes"), delta("", "stop")))
    foreign = Settings(home=settings.home, model_url=f"http://127.0.0.1:{server.port}/v1/")
    list(connect(settings if ours else foreign).chat(replace(ASKED, shared=1)))
    assert server.requests[0][2].get("shared") == (1 if ours else None)


def test_a_foreign_server_reports_no_provenance(settings, serve):
    serve(streaming(delta("Yes"), delta("", "length")))
    last = list(connect(settings).chat(ASKED))[-1]
    assert (last.finish_reason, last.completion_tokens, last.provenance) == ("length", 0, {})


def test_an_answer_that_breaks_off_is_a_fault_not_an_answer(settings, serve):
    serve(streaming(delta("Yes")))
    with pytest.raises(ModelUnavailable, match="broke off"):
        list(connect(settings).chat(ASKED))


def test_an_error_in_the_middle_of_a_stream_is_told(settings, serve):
    serve(streaming(delta("Yes"), {"error": {"message": "out of memory"}}))
    with pytest.raises(ModelUnavailable, match="out of memory"):
        list(connect(settings).chat(ASKED))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (503, ModelBusy),
        (429, ModelFull),
        (404, NotFound),
        (400, UserFault),
        (500, ModelUnavailable),
        (401, ModelUnavailable),
    ],
)
def test_refusals_become_errors_with_the_servers_sentence(settings, serve, status: int, kind: type[TriptychError]):
    serve(refusing(status, "This is why."))
    with pytest.raises(kind) as caught:
        list(connect(settings).chat(ASKED))
    if status != 401:
        assert (str(caught.value), caught.value.next_step) == ("This is why.", "Do this.")


def test_without_a_server_the_sentence_says_so(settings):
    with pytest.raises(ModelUnavailable, match="not running"):
        connect(settings).health()
    announce(settings.home, 1)
    with pytest.raises(ModelUnavailable, match="does not answer"):
        connect(settings).health()


def test_a_server_started_anew_is_found_again(settings, serve):
    first = serve(lambda handler, _: send(handler, 200, b'{"phase": "ready"}'))
    door = connect(settings)
    assert door.health()["phase"] == "ready"
    first.stop()
    serve(lambda handler, _: send(handler, 200, b'{"phase": "loading"}'))
    assert door.health()["phase"] == "loading"


def test_another_server_is_reached_by_its_url_and_token(tmp_path: Path):
    server = Scripted(lambda handler, _: send(handler, 200, b'{"phase": "ready"}'))
    settings = Settings(home=tmp_path, model_url=f"http://127.0.0.1:{server.port}/v1/", model_token="other")
    assert connect(settings).health() == {"phase": "ready"}
    assert server.requests[0][0] == "/healthz"
    assert server.requests[0][1]["authorization"] == "Bearer other"
    server.stop()


def test_many_texts_are_embedded_in_parts_and_in_order(settings, serve):
    def embed(handler: BaseHTTPRequestHandler, body: Any) -> None:
        data = [{"object": "embedding", "index": i, "embedding": [float(text)]} for i, text in enumerate(body["input"])]
        reply = {"object": "list", "model": "mini", "data": data, "usage": {"prompt_tokens": 0, "total_tokens": 0}}
        send(handler, 200, json.dumps(reply).encode())

    server = serve(embed)
    identity, vectors = connect(settings).embed([str(number) for number in range(70)])
    assert identity == "mini"
    assert vectors == [[float(number)] for number in range(70)]
    assert len(server.requests) == 3


def test_our_own_server_is_asked_for_vectors_in_one_piece_and_others_for_numbers(settings, serve):
    def embed(handler: BaseHTTPRequestHandler, body: Any) -> None:
        numbers = [0.25, -1.5]
        packed = base64.b64encode(struct.pack("<2f", *numbers)).decode()
        made = packed if body["encoding_format"] == "base64" else numbers
        data = [{"object": "embedding", "index": 0, "embedding": made}]
        reply = {"object": "list", "model": "mini", "data": data, "usage": {"prompt_tokens": 0, "total_tokens": 0}}
        send(handler, 200, json.dumps(reply).encode())

    server = serve(embed)
    other = settings.model_copy(update={"model_url": f"http://127.0.0.1:{server.port}"})
    for asking in (settings, other):
        assert connect(asking).embed(["A tent."]) == ("mini", [[0.25, -1.5]])
    assert [body["encoding_format"] for _, _, body in server.requests] == ["base64", "float"]


def test_render_and_lease_speak_the_servers_own_routes(settings, serve):
    answers = {"/v1/render": {"pieces": [{"text": "hi", "kind": "read"}]}, "/v1/lease": {"lent": True}}
    server = serve(lambda handler, _: send(handler, 200, json.dumps(answers[handler.path]).encode()))
    door = connect(settings)
    assert door.render(conversation("hi")) == [("hi", "read")]
    assert door.lease("cpu", 5, "job-1") is True
    assert server.requests[-1][2] == {"device": "cpu", "bytes": 5, "lock": "job-1"}
