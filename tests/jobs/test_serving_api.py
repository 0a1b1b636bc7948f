"""The server's HTTP, in one process with tiny models: answers, streams, refusals, phases."""

import asyncio
import base64
import json
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from jobs.models.client import connect
from jobs.models.conversation import conversation, learning
from jobs.models.door import Chat
from jobs.serving.api import build_app
from jobs.serving.holding import Holder
from jobs.serving.presence import Presence
from storage.errors import ModelFull, NotFound, TooLarge, UserFault
from storage.locks import Locks
from storage.records import Example
from storage.settings import Settings
from tests.serving import make_adapter, tiny_models

TOKEN = "t0ken"
HELLO = conversation("Hello")


class Running:
    """A server on a free port, in a thread."""

    def __init__(self, home: Path) -> None:
        for name in ("run", "locks", "adapters"):
            (home / name).mkdir(parents=True, exist_ok=True)
        self.home = home
        self.settings = Settings(home=home, models=tiny_models())
        self.holder = Holder(self.settings, Locks(home / "locks"))
        self.presence = home / "run" / "asking"
        app = build_app(self.holder, Presence(self.presence), TOKEN)
        self._server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> "Running":
        self.holder.start()
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        written = {"url": self.url, "token": TOKEN, "pid": 1}
        (self.home / "run" / "server.json").write_text(json.dumps(written))
        self.door = connect(self.settings)
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self.holder.close()

    def post(self, path: str, body: Any, token: str = TOKEN) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.post(f"{self.url}{path}", json=body, headers=headers, timeout=60, trust_env=False)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    made = Running(tmp_path_factory.mktemp("api") / "home").start()
    yield made
    made.stop()


def asked(**values: Any) -> dict[str, Any]:
    return {"model": "starter", "messages": list(HELLO), "max_tokens": 8, **values}


def test_requests_during_loading_wait_and_then_are_answered(running: Running):
    answer = running.post("/v1/chat/completions", asked()).json()
    assert answer["object"] == "chat.completion"
    assert answer["choices"][0]["message"]["content"]
    assert answer["usage"]["completion_tokens"] <= 8
    told = running.door.health()
    assert told["phase"] == "ready"
    assert told["memory_bytes"] > 10_000_000


def test_a_stream_says_the_same_as_a_whole_answer(running: Running):
    whole = running.post("/v1/chat/completions", asked()).json()
    chunks = list(running.door.chat(Chat(HELLO, max_tokens=8)))
    assert "".join(chunk.text for chunk in chunks) == whole["choices"][0]["message"]["content"]
    told = chunks[-1].provenance
    assert told["prompt_sha256"] == whole["triptych"]["prompt_sha256"]
    assert set(told) == {
        *("base_id", "base_sha256", "adapter_id", "adapter_sha256", "tensors_sha256"),
        *("prompt_sha256", "seed", "queued_s", "prefill_s", "decode_s"),
    }
    assert (told["base_id"], told["adapter_id"]) == ("starter", None)
    assert chunks[-1].prompt_tokens == whole["usage"]["prompt_tokens"] > 0


def test_an_adapter_answers_under_its_own_name(running: Running):
    adapter_id = make_adapter(running.home / "adapters", tiny_models() / "starter")
    chunks = list(running.door.chat(Chat(HELLO, model=f"adapter:{adapter_id}", max_tokens=8)))
    told = chunks[-1].provenance
    assert told["adapter_id"] == adapter_id
    assert len(told["adapter_sha256"]) == len(told["tensors_sha256"]) == 64
    headers = {"Authorization": f"Bearer {TOKEN}"}
    listed = httpx.get(f"{running.url}/v1/models", headers=headers, trust_env=False).json()
    assert [entry["id"] for entry in listed["data"]] == ["starter", f"adapter:{adapter_id}"]


def test_masks_and_begun_answers_pass_through(running: Running):
    choice = {"type": "choice", "choices": ["red", "green"]}
    chunks = list(running.door.chat(Chat(HELLO, response_format=choice)))
    assert "".join(chunk.text for chunk in chunks) in {"red", "green"}
    begun = list(running.door.chat(Chat(HELLO, prefix="Well, ", max_tokens=4)))
    plain = list(running.door.chat(Chat(HELLO, max_tokens=4)))
    assert begun[-1].prompt_tokens == plain[-1].prompt_tokens + len("Well, ")


def test_refusals_are_sentences(running: Running):
    with pytest.raises(NotFound, match="no model 'gpt'"):
        list(running.door.chat(Chat(HELLO, model="gpt")))
    with pytest.raises(NotFound, match="no adapter"):
        list(running.door.chat(Chat(HELLO, model="adapter:../x")))
    with pytest.raises(TooLarge, match="tokens; at most"):
        list(running.door.chat(Chat(conversation("long " * 2000))))
    with pytest.raises(UserFault, match="response format"):
        list(running.door.chat(Chat(HELLO, response_format={"type": "grammar", "lark": "start: (("})))


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/embeddings", "/v1/render", "/v1/lease"])
def test_without_the_token_nothing_is_done(running: Running, path: str):
    for token in ("0", "wrong", TOKEN + "x"):
        assert running.post(path, {}, token).status_code == 401


