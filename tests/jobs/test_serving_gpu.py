"""The model server on an NVIDIA card: what shares a batch or a card gets there what it gets alone."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from jobs.models.installed import require
from jobs.serving.base import Base
from jobs.serving.device import Device, best_device, card_bytes
from jobs.serving.embedder import Embedder
from jobs.serving.engine import Engine
from jobs.serving.tickets import Asked
from tests.serving import EXACT, Following, make_adapter, prompt, tiny_models

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no NVIDIA GPU"),
]
CARD = Device("cuda", torch.float32)
QUESTIONS = ("Hi", "What is the longest river of the world, please?", "And?", "Tell me more, as much as you can.")


def started(device: Device) -> Engine:
    return Engine(Base(require(tiny_models(), "starter"), device))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = started(CARD)
    yield made
    made.close()


def asked_of(engine: Engine, folder: Path) -> list[Asked]:
    """Return a question for the base, two for adapters that are chosen within one batch, and one that joins them."""
    shelf = engine.base.shelf(folder)
    adapters = [shelf.get(make_adapter(folder, tiny_models() / "starter", seed=seed)) for seed in (1, 2)]
    plans = [None, *adapters, adapters[0]]
    return [
        Asked(prompt(engine.base, question), adapter, max_tokens=24 + 8 * number)
        for number, (question, adapter) in enumerate(zip(QUESTIONS, plans, strict=True))
    ]


def test_rows_of_base_and_adapters_are_in_a_batch_what_they_are_alone(engine: Engine, tmp_path: Path) -> None:
    wanted = asked_of(engine, tmp_path)
    single = [Following(engine, asked).answered().text for asked in wanted]
    assert len(set(single)) == len(single)
    together = [Following(engine, asked) for asked in wanted]
    assert [following.answered().text for following in together] == single


def test_a_card_and_the_processor_read_the_same_out_of_a_prompt(engine: Engine, tmp_path: Path) -> None:
    base = Base(require(tiny_models(), "starter"), EXACT)
    question = prompt(base, QUESTIONS[1])
    adapter = make_adapter(tmp_path, tiny_models() / "starter")
    for through in (None, adapter):
        ours, theirs = (
            one.read(question, one.shelf(tmp_path).get(through) if through else None)[0].float().cpu()
            for one in (engine.base, base)
        )
        assert torch.allclose(ours, theirs, atol=1e-3)


def test_the_fastest_precision_of_the_card_answers_and_what_it_holds_is_counted(tmp_path: Path) -> None:
    device = best_device()
    engine = started(device)
    answers = [Following(engine, asked) for asked in asked_of(engine, tmp_path)]
    assert all(following.answered().text for following in answers)
    assert card_bytes(device) >= engine.base.bytes
    engine.close()


def test_vectors_are_those_of_the_processor() -> None:
    files = require(tiny_models(), "embedder")
    ours, theirs = (np.array(Embedder(files, device).embed(QUESTIONS)) for device in (best_device(), EXACT))
    assert np.min(np.sum(ours * theirs, axis=1)) > 0.9999
