"""The base model in memory with its two moves: read a prompt, and write one more token for every row of a batch."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, GenerationConfig
from transformers.cache_utils import Cache, DynamicCache

from jobs.models.conversation import conversation
from jobs.models.encoding import Encoder
from jobs.models.installed import Installed
from jobs.serving.adapters import AdapterShelf, LoadedAdapter
from jobs.serving.beginnings import LEAST, Beginnings
from jobs.serving.blending import Blend, blend_in
from jobs.serving.cache import Place
from jobs.serving.device import Device, free_bytes
from jobs.serving.masks import Masks
from jobs.serving.stepping import ALIKE, Step
from jobs.serving.windows import Windows

# While weights are rounded, these and others lie in memory; where this much is not free, they compute as they are.
_ROOM = 2
_SAMPLE = (
    "A customer writes: “My parcel with order number LC-4106 has not arrived. Where is it, and may I send it back "
    "within 30 days?” Please answer in two short sentences, in English, and name the price of 12.50 euros."
)


class Base:
    """One base model, ready to answer."""

    def __init__(self, installed: Installed, device: Device) -> None:
        """Load the model; nothing is fetched and no code of the model is run."""
        self.id, self.sha256, self.device = installed.id, installed.sha256, device
        model: Any = AutoModelForCausalLM.from_pretrained(
            str(installed.folder),
            dtype=device.dtype,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            attn_implementation="sdpa",
        )
        self._model = model.to(device.name).eval()
        self.bytes: int = sum(weights.nbytes for weights in self._model.parameters())
        self._blend, self._beginnings = Blend(), Beginnings()
        self.layers = blend_in(self._model, self._blend)
        self.encoder = Encoder.load(installed.folder)
        self.vocabulary: int = model.config.vocab_size
        self.longest: int = model.config.max_position_embeddings
        self._windows = Windows.of(model.config)
        self._step = self._written_out()
        self.end_ids = _end_ids(model.generation_config, self.encoder)
        self.masks = Masks(self.encoder.tokenizer, self.vocabulary, self.end_ids)
        self.blank_ids = _blank_ids(self.encoder, self.vocabulary)
        self._never = torch.tensor(sorted(_special_ids(self.encoder) - set(self.end_ids)), dtype=torch.long)

    def shelf(self, folder: Path) -> AdapterShelf:
        """Return the adapters in `folder` that fit this base."""
        return AdapterShelf(folder, self.sha256, self.device, self.layers)

    def _written_out(self) -> Step | None:
        """Return what computes faster than the model's own way, where it is known how this one is built."""
        if self.device.name != "cpu" or self._windows.window is not None or self._model.config.model_type not in ALIKE:
            return None
        step = Step(self._model)
        if self.device.int8 and free_bytes(self.device) > _ROOM * self.bytes:
            with torch.inference_mode():
                step.round(self.device.int8, torch.tensor(self.encoder.prompt(conversation(_SAMPLE))))
            self.bytes = sum(weights.nbytes for weights in self._model.parameters()) + step.bytes
        return step

    @torch.inference_mode()
    def read(self, prompt: Sequence[int], adapter: LoadedAdapter | None, shared: int = 0) -> tuple[torch.Tensor, Place]:
        """Return the logits after the prompt and where its keys and values are.

        Other prompts begin with its first `shared` tokens, too. These are read for themselves whether or not they are
        known: then both compute the same, and an answer does not depend, to the last bit, on what was asked before.
        """
        alone = shared if LEAST <= shared < len(prompt) else 0
        cache = self._beginning(prompt[:alone], adapter) if alone else DynamicCache()
        return self._choices(self._read_on(prompt[alone:], cache, adapter))[0], Place(cache, 0, 0)

    def _beginning(self, beginning: Sequence[int], adapter: LoadedAdapter | None) -> Cache:
        through = adapter.sha256 if adapter else ""
        known = self._beginnings.get(through, beginning)
        if known is not None:
            return known
        cache = DynamicCache()
        self._read_on(beginning, cache, adapter)
        self._beginnings.keep(through, beginning, cache)
        return cache

    def _read_on(self, tokens: Sequence[int], cache: Cache, adapter: LoadedAdapter | None) -> torch.Tensor:
        # The cache is not made by the model's configuration: where layers look back over a window only, what lies
        # behind it would be dropped, and rows of different lengths could no longer stand in one batch.
        ids = torch.tensor([list(tokens)], device=self.device.name)
        if self._step is not None:
            return self._step.read(ids[0], cache, adapter)[None]
        self._blend.spans = [(0, 1, adapter)] if adapter else []
        return self._model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1).logits

    @torch.inference_mode()
    def write(
        self, tokens: Sequence[int], cache: Cache, places: Sequence[Place], adapters: Sequence[LoadedAdapter | None]
    ) -> torch.Tensor:
        """Add one token to every row and return the logits after it, one line a row. Equal adapters stand together."""
        used = cache.get_seq_length()
        starts = torch.tensor([place.start for place in places])
        seen = torch.arange(used + 1)[None, :] >= starts[:, None]
        if self._step is not None:
            news, at = torch.tensor(tokens), used - starts
            return self._choices(self._step.write(news, at, seen, cache, _spans(adapters))[:, None])
        self._blend.spans = _spans(adapters)
        out = self._model(
            input_ids=torch.tensor(tokens)[:, None].to(self.device.name),
            position_ids=(used - starts)[:, None].to(self.device.name),
            attention_mask=self._windows.masks(seen[:, None, None, :].to(self.device.name)),
            past_key_values=cache,
            use_cache=True,
        )
        return self._choices(out.logits)

    def _choices(self, logits: torch.Tensor) -> torch.Tensor:
        """Return the last position's logits on the processor; control tokens other than an end are never written."""
        last = logits[:, -1].float().cpu()
        return last.index_fill_(1, self._never, float("-inf"))


def _spans(adapters: Sequence[LoadedAdapter | None]) -> list[tuple[int, int, LoadedAdapter]]:
    spans: list[tuple[int, int, LoadedAdapter]] = []
    for row, adapter in enumerate(adapters):
        if adapter is None:
            continue
        if spans and spans[-1][1] == row and spans[-1][2] is adapter:
            spans[-1] = (spans[-1][0], row + 1, adapter)
        else:
            spans.append((row, row + 1, adapter))
    return spans


def _end_ids(generation: GenerationConfig | None, encoder: Encoder) -> list[int]:
    listed = generation.eos_token_id if generation is not None else None
    ends = [listed] if isinstance(listed, int) else list(listed or [])
    return list(dict.fromkeys([*ends, encoder.tokenizer.eos_token_id]))


def _special_ids(encoder: Encoder) -> set[int]:
    added = encoder.tokenizer.backend_tokenizer.get_added_tokens_decoder()
    return {number for number, token in added.items() if token.special}


def _blank_ids(encoder: Encoder, vocabulary: int) -> list[int]:
    """Return the tokens that hold nothing but white space."""
    known = min(vocabulary, len(encoder.tokenizer))
    texts = encoder.tokenizer.backend_tokenizer.decode_batch([[number] for number in range(known)])
    return [number for number, text in enumerate(texts) if text and not text.strip()]
