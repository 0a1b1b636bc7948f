"""A training by LLaMA-Factory on the terms of a benchmark; runs in an environment of its own, which has no Triptych."""

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from transformers.utils import is_torchaudio_available

from tests.bench.clock import Clock, Terms


def best(*, bf16: bool) -> dict[str, Any]:
    """Return its best known flags, as for TRL; what it calls pure_bf16 it allows on graphics cards only."""
    return {
        "bf16": bf16,
        "disable_gradient_checkpointing": True,
        "train_sampling_strategy": "group_by_length",
    }


def write_rows(folder: Path, terms: Terms) -> None:
    """Write the rows and the table of contents that it reads them by."""
    folder.mkdir(parents=True)
    rows = [{"instruction": pair["question"], "input": "", "output": pair["answer"]} for pair in terms.pairs()]
    (folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "dataset_info.json").write_text(json.dumps({"rows": {"file_name": "rows.json"}}), encoding="utf-8")


def settings(folder: Path, terms: Terms) -> dict[str, Any]:
    """Return what is not left to its defaults."""
    return {
        "stage": "sft",
        "do_train": True,
        "model_name_or_path": terms.base,
        "dataset": "rows",
        "dataset_dir": str(folder),
        "template": "smollm2",
        "cutoff_len": terms.length,
        "finetuning_type": "lora",
        "lora_rank": terms.rank,
        "lora_alpha": terms.alpha,
        "lora_target": "all",
        "output_dir": terms.out,
        "use_cpu": True,
        "num_train_epochs": 1,
        "per_device_train_batch_size": terms.batch,
        "learning_rate": terms.rate,
        "seed": terms.seed,
        "save_strategy": "no",
        "report_to": "none",
        "include_num_input_tokens_seen": "non_padding",
        **(best(bf16=terms.bf16) if terms.best else {}),
    }


def main() -> None:
    """Train and tell what was measured."""
    terms, clock = Terms.given(), Clock()
    folder = Path(f"{terms.out}-rows")
    write_rows(folder, terms)
    # It imports torchaudio for sounds, of which there are none here; no build of it goes with this torch. transformers
    # looks for it once, and must find that it is not there.
    assert not is_torchaudio_available()
    sys.modules["torchaudio"] = ModuleType("torchaudio")
    from llamafactory.train.tuner import run_exp  # noqa: PLC0415 - it needs the module above

    run_exp(settings(folder, terms), callbacks=[clock])
    clock.tell()


if __name__ == "__main__":
    main()
