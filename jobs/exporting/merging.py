"""One model with the adapter inside: merged in full precision, written as transformers reads it, and asked again."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from jobs.models.encoding import Encoder

# Of a base: what is not weights and not a record of ours.
_BESIDE = ("tokenizer*", "special_tokens_map.json", "chat_template*", "generation_config.json", "vocab.*", "merges.*")
TOKENS = 32
# A model twice as large as this would not fit beside itself in full precision on most computers.
_FULL_PRECISION = 1_500_000_000


@dataclass(frozen=True, slots=True)
class Said:
    """What the studio's own model answered to a prompt, greedily: token ids of both."""

    prompt: list[int]
    answer: list[int]


@dataclass(frozen=True, slots=True)
class Compared:
    """How far a written model answers as the studio's own does.

    `tokens` of the studio's answers were looked at; at `same` of them the written model would have chosen the same next
    token; `whole` of `answers` answers are the same to their end.
    """

    answers: int
    whole: int
    tokens: int
    same: int

    @property
    def share(self) -> float:
        """The share of tokens that are the same."""
        return self.same / self.tokens if self.tokens else 0.0


def precision(parameters: int) -> torch.dtype:
    """Return the precision to merge and to compare in."""
    return torch.float32 if parameters <= _FULL_PRECISION else torch.bfloat16


def load_tuned(base: Path, adapter: Path, dtype: torch.dtype) -> Any:
    """Return the base with the adapter on it, as PEFT reads both; nothing is fetched and no code of a model is run."""
    return PeftModel.from_pretrained(_load(base, dtype), str(adapter)).eval()


def load_written(folder: Path, dtype: torch.dtype, gguf: str = "") -> Any:
    """Return a model that was written here; `gguf` names its file where it is one."""
    more = {"gguf_file": gguf} if gguf else {}
    return _load(folder, dtype, **more)


def _load(folder: Path, dtype: torch.dtype, **more: str) -> Any:
    model: Any = AutoModelForCausalLM.from_pretrained(
        str(folder), dtype=dtype, local_files_only=True, trust_remote_code=False, **more
    )
    return model.eval()


@torch.inference_mode()
def answers(model: Any, encoder: Encoder, questions: Sequence[str]) -> list[Said]:
    """Let a model answer each question greedily, at most 32 tokens."""
    how = {"max_new_tokens": TOKENS, "do_sample": False, "pad_token_id": encoder.tokenizer.eos_token_id}
    said: list[Said] = []
    for question in questions:
        prompt = encoder.prompt([{"role": "user", "content": question}])
        out = model.generate(input_ids=torch.tensor([prompt]), **how)
        said.append(Said(prompt, out[0, len(prompt) :].tolist()))
    return said


@torch.inference_mode()
def compare(model: Any, said: Sequence[Said]) -> Compared:
    """Return how often `model` chooses the next token that was said, each after all that was said before it."""
    tokens = same = whole = 0
    for one in said:
        logits = model(input_ids=torch.tensor([one.prompt + one.answer])).logits[0]
        chosen = logits[len(one.prompt) - 1 : -1].argmax(-1).tolist()
        hits = sum(mine == theirs for mine, theirs in zip(chosen, one.answer, strict=True))
        tokens, same, whole = tokens + len(one.answer), same + hits, whole + (hits == len(one.answer))
    return Compared(len(said), whole, tokens, same)


def write_merged(model: Any, base: Path, folder: Path) -> None:
    """Write a merged model in the base's own precision, with the base's tokenizer and template beside it."""
    kept = AutoModelForCausalLM.from_pretrained(str(base), local_files_only=True, trust_remote_code=False, dtype="auto")
    model.to(kept.dtype).save_pretrained(str(folder))
    copy_beside(base, folder)


def copy_beside(base: Path, folder: Path) -> None:
    """Copy what belongs to a model beside its weights."""
    for pattern in _BESIDE:
        for file in base.glob(pattern):
            shutil.copyfile(file, folder / file.name)
