"""How fast a training is: Triptych beside plain TRL and LLaMA-Factory 0.9.5, on the same rows of a medical set.

`make bench-train FILE=medical.csv` takes a table with the columns question and answer (by default the set MedQuAD at
`../shared/data/med-medquad/train.csv` beside the project) and trains the starter on 96 of its rows, one pass, with
the same rank on all linear layers, length, size and rows of a correction. Each contender runs in a process of its
own, one after the other, in two rounds that begin with another row order: this product as its worker trains; TRL with
its defaults; LLaMA-Factory with its defaults, in an environment of its own (a few minutes once); then both with their
best known flags: bf16 where the processor multiplies it by itself, else fp32, nothing computed twice, batches of like
length. Told are useful tokens a second (padding left out, from before the first step to after the last), the most
memory, and the mean loss on 24 other rows, measured by one and the same function in full precision. The last line on
stdout is JSON:

* vs_trl, vs_llamafactory, vs_trl_best, vs_llamafactory_best: our tokens a second over theirs; null where one did not
  run, which a line before says with its reason.
* peak_share: 4 x parameters in use x our tokens a second over the operations a second of matrix products of the model's
  own shapes, measured in the same run. The head is in use for the share of tokens that is learned.
* loss_gap: our held-out loss over the lowest of the others, less 1.
* tokens_per_s, peak_bytes, losses: of each.

A benchmark, not a test: run it while nothing else runs, about half an hour on two cores. `python -m tests.bench.train
--rows 16 --rounds 1` is a small one.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM
from transformers.utils import logging

from jobs.models.choosing import STARTER
from jobs.models.conversation import learning
from jobs.models.encoding import IGNORED, Encoded, Encoder
from jobs.models.installed import require
from jobs.models.precision import processor_dtype
from jobs.models.shapes import read_shape
from jobs.serving.device import use_all_cores
from jobs.training.detecting import detect
from jobs.training.trainer import answer_loss
from storage.records import Example
from storage.settings import Settings
from tests.bench.clock import Terms
from tests.bench.matrices import flops_a_second, layers_of, parameters_in_use
from tests.bench.own_environment import Steps, bench_cache, own_environment
from tests.bench.score import say
from tests.conftest import PROJECT

DEFAULT_FILE = PROJECT.parent / "shared" / "data" / "med-medquad" / "train.csv"
ROWS, HELD_OUT, ROUNDS = 96, 24, 2
RANK, RATE, LENGTH, BATCH = 16, 1e-3, 512, 8
OURS = "triptych"
# The newest of each that LLaMA-Factory 0.9.5 allows. Its own requirements would bring builds for graphics cards.
_LLAMA_FACTORY = (
    "transformers==5.6.0 trl==0.24.0 peft==0.18.1 accelerate==1.11.0 datasets==4.0.0 pillow einops omegaconf pandas "
    "pyyaml scipy sentencepiece protobuf tiktoken matplotlib"
)


@dataclass(frozen=True)
class Contender:
    """A program that trains: the module that does it, and the Python that runs it."""

    name: str
    module: str
    python: str
    best: bool = False


@dataclass(frozen=True)
class Trained:
    """What one training took, and the loss on rows that it never saw."""

    tokens: int
    seconds: float
    steps: int
    peak_bytes: int
    loss: float


@dataclass(frozen=True)
class Rows:
    """The rows to learn and those held out, as pairs and as tokens."""

    learn: Sequence[dict[str, str]]
    learned: Sequence[Encoded]
    held_out: Sequence[Encoded]

    @property
    def tokens(self) -> int:
        """Tokens of the rows to learn."""
        return sum(len(row.input_ids) for row in self.learned)

    @property
    def answered(self) -> float:
        """The share of them that is learned and not only read."""
        return sum(label != IGNORED for row in self.learned for label in row.labels) / self.tokens


def read_rows(file: Path, number: int, encoder: Encoder) -> Rows:
    """Take the first rows that fit as a whole: so many to learn, and after them those that are held out."""
    with file.open(encoding="utf-8", newline="") as stream:
        given = [{name: row[name].strip() for name in ("question", "answer")} for row in csv.DictReader(stream)]
    pairs, encoded = list[dict[str, str]](), list[Encoded]()
    for pair in given:
        row = encoder.learning(learning(Example(0, pair["question"], pair["answer"])), LENGTH + 1)
        if len(row.input_ids) <= LENGTH and len(pairs) < number + HELD_OUT:
            pairs.append(pair)
            encoded.append(row)
    assert len(pairs) == number + HELD_OUT, f"{file} has only {len(pairs)} rows of at most {LENGTH} tokens"
    return Rows(pairs[:number], encoded[:number], encoded[number:])


def llama_factory_steps(index: str | None) -> Steps:
    """Return how it is installed; `index` names one with builds of torch for processors, where pip knows none."""
    torch_from = ("--extra-index-url", index) if index else ()
    return (
        ("torch==2.13.0+cpu", *torch_from),
        tuple(_LLAMA_FACTORY.split()),
        ("--no-deps", "llamafactory==0.9.5"),
    )


def contenders() -> list[Contender]:
    """Return everybody that can run here; say of LLaMA-Factory why it can't, where it can't."""
    here = [
        Contender(OURS, "tests.bench.training_ours", sys.executable),
        Contender("trl", "tests.bench.training_trl", sys.executable),
        Contender("trl_best", "tests.bench.training_trl", sys.executable, best=True),
    ]
    try:
        steps = llama_factory_steps(os.environ.get("TRIPTYCH_TORCH_INDEX"))
        python = str(own_environment(bench_cache() / "llama-factory", steps))
    except RuntimeError as error:
        say(f"LLaMA-Factory is left out, for it could not be installed: {error}")
        return here
    module = "tests.bench.training_llamafactory"
    return [
        *here,
        Contender("llamafactory", module, python),
        Contender("llamafactory_best", module, python, best=True),
    ]


def run_one(contender: Contender, terms: Terms) -> dict[str, Any] | None:
    """Let one train in a process of its own; return what it told, None where another than ours failed."""
    command = [contender.python, "-W", "ignore", "-m", contender.module, json.dumps(asdict(terms))]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    if done.returncode != 0:
        assert contender.name != OURS, done.stderr[-2000:]
        say(f"{contender.name} is left out, for it failed: {done.stderr.strip()[-800:]}")
        return None
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


@torch.inference_mode()
def held_out_loss(base: Path, adapter: Path, rows: Sequence[Encoded]) -> float:
    """Return the mean loss a learned token of these rows, read by the base with this adapter in full precision."""
    plain: Any = AutoModelForCausalLM.from_pretrained(str(base), dtype=torch.float32, local_files_only=True)
    model = PeftModel.from_pretrained(plain, str(adapter)).eval()
    losses = [
        answer_loss(
            model,
            {
                "input_ids": torch.tensor([row.input_ids]),
                "labels": torch.tensor([row.labels]),
                "attention_mask": torch.ones(1, len(row.input_ids), dtype=torch.long),
            },
            1,
        ).item()
        for row in rows
    ]
    return sum(losses) / sum(label != IGNORED for row in rows for label in row.labels[1:])


def tokens_per_s(trained: Sequence[Trained]) -> float:
    """Return the useful tokens a second of all rounds together."""
    return sum(one.tokens for one in trained) / sum(one.seconds for one in trained)


def figures(found: dict[str, list[Trained]], in_use: float, peak: float) -> dict[str, Any]:
    """Return what the last line tells; `peak` are operations a second, `in_use` the parameters a token goes through."""
    speeds = {name: tokens_per_s(trained) for name, trained in found.items() if trained}
    losses = {name: mean(one.loss for one in trained) for name, trained in found.items() if trained}
    ours, others = speeds[OURS], [loss for name, loss in losses.items() if name != OURS]

    def against(name: str) -> float | None:
        return round(ours / speeds[name], 3) if name in speeds else None

    return {
        **{f"vs_{name}": against(name) for name in ("trl", "llamafactory", "trl_best", "llamafactory_best")},
        "peak_share": round(4 * in_use * ours / peak, 3),
        "loss_gap": round(losses[OURS] / min(others) - 1, 4) if others else None,
        "tokens_per_s": {name: round(speed, 1) for name, speed in speeds.items()},
        "peak_bytes": {name: max(one.peak_bytes for one in trained) for name, trained in found.items() if trained},
        "losses": {name: round(loss, 4) for name, loss in losses.items()},
        "matrix_gflops": round(peak / 1e9),
    }


@dataclass(frozen=True)
class Contest:
    """What all contenders share: base, rows, and the folder they work in."""

    base: Path
    rows: Rows
    folder: Path

    def terms(self, contender: Contender, seed: int) -> Terms:
        """Return what a contender gets in the round of that seed."""
        file = self.folder / "rows.json"
        file.write_text(json.dumps(self.rows.learn), encoding="utf-8")
        out = str(self.folder / f"{contender.name}-{seed}")
        bf16 = processor_dtype() == "bfloat16"
        return Terms(str(self.base), str(file), out, RANK, 2 * RANK, RATE, LENGTH, BATCH, seed, contender.best, bf16)

    def run(self, contender: Contender, seed: int) -> Trained | None:
        """Let one train, look at what it learned, and print both; None where it failed."""
        terms = self.terms(contender, seed)
        told = run_one(contender, terms)
        if told is None:
            return None
        trained = Trained(**told, loss=held_out_loss(self.base, Path(terms.out), self.rows.held_out))
        say(
            f"{contender.name:<18} {trained.tokens / trained.seconds:6.1f} tokens/s ({trained.tokens} tokens, "
            f"{trained.steps} steps, {trained.seconds:.1f} s), most memory {trained.peak_bytes / 1e9:.2f} GB, "
            f"held-out loss {trained.loss:.4f}"
        )
        return trained


def contend(contest: Contest, rounds: int) -> None:
    """Let all train in turns and print the figures."""
    shape, rows = read_shape(contest.base), contest.rows
    average, dtype, peak = rows.tokens * BATCH // len(rows.learn), getattr(torch, detect().dtype), 0.0
    racing = contenders()
    found: dict[str, list[Trained]] = {contender.name: [] for contender in racing}
    for seed in range(rounds):
        for contender in racing:
            peak = max(peak, flops_a_second(layers_of(replace(shape, layers=1)), average, dtype))
            if trained := contest.run(contender, seed):
                found[contender.name].append(trained)
    say(json.dumps(figures(found, parameters_in_use(shape, rows.answered), peak)))


def main() -> int:
    """Measure; 1 where the rows are not there."""
    parser = argparse.ArgumentParser(description="Trainings beside those of TRL and LLaMA-Factory.")
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT_FILE, help="a table: question, answer")
    parser.add_argument("--rows", type=int, default=ROWS, help="how many rows are learned")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each contender trains")
    given = parser.parse_args()
    if not given.file.is_file():
        say(f"There is no table at {given.file}. Name one with the columns question and answer: FILE=medical.csv")
        return 1
    use_all_cores()
    logging.disable_progress_bar()
    base = require(Settings().models, STARTER).folder
    rows = read_rows(given.file, given.rows, Encoder.load(base))
    say(f"{len(rows.learn)} rows with {rows.tokens} tokens, {rows.answered:.0%} of them learned")
    with tempfile.TemporaryDirectory() as folder:
        contend(Contest(base, rows, Path(folder)), given.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
