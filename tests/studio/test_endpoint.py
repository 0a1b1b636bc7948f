"""The studio as an OpenAI-compatible server: the official client, ways as models, tokens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI
from starlette.testclient import TestClient

from jobs.models.door import Chat
from storage.records import Column
from storage.settings import Settings
from storage.workspace import Workspace
from studio.endpoint.naming import model_names
from tests.adapters import keep_adapter
from tests.bases import with_bases
from tests.documents import put_documents
from tests.fakes import ScriptedModel
from tests.studio.mounted import BASE_URL, mounted

QUESTION = "How many days may I return a jacket?"


def said(chat: Chat) -> str:
    """Say what the model was asked, so that a test sees what reached it."""
    return f"You said {chat.messages[-1]['content'].splitlines()[-1]}"


@pytest.fixture
def door() -> ScriptedModel:
    return ScriptedModel(said)


@pytest.fixture
def served(workspace: Workspace, door: ScriptedModel) -> Iterator[TestClient]:
    with mounted(workspace, door=door) as client:
        yield client


@pytest.fixture
def api(served: TestClient, workspace: Workspace) -> OpenAI:
    token = workspace.tokens.make("my script")
    return OpenAI(base_url=f"{BASE_URL}/v1", api_key=token, http_client=served, max_retries=0)


def ask(api: OpenAI, model: str, *messages: dict[str, str], **more: Any) -> Any:
    create: Any = api.chat.completions.create
    return create(model=model, messages=list(messages), **more)


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def test_base_ways_and_what_is_put_to_use_are_models(api: OpenAI, workspace: Workspace) -> None:
    workspace.uses.put("Returns desk", Column("documents", "documents", collection="Manuals"))
    names = [model.id for model in api.models.list()]
    assert names[0] == "starter"
    assert set(names) >= {"way:base", "way:tuned", "way:documents", "way:tools", "way:hybrid", "way:returns-desk"}


def test_other_bases_and_what_they_learned_are_models_too(workspace: Workspace, tmp_path: Path) -> None:
    mine, other = keep_adapter(workspace, "Mine"), keep_adapter(workspace, "Other", base_id="smollm2-360m")
    gone = keep_adapter(workspace, "Gone", base_id="qwen3-0.6b")
    names = model_names(with_bases(workspace, tmp_path / "models", "starter", "smollm2-360m"))
    assert names[:2] == ["starter", "smollm2-360m"]
    assert {f"adapter:{mine.id}", f"adapter:{other.id}"} < set(names)
    assert f"adapter:{gone.id}" not in names


def test_a_way_answers_with_what_it_rests_on(api: OpenAI, workspace: Workspace, door: ScriptedModel) -> None:
    put_documents(workspace, {"returns.md": "# Returns\n\nYou may return a jacket within 30 days."})
    quoted = ask(api, "way:documents", user(QUESTION)).choices[0].message.content
    assert quoted == "Your documents say: “You may return a jacket within 30 days.” [1]"
    workspace.uses.put("Own words", Column("documents", "documents", collection="Manuals"))
    got = ask(api, "way:own-words", user(QUESTION))
    assert got.choices[0].message.content.startswith("You said How many days")
    told = got.model_extra["triptych"]
    assert told["passages"][0]["document"] == "returns.md"
    assert told["column"] == "documents"
    assert "30 days" in door.chats[-1].messages[-1]["content"]


def test_a_stream_says_the_same_and_ends_with_the_provenance(api: OpenAI) -> None:
    chunks = list(ask(api, "way:base", user("Hello there"), stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "You said Hello there"
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert chunks[-1].model_extra["triptych"]["base_id"] == "starter"


def test_earlier_messages_and_the_system_message_reach_the_model(api: OpenAI, door: ScriptedModel) -> None:
    system, answered = {"role": "system", "content": "Be brief."}, {"role": "assistant", "content": "Yes."}
    ask(api, "way:base", system, user("Do you sell tents?"), answered, user("Red ones?"))
    said_before = [message["content"] for message in door.chats[-1].messages]
    assert said_before == ["Be brief.", "Do you sell tents?", "Yes.", "Red ones?"]


def test_what_the_request_says_goes_before_what_the_column_holds(
    api: OpenAI, workspace: Workspace, door: ScriptedModel
) -> None:
    workspace.uses.put("Mine", Column("base", "base", temperature=0.7, seed=3, max_tokens=40, instruction="Rhyme."))
    ask(api, "way:mine", user("Hello"))
    assert (door.chats[-1].temperature, door.chats[-1].seed, door.chats[-1].max_tokens) == (0.7, 3, 40)
    assert door.chats[-1].messages[0]["content"] == "Rhyme."
    ask(api, "way:mine", user("Hello"), temperature=0, seed=9, max_tokens=7)
    assert (door.chats[-1].temperature, door.chats[-1].seed, door.chats[-1].max_tokens) == (0, 9, 7)


def test_a_base_or_an_adapter_is_asked_as_it_is(api: OpenAI, door: ScriptedModel) -> None:
    ask(api, "adapter:abc", user("Hello"), response_format={"type": "json_object"})
    assert door.chats[-1].model == "adapter:abc"
    assert door.chats[-1].response_format == {"type": "json_object"}


def test_texts_become_vectors(api: OpenAI) -> None:
    assert len(api.embeddings.create(model="embedder", input=["a", "b"]).data) == 2


@pytest.mark.parametrize(
    ("model", "more", "status", "words"),
    [
        ("way:nothing", {}, 404, "nothing"),
        ("way:tuned", {}, 424, "/train"),
        ("way:base", {"response_format": {"type": "json_object"}}, 400, "decides by itself"),
        ("way:base", {"n": 2}, 400, "n: "),
        ("way:base", {"temperature": 7}, 400, "temperature"),
    ],
)
def test_what_cannot_be_done_is_said_in_the_form_of_the_api(
    api: OpenAI, model: str, more: dict[str, Any], status: int, words: str
) -> None:
    with pytest.raises(openai.APIStatusError) as told:
        ask(api, model, user("Hello"), **more)
    assert isinstance(told.value.body, dict)
    assert told.value.status_code == status
    assert words in f"{told.value.body}"
    assert told.value.body["next_step"]


def test_without_a_question_there_is_no_answer(api: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="must be a question"):
        ask(api, "way:base", {"role": "system", "content": "Be brief."})


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer trp_wrong", "Basic abc"])
def test_nobody_gets_in_without_a_token(served: TestClient, header: str) -> None:
    for method, path in (("GET", "/v1/models"), ("POST", "/v1/embeddings"), ("POST", "/v1/chat/completions")):
        got = served.request(method, path, headers={"Authorization": header})
        assert got.status_code == 401
        assert "token" in got.json()["error"]["message"]


def test_a_token_taken_back_is_known_no_more(served: TestClient, workspace: Workspace) -> None:
    token = workspace.tokens.make("my script")
    (kept,) = workspace.tokens.list()
    headers = {"Authorization": f"Bearer {token}"}
    assert served.get("/v1/models", headers=headers).status_code == 200
    assert workspace.tokens.list()[0].last_used_at is not None
    workspace.tokens.take_back(kept.id)
    assert served.get("/v1/models", headers=headers).status_code == 401


def test_a_token_is_not_kept_itself(workspace: Workspace) -> None:
    token = workspace.tokens.make("my script")
    assert token.encode() not in (workspace.home / "triptych.db").read_bytes()


def test_the_password_of_the_pages_is_not_asked_of_programs(tmp_path: Path) -> None:
    opened = Workspace.open(Settings.model_validate({"home": tmp_path / "home", "password": "correct horse"}))
    with mounted(opened) as client:
        assert client.get("/v1/models").json()["error"]["type"] == "Refused"
        assert client.get("/v1/anything-else").json() == {"error": "Log in first."}
    opened.close()


def test_a_name_is_made_of_the_title_and_never_taken_twice(workspace: Workspace) -> None:
    column = Column("base", "base")
    taken = frozenset({"hybrid"})
    names = [workspace.uses.put(title, column, taken).name for title in ("Für Gäste!", "für gäste", "Hybrid", "???")]
    assert names == ["fur-gaste", "fur-gaste-2", "hybrid-2", "mine"]
    workspace.uses.remove("mine")
    assert {use.name for use in workspace.uses.list()} == {"fur-gaste", "fur-gaste-2", "hybrid-2"}
