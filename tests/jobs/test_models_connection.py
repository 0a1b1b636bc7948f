"""A model server is tried: what it has and can do, and for each way to fail a sentence with a next step."""

import json
import ssl
import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from jobs.models.connection import Can, named_servers, try_connection
from storage.settings import Settings
from tests.jobs.test_models_client import CLOSING, Reply, Scripted, delta, refusing, send, streaming
from tests.running import free_port

Serve = Callable[[Reply], str]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start a scripted server and return its address."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    running: list[Scripted] = []

    def start(reply: Reply) -> str:
        running.append(Scripted(reply))
        return f"http://127.0.0.1:{running[-1].port}"

    yield start
    for server in running:
        server.stop()


def said(handler: BaseHTTPRequestHandler, body: Any, status: int = 200) -> None:
    send(handler, status, json.dumps(body).encode())


def models(*ids: str, owner: str = "vllm") -> dict[str, Any]:
    return {"object": "list", "data": [{"id": one, "object": "model", "owned_by": owner} for one in ids]}


def capable(handler: BaseHTTPRequestHandler, body: Any) -> None:
    """A server that can do everything but tell its provenance."""
    if handler.path == "/v1/models":
        said(handler, models("llama-3", "embedder"))
    elif handler.path == "/v1/embeddings":
        said(handler, {"data": [{"embedding": [1.0]}]})
    elif body.get("stream"):
        streaming(delta("Red"), delta("", "stop"), {**CLOSING, "triptych": None})(handler, body)
    elif "tools" in body:
        said(handler, {"choices": [{"message": {"content": None, "tool_calls": [{"id": "1"}]}}]})
    else:
        said(handler, {"choices": [{"message": {"content": '{"colour": "red"}'}}]})


def plain(handler: BaseHTTPRequestHandler, body: Any) -> None:
    """A server that answers whole, and nothing else."""
    if handler.path == "/v1/models":
        said(handler, models("tiny", owner="library"))
    elif handler.path == "/v1/embeddings" or "tools" in body:
        refusing(404, "model not found")(handler, body)
    else:
        said(handler, {"choices": [{"message": {"content": "Red."}}]})


def test_what_a_server_can_do_is_told_and_what_it_does_not_tell_is_not_reported(serve: Serve) -> None:
    tried = try_connection(f"{serve(capable)}/v1/")
    assert (tried.problem, tried.server, tried.models, tried.model) == ("", "vLLM", ("llama-3", "embedder"), "llama-3")
    assert {one.name: one.can for one in tried.abilities} == {
        "streaming": Can.YES,
        "usage": Can.YES,
        "provenance": Can.NOT_REPORTED,
        "json_schema": Can.YES,
        "tools": Can.YES,
        "embeddings": Can.YES,
    }


def test_a_server_that_can_do_little_is_no_failure(serve: Serve) -> None:
    tried = try_connection(serve(plain), model="tiny")
    assert (tried.problem, tried.server) == ("", "Ollama")
    found = {one.name: (one.can, one.detail) for one in tried.abilities}
    assert found["streaming"] == (Can.NO, "")
    assert found["usage"] == (Can.NOT_REPORTED, "")
    assert found["json_schema"] == (Can.NO, "what came is not in the form that was asked for")
    assert found["tools"] == found["embeddings"] == (Can.NO, "model not found")


def locked(handler: BaseHTTPRequestHandler, body: Any) -> None:
    if handler.headers["Authorization"] == "Bearer right":
        capable(handler, body)
    else:
        said(handler, {"error": "no"}, 401)


def website(handler: BaseHTTPRequestHandler, _: Any) -> None:
    send(handler, 200, b"<html>Hello</html>", "text/html")


def unwilling(handler: BaseHTTPRequestHandler, body: Any) -> None:
    if handler.path == "/v1/models":
        said(handler, models("base"))
    else:
        refusing(400, "no chat template")(handler, body)


@pytest.mark.parametrize(
    ("reply", "given", "problem", "step"),
    [
        (locked, {}, "wants a key", "TRIPTYCH_MODEL_TOKEN"),
        (locked, {"key": "wrong"}, "does not accept this key", "started with"),
        (website, {}, "no model server", "/v1"),
        (refusing(404, "no"), {}, "no model server", "address and port"),
        (refusing(503, "Loading model"), {}, "not ready: Loading model", "Wait"),
        (refusing(400, "Client sent an HTTP request to an HTTPS server."), {}, "wants https", "https://"),
        (lambda handler, _: said(handler, models()), {}, "has no model", "Load one"),
        (capable, {"model": "gpt-9"}, "no model 'gpt-9'", "llama-3, embedder"),
        (unwilling, {}, "refused a question to 'base': no chat template", "another model"),
    ],
)
def test_each_failure_is_a_sentence_with_a_next_step(
    serve: Serve, reply: Reply, given: dict[str, str], problem: str, step: str
) -> None:
    tried = try_connection(serve(reply), **given)
    assert problem in tried.problem
    assert step in tried.next_step
    assert tried.abilities == ()


def test_the_right_key_opens(serve: Serve) -> None:
    assert try_connection(serve(locked), key="right").problem == ""


def test_where_nobody_listens_and_what_is_no_address_is_told(serve: Serve) -> None:
    refused = try_connection(f"http://127.0.0.1:{free_port()}")
    assert "Nobody listens at 127.0.0.1:" in refused.problem
    assert "Ollama 11434" in refused.next_step
    assert "is not known" in try_connection("http://nowhere.invalid").problem
    for address in ("", "127.0.0.1:8000", "ftp://host", "http://me:secret@host", "http://"):
        tried = try_connection(address)
        assert "no address of a model server" in tried.problem
    assert "does not speak https" in try_connection(serve(capable).replace("http:", "https:")).problem


def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    try:
        subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no openssl to make a certificate with")
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        told = try_connection(f"https://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert "can't be trusted" in told.problem
    assert "SSL_CERT_FILE" in told.next_step


def test_servers_of_the_settings_are_tried_with_their_own_models(tmp_path: Path) -> None:
    assert named_servers(Settings(home=tmp_path)) == []
    given = {"model_url": "http://a", "base_model": "llama-3", "model_token": "k", "judge_url": "http://b"}
    settings = Settings.model_validate({"home": tmp_path, **given})
    assert named_servers(settings) == [("http://a", "k", "llama-3"), ("http://b", "", "")]
