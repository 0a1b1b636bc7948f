"""Masks over the next token: an answer out of given choices, by a JSON schema, or by a grammar."""

import json
from functools import cached_property
from typing import Any

import llguidance
import numpy as np
import torch
from llguidance.hf import from_tokenizer

from storage.errors import UserFault

# Keys and punctuation are written as models usually see them; free spaces would let a small model write them for ever.
_JSON_STYLE: Any = {"item_separator": ", ", "key_separator": ": ", "whitespace_flexible": False}


class UnusableFormat(UserFault):
    """A response format that no mask can be made of."""

    next_step = "Use json_schema, choice or grammar, with a valid schema, choices or Lark grammar."


class Masks:
    """Makes masks for one tokenizer; wrapping it takes half a second, so it is done once, when first needed."""

    def __init__(self, tokenizer: Any, vocabulary: int, end_ids: list[int]) -> None:
        self._tokenizer = tokenizer
        self._vocabulary = vocabulary
        self._end_ids = end_ids

    @cached_property
    def wrapped(self) -> llguidance.LLTokenizer:
        """The tokenizer as llguidance reads it."""
        return from_tokenizer(self._tokenizer, n_vocab=self._vocabulary, eos_token=self._end_ids)

    def make(self, response_format: dict[str, Any] | None) -> "Mask | None":
        """Return the mask for a request's response format, None for free text; raise UnusableFormat."""
        if not response_format or response_format.get("type") == "text":
            return None
        matcher = llguidance.LLMatcher(self.wrapped, _grammar(response_format), log_level=0)
        if matcher.is_error():
            raise UnusableFormat(f"The response format can't be used: {matcher.get_error().splitlines()[0]}")
        return Mask(matcher, self.wrapped)


class Mask:
    """Which tokens may come next in one answer."""

    def __init__(self, matcher: llguidance.LLMatcher, tokenizer: llguidance.LLTokenizer) -> None:
        self._matcher = matcher
        self._tokenizer = tokenizer

    def allowed(self) -> torch.Tensor:
        """Return one boolean a token of the vocabulary."""
        packed = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        return torch.from_numpy(np.unpackbits(packed, bitorder="little")[: self._tokenizer.vocab_size].astype(bool))

    def take(self, token: int) -> None:
        """Note that `token` was chosen."""
        if not self._matcher.consume_token(token):
            raise UnusableFormat(f"The response format can't be followed further: {self._matcher.get_error()}")

    def rest(self) -> list[int] | None:
        """Return the tokens that are left where only one way to the end remains, else None."""
        if self._matcher.is_stopped():
            return []
        forced = self._tokenizer.tokenize_bytes(self._matcher.compute_ff_bytes())
        if not forced or not self._matcher.consume_tokens(forced):
            return None
        if self._matcher.is_stopped():
            return forced
        self._matcher.rollback(len(forced))
        return None


def _grammar(response_format: dict[str, Any]) -> str:
    match response_format:
        case {"type": "choice", "choices": [_, *_] as choices}:
            options = " | ".join(json.dumps(str(choice), ensure_ascii=False) for choice in choices)
            return llguidance.LLMatcher.grammar_from_lark(f"start: {options}")
        case {"type": "json_schema", "json_schema": {"schema": dict() as schema}}:
            return llguidance.LLMatcher.grammar_from_json_schema(schema, defaults=_JSON_STYLE)
        case {"type": "grammar", "lark": str() as lark}:
            return llguidance.LLMatcher.grammar_from_lark(lark)
    raise UnusableFormat(f"The response format {response_format.get('type')!r} is not known or lacks a part.")
