"""The real starter model: it answers, follows masks, and its base column is the same whatever else is loaded."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.models.conversation import conversation
from jobs.models.installed import require
from jobs.serving.base import Base
from jobs.serving.device import best_device
from jobs.serving.engine import Engine
from jobs.serving.tickets import Asked
from storage.settings import Settings
from tests.serving import Answered, Following, make_adapter

pytestmark = pytest.mark.slow

PASSAGE = "The TrailMaster tent weighs 4.2 kilograms. It must be dried before it is stored."
SCHEMA = {
    "type": "object",
    "properties": {"expression": {"type": "string", "maxLength": 30}},
    "required": ["expression"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def starter() -> Iterator[Engine]:
    engine = Engine(Base(require(Settings().models, "starter"), best_device()))
    yield engine
    engine.close()


def ask(engine: Engine, question: str, context: str = "", **how) -> Following:
    prompt = engine.base.encoder.prompt(conversation(question, context=context))
    return Following(engine, Asked(prompt, **{"max_tokens": 12, **how}))


def test_the_base_says_the_same_with_an_adapter_loaded_in_use_or_absent(starter: Engine, tmp_path: Path):
    def base_alone() -> Answered:
        return ask(starter, "What is the capital of France?").answered()

    before = base_alone()
    assert before.text == "The capital of France is Paris."
    adapter_id = make_adapter(tmp_path, require(Settings().models, "starter").folder)
    adapter = starter.base.shelf(tmp_path).get(adapter_id)
    assert base_alone().text == before.text
    tuned = ask(starter, "What is the capital of France?", adapter=adapter)
    beside = base_alone()
    assert beside.text == before.text
    assert tuned.answered().text != before.text


def test_it_reads_a_passage(starter: Engine):
    assert "4.2" in ask(starter, "How heavy is the tent?", PASSAGE, max_tokens=24).answered().text


def test_a_schema_holds_for_the_real_vocabulary(starter: Engine):
    mask = starter.base.masks.make({"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}})
    answered = ask(starter, "What is 17 times 23?", mask=mask, max_tokens=40).answered()
    assert isinstance(json.loads(answered.text)["expression"], str)


def test_a_choice_takes_few_steps(starter: Engine):
    mask = starter.base.masks.make({"type": "choice", "choices": ["look_up_orders", "calculator", "none"]})
    answered = ask(starter, "Where is my order 1021?", mask=mask).answered()
    assert answered.text in {"look_up_orders", "calculator", "none"}
