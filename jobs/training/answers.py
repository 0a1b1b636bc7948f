"""Short greedy answers of a model that is in memory, several questions at once."""

from collections.abc import Sequence
from typing import Any

import torch
from transformers import GenerationConfig

from jobs.models.conversation import conversation
from jobs.models.encoding import Encoder
from jobs.models.one_thread import one_thread
from storage.records import Example


def prompts(encoder: Encoder, examples: Sequence[Example]) -> list[list[int]]:
    """Return the tokens up to where each answer begins, just as when a person asks."""
    return [
        encoder.prompt(conversation(example.question, instruction=example.instruction, context=example.context))
        for example in examples
    ]


@torch.no_grad()
def answer(model: Any, encoder: Encoder, asked: Sequence[list[int]], most_tokens: int) -> list[list[int]]:
    """Return the tokens of the model's likeliest answers, word by word, without the token that ends them."""
    pad, end = encoder.tokenizer.pad_token_id, encoder.tokenizer.eos_token_id
    longest = max(map(len, asked))
    inputs = torch.tensor([[pad] * (longest - len(ids)) + ids for ids in asked], device=model.device)
    seen = torch.tensor([[0] * (longest - len(ids)) + [1] * len(ids) for ids in asked], device=model.device)
    config = GenerationConfig(max_new_tokens=most_tokens, do_sample=False, pad_token_id=pad, eos_token_id=end)
    model.eval()
    with one_thread():  # word by word, threads wait for each other longer than they help
        written = model.generate(input_ids=inputs, attention_mask=seen, generation_config=config)[:, longest:]
    return [ids[: ids.index(end)] if end in ids else ids for ids in written.tolist()]


def texts(encoder: Encoder, answers: Sequence[list[int]]) -> list[str]:
    """Return the answers as text."""
    return [encoder.tokenizer.decode(ids, skip_special_tokens=True).strip() for ids in answers]
