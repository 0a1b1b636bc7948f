"""Rows in a line behind their common beginning: the same loss and gradient as padded rows, with fewer tokens."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig

from jobs.models.encoding import IGNORED, Encoded
from jobs.requests import Train
from jobs.training import setting_up
from jobs.training.preparing import prepare
from jobs.training.setting_up import set_up
from jobs.training.sharing import in_line, logits_of, own_lengths, share_beginnings
from jobs.training.trainer import answer_loss, shared_loss
from tests.claimed import claimed_context
from tests.jobs.small_training import keep, open_small

SHAPE: dict[str, Any] = {
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
}
BEGIN = [7, 8, 9, 10]


def model(attention: str = "sdpa", config: Any = LlamaConfig, **more: Any) -> Any:
    """Return a small model with weights by chance."""
    torch.manual_seed(1)
    return AutoModelForCausalLM.from_config(config(**SHAPE, **more), attn_implementation=attention)


def batch(*rows: tuple[list[int], list[int]]) -> dict[str, torch.Tensor]:
    """Return rows of a question and an answer, padded on the right, as the collator gives them."""
    longest = max(len(question) + len(answer) for question, answer in rows)
    made: dict[str, list[list[int]]] = {"input_ids": [], "attention_mask": [], "labels": []}
    for question, answer in rows:
        left = longest - len(question) - len(answer)
        made["input_ids"].append([*question, *answer, *[0] * left])
        made["attention_mask"].append([1] * (longest - left) + [0] * left)
        made["labels"].append([IGNORED] * len(question) + answer + [IGNORED] * left)
    return {name: torch.tensor(values) for name, values in made.items()}


BATCHES = {
    "alike at the beginning": batch(
        ([*BEGIN, 20, 21], [30, 31, 2]), ([*BEGIN, 22], [32, 2]), ([*BEGIN, 23, 20, 24], [2])
    ),
    "alike until the answer": batch((BEGIN, [30, 31, 2]), (BEGIN, [32, 2])),
    "one within another": batch((BEGIN, [30, 2]), ([*BEGIN, 30, 2, 41], [30, 2])),
    "nothing alike": batch(([11, 12], [30, 2]), ([13, 14, 15], [31, 2])),
    "the same twice": batch((BEGIN, [30, 2]), (BEGIN, [30, 2])),
    "one row": batch(([*BEGIN, 20], [30, 31, 2])),
}


@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize("count", [None, 11])
def test_loss_and_gradient_are_those_of_padded_rows(name: str, count: int | None) -> None:
    padded, shared = model(), model()
    assert share_beginnings(shared, longest=9)
    told = [loss(one, BATCHES[name], count) for loss, one in ((answer_loss, padded), (shared_loss, shared))]
    for loss in told:
        loss.backward()
    torch.testing.assert_close(told[0], told[1], rtol=1e-5, atol=1e-6)
    for one, other in zip(padded.parameters(), shared.parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad, rtol=1e-4, atol=1e-6)


def test_what_rows_begin_with_goes_through_once_and_padding_never() -> None:
    inputs = BATCHES["alike at the beginning"]
    line = in_line(inputs["input_ids"], inputs["attention_mask"], inputs["labels"])
    shared = len(BEGIN) - 1
    assert len(line.ids) == int(inputs["attention_mask"].sum()) - 2 * shared
    assert line.ids.tolist() == [*BEGIN, 20, 21, 30, 31, 2, 10, 22, 32, 2, 10, 23, 20, 24, 2]
    assert line.positions.tolist() == [*range(9), *range(3, 7), *range(3, 8)]
    assert [token for token in line.targets.tolist() if token != IGNORED] == [30, 31, 2, 32, 2, 2]


def test_no_row_sees_another() -> None:
    shared = model()
    assert share_beginnings(shared, longest=9)
    first, second = (
        batch(([*BEGIN, 20], [30, 2]), ([*BEGIN, 21], [31, 2])),
        batch(([*BEGIN, 20], [30, 2]), ([*BEGIN, 40], [50, 2])),
    )
    with torch.no_grad():
        told = [
            logits_of(shared, in_line(one["input_ids"], one["attention_mask"], one["labels"]), torch.arange(7))
            for one in (first, second)
        ]
    torch.testing.assert_close(told[0], told[1], rtol=0, atol=0)


def test_padded_rows_still_go_through_a_model_that_takes_lines() -> None:
    plain, shared = model(), model()
    assert share_beginnings(shared, longest=9)
    inputs = BATCHES["alike at the beginning"]
    with torch.no_grad():
        assert answer_loss(plain, inputs) == answer_loss(shared, inputs)


def test_recomputed_activations_give_the_same_gradient() -> None:
    plain, saving = model(), model()
    for one in (plain, saving):
        assert share_beginnings(one, longest=9)
    saving.activation_checkpointing_enable()
    for one in (plain, saving):
        shared_loss(one.train(), BATCHES["alike at the beginning"]).backward()
    for one, other in zip(plain.parameters(), saving.parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad)


@pytest.mark.parametrize(
    ("kept", "longest", "shares"),
    [
        (model("eager"), 9, False),
        (model(config=MistralConfig, sliding_window=8), 9, False),
        (model(config=MistralConfig, sliding_window=8), 8, True),
    ],
    ids=["another attention", "a window shorter than the rows", "a window as long as the rows"],
)
def test_a_model_that_can_not_take_lines_stays_as_it_was(kept: Any, longest: int, shares: bool) -> None:
    before = kept.config._attn_implementation
    assert share_beginnings(kept, longest) is shares
    assert (kept.config._attn_implementation == before) is not shares


def test_a_model_that_mixes_the_rows_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    mixing = model()
    forward = mixing.model.forward
    monkeypatch.setattr(
        mixing.model,
        "forward",
        lambda *given, attention_mask=None, **more: forward(*given, attention_mask=None, **more),
    )
    assert not share_beginnings(mixing, longest=9)
    assert mixing.config._attn_implementation == "sdpa"


def test_lengths_leave_out_what_all_rows_begin_with() -> None:
    rows = [Encoded([*BEGIN, *range(20 + more, 20 + 2 * more)], [IGNORED] * (4 + more)) for more in (1, 3, 5)]
    assert own_lengths(rows, shared=False) == [5, 7, 9]
    assert own_lengths(rows, shared=True) == [2, 4, 6]
    assert own_lengths(rows[:1], shared=True) == [1]


@pytest.mark.parametrize(("shares", "alike"), [(True, False), (False, True)])
def test_a_step_holds_rows_of_like_length_only_where_padding_goes_through_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shares: bool, alike: bool
) -> None:
    monkeypatch.setattr(setting_up, "share_beginnings", lambda _model, _longest: shares)
    workspace = open_small(tmp_path)
    try:
        request = Train(dataset_id=keep(workspace))
        context = claimed_context(workspace, request)
        assert set_up(prepare(request, context), context).order.alike is alike
    finally:
        workspace.close()


def test_a_training_sends_fewer_tokens_through_the_model_than_its_rows_have(tmp_path: Path) -> None:
    workspace = open_small(tmp_path)
    try:
        request = Train(dataset_id=keep(workspace))
        context = claimed_context(workspace, request)
        trainer = set_up(prepare(request, context), context).trainer
        inputs = next(iter(trainer.get_train_dataloader()))
        sent = list[int]()
        trainer.model.get_input_embeddings().register_forward_hook(
            lambda _layer, ids, _out: sent.append(ids[0].numel())
        )
        with torch.no_grad():
            loss = trainer.compute_loss(trainer.model, inputs)
            torch.testing.assert_close(loss, answer_loss(trainer.model, inputs), rtol=1e-4, atol=1e-4)
        assert sent[0] < 0.7 * int(inputs["attention_mask"].sum())
    finally:
        workspace.close()
