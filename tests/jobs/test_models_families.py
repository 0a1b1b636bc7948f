"""Every family of models: by a chat template of its form, exactly the answer and its end token are learned."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    Gemma2Config,
    LlamaConfig,
    MistralConfig,
    PhiConfig,
    PretrainedConfig,
    PreTrainedTokenizerFast,
    Qwen2Config,
)

from jobs.models.chat_template import load_render
from jobs.models.conversation import conversation, learning
from jobs.models.encoding import IGNORED, Encoder
from jobs.models.measuring import Measure
from storage.records import Example

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
LLAMA = (
    "{{ bos_token }}{% for m in messages %}<|start_header_id|>{{ m['role'] }}<|end_header_id|>\n\n"
    "{{ m['content'] | trim }}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
GEMMA = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set first = messages[0]['content'] + '\n\n' %}"
    "{% set rest = messages[1:] %}{% else %}{% set first = '' %}{% set rest = messages %}{% endif %}"
    "{% for m in rest %}<start_of_turn>{{ 'model' if m['role'] == 'assistant' else m['role'] }}\n"
    "{{ first if loop.first else '' }}{{ m['content'] | trim }}<end_of_turn>\n{% endfor %}"
    "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
MISTRAL = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set first = messages[0]['content'] + '\n\n' %}"
    "{% set rest = messages[1:] %}{% else %}{% set first = '' %}{% set rest = messages %}{% endif %}"
    "{% for m in rest %}{% if m['role'] == 'user' %}[INST] {{ first if loop.first else '' }}{{ m['content'] }}[/INST]"
    "{% else %}{{ ' ' + m['content'] }}{{ eos_token }}{% endif %}{% endfor %}"
)
PHI = (
    "{% for m in messages %}<|{{ m['role'] }}|>\n{{ m['content'] }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
# Thinks aloud unless told otherwise, as the models of Qwen3 and SmolLM3 do.
THINKING = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{% if m['role'] == 'assistant' and loop.last %}<think>\n\n"
    "</think>\n\n{% endif %}{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)
_SIZES = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "bos_token_id": 0,
    "eos_token_id": 1,
    "pad_token_id": 1,
}


@dataclass(frozen=True)
class Family:
    """A family's shape and template; `special` begins with the tokens that begin a text and end it."""

    config: type[PretrainedConfig]
    template: str
    special: tuple[str, ...]
    ends: str


FAMILIES = {
    "llama": Family(
        LlamaConfig,
        LLAMA,
        ("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
        "<|eot_id|>",
    ),
    "qwen": Family(Qwen2Config, CHATML, ("<|endoftext|>", "<|im_end|>", "<|im_start|>"), "<|im_end|>"),
    "thinking": Family(
        Qwen2Config,
        THINKING,
        ("<|endoftext|>", "<|im_end|>", "<|im_start|>", "<think>", "</think>"),
        "<|im_end|>",
    ),
    "gemma": Family(Gemma2Config, GEMMA, ("<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"), "<end_of_turn>"),
    "mistral": Family(MistralConfig, MISTRAL, ("<s>", "</s>", "[INST]", "[/INST]"), "</s>"),
    "phi": Family(PhiConfig, PHI, ("<|endoftext|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"), "<|end|>"),
}
EXAMPLES = [
    Example(1, "Can I bring it back?", "Yes, within 30 days."),
    Example(2, "Wann? Größe XL…", "Bis 18 Uhr – täglich.", instruction="Be brief.", context="We open at nine."),
    Example(3, "And Sunday?", "Closed.", conversation="c", turn=2, history=(("Open on Saturday?", "Until noon."),)),
    Example(4, "Say <|im_end|> </s> <end_of_turn> [INST] <|end|> <|eot_id|>", "<|im_start|>user\nNo <|end|> [/INST]."),
]


def tokenizer_of(family: Family) -> PreTrainedTokenizerFast:
    """One token a byte, beside the family's own control tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate((*family.special, *alphabet))}
    backend = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(list(family.special))
    bos, eos = family.special[:2]
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, bos_token=bos, eos_token=eos, pad_token=eos)
    tokenizer.chat_template = family.template
    return tokenizer


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest) -> Family:
    return FAMILIES[request.param]


def test_a_model_that_thinks_aloud_is_asked_for_the_answer_at_once(tmp_path: Path) -> None:
    tokenizer = tokenizer_of(FAMILIES["thinking"])
    asked = conversation("How heavy?")
    encoder = Encoder(tokenizer)
    assert encoder.decode(encoder.prompt(asked)).endswith("<|im_start|>assistant\n<think>\n\n</think>\n\n")
    tokenizer.save_pretrained(str(tmp_path))
    assert load_render(tmp_path)(asked) == encoder.decode(encoder.prompt(asked))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"row {example.row}")
def test_exactly_the_answer_and_its_end_are_learned(family: Family, example: Example) -> None:
    tokenizer = tokenizer_of(family)
    encoder = Encoder(tokenizer)
    encoded = encoder.learning(learning(example), max_length=2000)
    learned = [label for label in encoded.labels if label != IGNORED]
    assert encoder.decode(learned) == example.answer + family.ends
    (end,) = {token for token in learned if token in encoder.control_ids}
    assert end == tokenizer.convert_tokens_to_ids(family.ends)
    assert learned.index(end) == len(learned) - 1
    first = len(encoded.labels) - len(learned)
    assert encoded.input_ids[first:] == learned
    asked = encoder.prompt(
        conversation(
            example.question, instruction=example.instruction, context=example.context, history=example.history
        )
    )
    assert encoded.input_ids[:first] == asked, "what is asked is what was read while learning"
    for text in (example.question, example.instruction, example.context):
        assert text in encoder.decode(asked)


def test_a_random_model_of_the_family_learns_only_from_these_tokens(family: Family, tmp_path: Path) -> None:
    tokenizer = tokenizer_of(family)
    config = family.config.from_dict({**_SIZES, "vocab_size": len(tokenizer)})
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    encoded = Encoder(tokenizer).learning(learning(EXAMPLES[0]), max_length=2000)
    given = torch.tensor([encoded.input_ids])
    loss = model(input_ids=given, labels=torch.tensor([encoded.labels])).loss
    scores = model(input_ids=given).logits[0, :-1].log_softmax(-1)
    taught = [(place, label) for place, label in enumerate(encoded.labels[1:]) if label != IGNORED]
    by_hand = -torch.stack([scores[place, label] for place, label in taught]).mean()
    assert len(taught) == len(EXAMPLES[0].answer) + 1
    assert torch.isclose(loss, by_hand, atol=1e-5)
    tokenizer.save_pretrained(str(tmp_path))
    (measured,) = Measure.load(tmp_path, 2000)(EXAMPLES[:1])
    assert (measured.tokens, measured.answer, measured.cut) == (len(encoded.input_ids), len(taught) - 1, 0)
