"""Beginnings that prompts share: nothing changes to the last bit, and they are read once."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers.cache_utils import DynamicCache

from jobs.models.conversation import conversation
from jobs.serving.base import Base
from jobs.serving.beginnings import LEAST, Beginnings
from tests.serving import make_adapter, tiny_base, tiny_models

TOLD = "Choose the tool that answers the question. " * 12
SHOWN = [("What is 1 + 1?", "calculator")]


@pytest.fixture
def base() -> Base:
    return tiny_base()


def asked(base: Base, question: str) -> tuple[list[int], int]:
    messages = conversation(question, instruction=TOLD, history=SHOWN)
    return base.encoder.prompt(messages), base.encoder.common(messages, len(messages) - 1)


@pytest.fixture
def seen(base: Base, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tokens went through the model at each of its steps."""
    counts: list[int] = []
    assert base._step is not None
    through = base._step._through

    def noted(tokens: torch.Tensor, *others: Any) -> torch.Tensor:
        counts.append(len(tokens))
        return through(tokens, *others)

    monkeypatch.setattr(base._step, "_through", noted)
    return counts


def test_what_stands_before_the_last_message_is_common(base: Base):
    (first, shared), (second, also) = asked(base, "Where is my order?"), asked(base, "And what is 2 + 2?")
    assert shared == also > LEAST
    assert first[:shared] == second[:shared]
    assert first[shared] != second[shared]
    messages = conversation("Hi")
    assert [base.encoder.common(messages, number) for number in (0, len(messages), 99)] == [0, 0, 0]


def test_what_follows_a_known_beginning_is_the_same_to_the_last_bit(base: Base, seen: list[int]):
    (first, shared), (second, _) = asked(base, "Where is my order?"), asked(base, "And what is 2 + 2?")
    base.read(first, None, shared)
    known, place = base.read(second, None, shared)
    assert seen == [shared, len(first) - shared, len(second) - shared]
    alone, there = tiny_base().read(second, None, shared)
    assert torch.equal(known, alone)
    for ours, theirs in zip(place.cache.layers, there.cache.layers, strict=True):
        assert torch.equal(ours.keys, theirs.keys)
        assert torch.equal(ours.values, theirs.values)
    assert torch.equal(base.read(first, None, shared)[0], tiny_base().read(first, None, shared)[0])


def test_it_reads_what_is_read_at_once(base: Base):
    ids, shared = asked(base, "Where is my order?")
    ours, _ = base.read(ids, None, shared)
    whole, _ = base.read(ids, None)
    finite = ours.isfinite()
    assert torch.allclose(ours[finite], whole[finite], atol=1e-5)


def test_an_adapter_has_beginnings_of_its_own(base: Base, tmp_path: Path):
    adapter = base.shelf(tmp_path).get(make_adapter(tmp_path, tiny_models() / "starter"))
    ids, shared = asked(base, "Where is my order?")
    plain, tuned, again = (base.read(ids, who, shared)[0] for who in (None, adapter, None))
    assert torch.equal(plain, again)
    assert not torch.equal(plain, tuned)
    assert torch.equal(tuned, tiny_base().read(ids, adapter, shared)[0])


@pytest.mark.parametrize("shared", [0, LEAST - 1])
def test_a_short_beginning_is_no_step_of_its_own(base: Base, seen: list[int], shared: int):
    ids, _ = asked(base, "Where is my order?")
    base.read(ids, None, shared)
    assert seen == [len(ids)]


def test_the_oldest_beginnings_make_room():
    size = 10
    kept = Beginnings(most_bytes=3 * size * 2 * 4)

    def note(name: str) -> None:
        cache, tensor = DynamicCache(), torch.full((1, 1, size, 1), float(ord(name)))
        cache.update(tensor, tensor, 0)
        kept.keep("", [ord(name)], cache)

    def known() -> str:
        return "".join(name for name in "abcd" if kept.get("", [ord(name)]) is not None)

    for name in "abc":
        note(name)
    assert kept.get("", [ord("a")]) is not None
    note("d")
    for _ in range(3):
        note("d")  # the same one counts once
    assert known() == "acd"
