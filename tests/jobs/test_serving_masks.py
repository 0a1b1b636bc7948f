"""Masks: what they admit, when they see the end, and which formats are refused."""

import json

import pytest
import torch

from jobs.serving.masks import Mask, Masks, UnusableFormat
from tests.tiny import tiny_tokenizer

SCHEMA = {
    "type": "object",
    "properties": {"order": {"type": "string", "enum": ["A-1", "A-2"]}},
    "required": ["order"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def masks() -> Masks:
    tokenizer = tiny_tokenizer()
    return Masks(tokenizer, len(tokenizer), [tokenizer.eos_token_id])


def made(masks: Masks, **response_format: object) -> Mask:
    mask = masks.make(response_format)
    assert mask is not None
    return mask


def follow(mask: Mask, last: bool = True) -> str:
    """Write what the mask admits, the last (or first) token each time, until only one way remains."""
    tokenizer, tokens = tiny_tokenizer(), []
    for _ in range(200):
        choices = mask.allowed().nonzero().flatten().tolist()
        tokens.append(choices[-1 if last else 0])
        mask.take(tokens[-1])
        if (rest := mask.rest()) is not None:
            return tokenizer.decode([*tokens, *rest])
    raise AssertionError("the mask never came to an end")


def test_free_text_has_no_mask(masks: Masks):
    assert masks.make(None) is None
    assert masks.make({"type": "text"}) is None


def test_a_choice_is_one_of_the_choices_and_ends_when_it_is_clear(masks: Masks):
    choices = ["none", 'say "hi"', "größe"]
    mask = made(masks, type="choice", choices=choices)
    assert int(mask.allowed().sum()) == 3
    assert follow(mask) in choices


def test_one_choice_may_begin_another(masks: Masks):
    mask = made(masks, type="choice", choices=["red", "reddish"])
    for token in tiny_tokenizer().encode("re"):
        mask.take(token)
        assert mask.rest() is None


def test_a_schema_gives_valid_json_in_the_usual_style(masks: Masks):
    text = follow(made(masks, type="json_schema", json_schema={"name": "find", "schema": SCHEMA}))
    assert json.loads(text)["order"] in {"A-1", "A-2"}
    assert text.startswith('{"order": "A-')


def test_a_grammar_is_followed(masks: Masks):
    assert follow(made(masks, type="grammar", lark='start: "a" ("b" | "c") "d"')) == "acd"


def test_the_mask_covers_the_vocabulary_and_bars_control_tokens(masks: Masks):
    allowed = made(masks, type="grammar", lark="start: /.+/").allowed()
    assert allowed.dtype == torch.bool
    assert len(allowed) == len(tiny_tokenizer())
    assert not allowed[1]


@pytest.mark.parametrize(
    "response_format",
    [
        {"type": "choice", "choices": []},
        {"type": "json_schema"},
        {"type": "json_schema", "json_schema": {"schema": {"type": "nonsense"}}},
        {"type": "grammar", "lark": "start: ((("},
        {"type": "telepathy"},
    ],
)
def test_unusable_formats_are_refused_in_a_sentence(masks: Masks, response_format: dict[str, object]):
    with pytest.raises(UnusableFormat, match="response format"):
        masks.make(response_format)