def test_a_full_server_says_when_to_ask_again(running: Running, monkeypatch: pytest.MonkeyPatch):
    assert running.holder._loaded is not None
    monkeypatch.setattr(running.holder._loaded.engine, "_most_waiting", 0)
    for stream in (False, True):
        refused = running.post("/v1/chat/completions", asked(stream=stream))
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "5"
        assert refused.json()["error"]["message"] == "Too many questions are waiting for the model."
    with pytest.raises(ModelFull, match="Too many"):
        list(running.door.chat(Chat(HELLO, "starter", max_tokens=4)))


@pytest.mark.parametrize(
    "body",
    [{}, {"model": "starter", "messages": []}, asked(max_tokens=0), asked(messages=[{"role": "tool", "content": ""}])],
)
def test_malformed_requests_are_refused_not_crashed(running: Running, body: dict[str, Any]):
    refused = running.post("/v1/chat/completions", body)
    assert refused.status_code == 422
    assert "can't be understood" in refused.json()["error"]["message"]


def test_texts_become_unit_vectors(running: Running):
    identity, vectors = running.door.embed(["a tent", "a much longer text about a tent " * 20, "a tent", "<|im_end|>"])
    assert identity.startswith("embedder-")
    assert [round(sum(value * value for value in vector), 4) for vector in vectors] == [1.0] * 4
    assert vectors[0] == pytest.approx(vectors[2], abs=1e-5)
    packed = running.post("/v1/embeddings", {"input": "a tent", "encoding_format": "base64"}).json()
    data = base64.b64decode(packed["data"][0]["embedding"])
    assert struct.unpack(f"<{len(data) // 4}f", data) == pytest.approx(vectors[0], abs=1e-5)


def test_many_may_embed_at_once(running: Running):
    expected = running.door.embed(["a tent"])[1][0]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: running.door.embed(["a tent", "x" * 30])[1][0], range(24)))
    assert all(vector == pytest.approx(expected, abs=1e-5) for vector in found)


def test_render_shows_what_is_read_and_learned(running: Running):
    messages = learning(Example(row=1, question="Hello", answer="Good day"))
    assert running.door.render(messages)[-1] == ("Good day<|im_end|>", "learned")
    assert running.door.render(messages, max_length=len(running.door.render(messages)[0][0]) // 2)[-1][1] == "cut"


def test_presence_shows_while_an_answer_is_in_flight(running: Running):
    stream = running.door.chat(Chat(HELLO, max_tokens=400))
    next(stream)
    assert running.presence.exists()
    stream.close()
    assert until(lambda: not running.presence.exists())


def test_closing_the_stream_stops_the_model(running: Running):
    stream = running.door.chat(Chat(HELLO, max_tokens=1500))
    next(stream)
    stream.close()
    engine = asyncio.run(running.holder.loaded()).engine
    assert until(lambda: engine.busy == 0)


def test_memory_is_lent_and_taken_back(tmp_path: Path):
    running = Running(tmp_path / "home").start()
    locks = Locks(tmp_path / "home" / "locks")
    lock = locks.take("training")
    assert running.door.health()["phase"] in {"loading", "ready"}
    list(running.door.chat(Chat(HELLO, max_tokens=1)))
    assert running.door.lease("cpu", 1, "training") is False  # there is room for both
    assert running.door.lease("cpu", 10**15, "training") is True
    refused = running.post("/v1/chat/completions", asked())
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    running.holder.look_after()
    assert running.door.health()["phase"] == "lent"
    lock.release()
    running.holder.look_after()
    assert list(running.door.chat(Chat(HELLO, max_tokens=1)))[-1].finish_reason
    running.stop()


def test_a_lacking_model_is_said_and_found_once_it_is_there(tmp_path: Path):
    running = Running(tmp_path / "home")
    models = tmp_path / "models"
    running.holder = Holder(Settings(home=tmp_path / "home", models=models), Locks(tmp_path / "home" / "locks"))
    running.holder.start()
    assert until(lambda: running.holder.phase == "missing")
    with pytest.raises(UserFault, match="not on this computer"):
        asyncio.run(running.holder.loaded())
    models.symlink_to(tiny_models())
    assert asyncio.run(running.holder.loaded()).base.id == "starter"
    running.holder.close()


def until(holds) -> bool:
    """Wait up to ten seconds for `holds` to become true."""
    end = time.monotonic() + 10
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()
