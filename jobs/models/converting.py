"""The fixed recipe from a GGUF file to the kept form: bf16 safetensors, tokenizer, config. Runs as its own process."""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging


def convert(source: Path, target: Path) -> None:
    """Read the GGUF file `source` and write `target`/{config.json, model.safetensors, tokenizer…} in bf16."""
    folder, name = str(source.parent), source.name
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=name)
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.bfloat16)
    # The weights are plain tensors by now; with these marks left on it, the model would refuse to be saved as such.
    vars(model).update(hf_quantizer=None, is_quantized=False)
    vars(model.config).pop("quantization_config", None)
    model.save_pretrained(str(target))
    tokenizer.save_pretrained(str(target))


if __name__ == "__main__":
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
