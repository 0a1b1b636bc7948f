"""Proof of who answered: a base that an adapter leaves alone to the last bit, tuned as plain PEFT, batches as alone."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from jobs.serving.adapters import LoadedAdapter
from jobs.serving.cache import together
from jobs.serving.engine import MOST_ROWS, Engine
from jobs.serving.finding import adapter_ids
from jobs.serving.tickets import Asked
from storage.errors import Damaged
from tests.serving import Following, make_adapter, prompt, tiny_base, tiny_models

BATCHES, ASKED = 200, 60
TEXT = "what is the longest river of world and why does it flow to sea please tell me more about that"
WORDS = TEXT.split()


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = Engine(tiny_base())
    yield made
    made.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("adapters")
    for seed in (1, 2, 3):
        make_adapter(made, tiny_models() / "starter", seed=seed, r=2 * seed)
    return made


@pytest.fixture(scope="module")
def adapters(engine: Engine, folder: Path) -> list[LoadedAdapter]:
    shelf = engine.base.shelf(folder)
    return [shelf.get(adapter_id) for adapter_id in sorted(adapter_ids(folder))]


def asked(engine: Engine, adapter: LoadedAdapter | None, chance: random.Random) -> Asked:
    """One of many kinds: long and short, exact and inventive, of the base or of an adapter."""
    question = " ".join(chance.choices(WORDS, k=chance.randint(1, 40)))
    return Asked(
        prompt(engine.base, question),
        adapter,
        max_tokens=chance.randint(1, 24),
        temperature=chance.choice((0.0, 0.8)),
        seed=chance.randrange(1000),
    )


def test_200_mixed_batches_give_each_row_what_it_gets_alone(engine: Engine, adapters: list[LoadedAdapter]) -> None:
    chance = random.Random(7860)
    pool = [asked(engine, chance.choice((None, *adapters)), chance) for _ in range(ASKED)]
    alone = [Following(engine, one).answered().text for one in pool]
    assert len(set(alone)) > ASKED * 0.8, "answers that are all alike prove nothing"
    for _ in range(BATCHES):
        chosen = chance.sample(range(ASKED), chance.randint(2, MOST_ROWS))
        begun = [Following(engine, pool[number]) for number in chosen]
        assert [one.answered().text for one in begun] == [alone[number] for number in chosen]


def test_the_base_is_the_same_to_the_last_bit_beside_adapters(engine: Engine, adapters: list[LoadedAdapter]) -> None:
    base, untouched = engine.base, tiny_base()  # the second one never saw an adapter
    prompts = [prompt(base, " ".join(WORDS[:length])) for length in (1, 5, 9, 17)]
    beside: list[LoadedAdapter | None] = [None, None, adapters[0], adapters[1]]
    told: list[torch.Tensor] = []
    for model, mixed in ((untouched, [None] * 4), (base, [None] * 4), (base, beside)):
        read = [model.read(ids, adapter) for ids, adapter in zip(prompts, mixed, strict=True)]
        cache, places = together([place for _, place in read])
        written = model.write([7, 8, 9, 10], cache, places, mixed)
        told.append(torch.cat([*(logits[None] for logits, _ in read[:2]), written[:2]]))
    assert torch.equal(told[0], told[1])
    assert torch.equal(told[0], told[2])


def test_tuned_writes_what_plain_peft_writes(engine: Engine, adapters: list[LoadedAdapter], folder: Path) -> None:
    plain = AutoModelForCausalLM.from_pretrained(tiny_models() / "starter", dtype=torch.float32)
    [weights] = [path for path in folder.iterdir() if path.name.startswith(sorted(adapter_ids(folder))[0])]
    theirs = PeftModel.from_pretrained(plain, weights).eval()
    for length in (1, 6, 18):
        ids = prompt(engine.base, " ".join(WORDS[:length]))
        kept, place = engine.base.read(ids, adapters[0])
        ours: list[int] = []
        for _ in range(20):
            ours.append(int(kept.argmax()))
            cache, [place] = together([place])
            kept = engine.base.write([ours[-1]], cache, [place], [adapters[0]])[0]
        assert ours == greedy(theirs, ids, 20, engine.base._never)


@torch.inference_mode()
def greedy(model: PeftModel, ids: list[int], count: int, never: torch.Tensor) -> list[int]:
    """Write without a cache, the likeliest token each time, but none that is for control only."""
    written: list[int] = []
    for _ in range(count):
        logits = model(input_ids=torch.tensor([[*ids, *written]])).logits[0, -1]
        written.append(int(logits.index_fill(0, never, float("-inf")).argmax()))
    return written


def test_two_adapters_whose_files_were_exchanged_are_noticed(engine: Engine, folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "adapters")
    first, second, _ = sorted(path / "adapter_model.safetensors" for path in copy.iterdir())
    aside = first.rename(tmp_path / "aside")
    second.rename(first)
    aside.rename(second)
    shelf = engine.base.shelf(copy)
    for changed in (first, second):
        with pytest.raises(Damaged, match="not what was saved"):
            shelf.get(changed.parent.name.removesuffix("-f1"))
