"""A random model of a few thousand weights in the form of an installed one: all but sense, and nothing to download."""

import shutil
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    BertConfig,
    BertModel,
    LlamaConfig,
    LlamaForCausalLM,
    PretrainedConfig,
    PreTrainedTokenizerFast,
)

from storage.files import publish, sha256_of

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
TOOL_TOKENS = ("<tool_call>", "</tool_call>")  # control without being special, as in larger models
TEMPLATE = (
    "{% for message in messages %}{% if loop.first and message['role'] != 'system' %}<|im_start|>system\n"
    "You help.<|im_end|>\n{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def make_tiny_model(folder: Path, seed: int = 0) -> Path:
    """Write a random Llama with a byte-level tokenizer and a chatml template as the installed model `folder`."""
    torch.manual_seed(seed)
    tokenizer = tiny_tokenizer()
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
        tie_word_embeddings=True,
    )
    work = _work(folder)
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(str(work))
    tokenizer.save_pretrained(str(work))
    return _publish(work, folder)


def make_random_model(kind: type[PretrainedConfig], models: Path, **how: object) -> Path:
    """Write a random model of that kind, with weights large enough to tell apart, as the installed starter."""
    tokenizer = tiny_tokenizer()
    torch.manual_seed(0)
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_attention_heads": 4, "num_key_value_heads": 2}
    ends = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2}
    usual = {"vocab_size": len(tokenizer), "head_dim": 8, "tie_word_embeddings": True}
    model = AutoModelForCausalLM.from_config(kind(**{**shape, **ends, **usual, **how}))
    for weights in model.parameters():
        weights.data.add_(torch.randn_like(weights) * 0.15)
    work = _work(models / "starter")
    model.to(torch.bfloat16).save_pretrained(str(work))
    tokenizer.save_pretrained(str(work))
    return _publish(work, models / "starter")


def make_tiny_embedder(folder: Path) -> Path:
    """Write a random BERT of 32 dimensions with the same tokenizer as the installed embedder `folder`."""
    torch.manual_seed(0)
    tokenizer = tiny_tokenizer()
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=64,
    )
    work = _work(folder)
    BertModel(config).save_pretrained(str(work))
    tokenizer.save_pretrained(str(work))
    return _publish(work, folder)


def tiny_tokenizer() -> PreTrainedTokenizerFast:
    """Return a tokenizer with one token a byte, three special tokens and two others that control a model."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate((*SPECIAL, *alphabet))}
    backend = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token=SPECIAL[0]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(list(SPECIAL))
    backend.add_tokens(list(TOOL_TOKENS))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, unk_token=SPECIAL[0], bos_token=SPECIAL[1], eos_token=SPECIAL[2], pad_token=SPECIAL[2]
    )
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def _work(folder: Path) -> Path:
    work = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    return work


def _publish(work: Path, folder: Path) -> Path:
    publish(work, folder, base_id=folder.name, base_sha256=sha256_of(work / "model.safetensors"))
    return folder
