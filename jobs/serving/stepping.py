"""Models that are built like Llama, written out: a prompt, or one token for every row, in fewer and larger operations.

While tokens are written one after the other a processor mostly waits: for the weights to come from memory, and for some
2,000 small operations to be started one by one. Here layers that read the same input are one product, what is needed
once a token is computed once, and on a processor the weights are whole numbers of 8 bits (decision 22).
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch.nn import functional
from transformers.cache_utils import Cache, DynamicCache

from jobs.serving.adapters import LoadedAdapter, Pair
from jobs.serving.blending import BlendedLinear
from jobs.serving.device import Int8
from jobs.serving.weights import Plain, Sides, Watched, faster_in_8_bits

# Those whose layers compute what `Layer` does: normalise, attend with rotated keys, normalise, gate.
ALIKE = frozenset({"llama", "mistral", "qwen2", "qwen3"})

# First row, row after the last, adapter.
Spans = Sequence[tuple[int, int, LoadedAdapter]]
# Puts new keys and values (rows x heads x tokens x size) behind those of one layer, and returns all that it holds.
Put = Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]

_logger = logging.getLogger(__name__)


class Product:
    """Linear layers that read the same input, as one product; each row gets its adapter's parts of all of them."""

    def __init__(self, layers: Sequence[BlendedLinear]) -> None:
        self._layers = layers
        self._names = [layer.name for layer in layers]
        self._key = self._names[0]
        self.matrix = layers[0].weight.detach() if len(layers) == 1 else _joined(layers)
        self.weights = Sides(Plain(self.matrix), Plain(self.matrix))
        biases = [layer.bias.detach() for layer in layers if layer.bias is not None]
        assert len(biases) in {0, len(layers)}, f"only some of {self._names} have a bias"
        self._bias = torch.cat(biases) if biases else None
        self._sizes = [layer.weight.shape[0] for layer in layers]

    def round(self, how: Int8, large: torch.Tensor | None) -> None:
        """Compute in 8 bits from now on; matrices that nothing reads any more leave memory, the layers' own too."""
        self.weights = Sides.rounded(self.matrix, how, large)
        if not self.weights.plain:
            for layer in self._layers:
                layer.weight = torch.nn.Parameter(torch.empty(0), requires_grad=False)
            self.matrix = torch.empty(0)

    def of(self, rows: torch.Tensor, turn: "Turn") -> torch.Tensor:
        """Return the outputs of all layers beside each other (n x the sum of their sizes)."""
        out = self.weights.of(rows, turn.one_row)
        if self._bias is not None:
            out += self._bias
        for first, after, adapter in turn.spans:
            pair = adapter.joined.get(self._key) or self._join(adapter)
            if pair is not None:
                down, up = pair
                low = functional.linear(rows[first:after].to(down.dtype), down)
                out[first:after] += (low @ up).to(out.dtype)
        return out

    def _join(self, adapter: LoadedAdapter) -> Pair | None:
        """Return the adapter's low-rank parts as one: a stack of `down`, and `up` with each part in its own columns."""
        parts = [adapter.layers.get(name) for name in self._names]
        pairs = [pair for pair in parts if pair is not None]
        if not pairs:
            return None
        up = pairs[0][1].new_zeros(sum(down.shape[0] for down, _ in pairs), sum(self._sizes))
        row = column = 0
        for pair, size in zip(parts, self._sizes, strict=True):
            if pair is not None:
                rank = pair[0].shape[0]
                up[row : row + rank, column : column + size] = pair[1]
                row += rank
            column += size
        adapter.joined[self._key] = torch.cat([down for down, _ in pairs]), up
        return adapter.joined[self._key]


class Norm:
    """Rows by their root mean square."""

    def __init__(self, norm: Any) -> None:
        self._weight, self._least = norm.weight.detach(), norm.variance_epsilon

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the rows normalised, in their own precision."""
        if self._weight.dtype is not rows.dtype:
            self._weight = self._weight.to(rows.dtype)
        return functional.rms_norm(rows, self._weight.shape, self._weight, self._least)


class Layer:
    """One layer of the model: attention, then the gated network, each added to what came in."""

    def __init__(self, layer: Any) -> None:
        attention, network = layer.self_attn, layer.mlp
        self._head = attention.head_dim
        self._scaling = attention.scaling
        self._before, self._between = Norm(layer.input_layernorm), Norm(layer.post_attention_layernorm)
        self._normed = hasattr(attention, "q_norm")
        self._attention = attention
        self._activation: Callable[[torch.Tensor], torch.Tensor] = network.act_fn
        self._read = Product([attention.q_proj, attention.k_proj, attention.v_proj])
        self._out = Product([attention.o_proj])
        self._gate = Product([network.gate_proj, network.up_proj])
        self._down = Product([network.down_proj])
        self._queries = attention.q_proj.weight.shape[0] // self._head
        self._keys = attention.k_proj.weight.shape[0] // self._head

    @property
    def products(self) -> Sequence[Product]:
        """What it multiplies with; the last reads what the gate let through."""
        return (self._read, self._out, self._gate, self._down)

    def of(self, rows: torch.Tensor, put: Put, turn: "Turn") -> torch.Tensor:
        """Return the rows (n x hidden) after this layer, and put their keys and values behind what was there."""
        rows = rows + self._out.of(self._attended(self._read.of(self._before.of(rows), turn), put, turn), turn)
        gate, up = self._gate.of(self._between.of(rows), turn).chunk(2, dim=1)
        return rows + self._down.of(self._activation(gate) * up, turn)

    def _attended(self, read: torch.Tensor, put: Put, turn: "Turn") -> torch.Tensor:
        number = read.shape[0]
        heads = read.view(number, -1, self._head)
        turned, values = heads.split([self._queries + self._keys, self._keys], dim=1)
        if self._normed:
            queries, keys = turned.split([self._queries, self._keys], dim=1)
            turned = torch.cat([self._attention.q_norm(queries), self._attention.k_norm(keys)], dim=1)
        turned = torch.addcmul(turned * turn.cos, turned.roll(self._head // 2, -1), turn.sin)
        queries, keys = turned.to(turn.mask.dtype).split([self._queries, self._keys], dim=1)
        kept_keys, kept_values = put(turn.laid(keys), turn.laid(values.to(turn.mask.dtype)))
        found = functional.scaled_dot_product_attention(
            # One query of several heads that read the same keys is like as many queries of one head.
            turn.laid(queries) if turn.one_row else queries.view(number, self._keys, -1, self._head),
            kept_keys,
            kept_values,
            attn_mask=turn.mask,
            scale=self._scaling,
            enable_gqa=turn.one_row and self._queries != self._keys,
        )
        return (found.transpose(1, 2) if turn.one_row else found).reshape(number, -1).to(read.dtype)


@dataclass(frozen=True, slots=True)
class Turn:
    """What all layers share: how heads are rotated at each token's place, and what each token sees.

    Keys and values are kept in the precision of `mask`. The tokens are those of `one_row`, one behind the other, or one
    of each row.
    """

    cos: torch.Tensor
    sin: torch.Tensor
    mask: torch.Tensor
    one_row: bool
    spans: Spans

    def laid(self, heads: torch.Tensor) -> torch.Tensor:
        """Return heads (tokens x heads x size) as attention takes them (rows x heads x tokens of a row x size)."""
        return heads.transpose(0, 1)[None] if self.one_row else heads[:, :, None]


class Step:
    """The whole model, for a prompt or for one token a row."""

    def __init__(self, model: Any) -> None:
        body = model.model
        self._embedding, self._rotary, self._last = body.embed_tokens, body.rotary_emb, Norm(body.norm)
        self._layers = [Layer(layer) for layer in body.layers]
        self._matrix = model.lm_head.weight.detach()
        self._head = Sides(Plain(self._matrix), Plain(self._matrix))
        self._precision = self._kept = self._matrix.dtype

    @property
    def bytes(self) -> int:
        """How much memory it takes beside the model's own matrices."""
        return self._head.bytes + sum(product.weights.bytes for layer in self._layers for product in layer.products)

    def round(self, how: Int8, sample: torch.Tensor) -> None:
        """Compute in 8 bits from now on, where that is faster; a sample's tokens show which columns are always large.

        Between products is full precision: it takes a processor less time than half of it.
        """
        if not faster_in_8_bits(self._matrix):
            _logger.warning("8 bits are slower than %s on this processor, so they are not used.", self._matrix.dtype)
            return
        large = self._watch(sample) if how == "both" else {}
        for layer in self._layers:
            for product in layer.products:
                product.round(how, large.get(product))
        self._head = Sides.rounded(self._matrix, how, large.get(self))
        self._precision = torch.float32

    def _watch(self, sample: torch.Tensor) -> dict["Product | Step", torch.Tensor]:
        """Return the largest values of what layers read; not for those whose large columns differ for each token."""
        watched: dict[Product | Step, Watched] = {self: Watched(self._matrix)}
        for layer in self._layers:
            for product in layer.products[:-1]:
                watched[product] = Watched(product.matrix)
                product.weights = Sides(watched[product], watched[product])
        watched[self].of(self._through(sample, DynamicCache(), []))
        return {one: weights.largest for one, weights in watched.items()}

    def read(self, tokens: torch.Tensor, cache: Cache, adapter: LoadedAdapter | None) -> torch.Tensor:
        """Return the logits (1 x vocabulary) after a row's tokens; their keys and values are put into its cache."""
        rows = self._through(tokens, cache, [(0, len(tokens), adapter)] if adapter else [])
        return self._head.of(rows[-1:], many=False)

    def _through(self, tokens: torch.Tensor, cache: Cache, spans: Spans) -> torch.Tensor:
        used, number = cache.get_seq_length(), len(tokens)
        seen = torch.ones(number, used + number, dtype=torch.bool).tril(used)[None, None]
        rows = self._embedding(tokens).to(self._precision)
        cos, sin = self._turned(rows, torch.arange(used, used + number))
        turn = Turn(cos, sin, self._mask(seen), one_row=True, spans=spans)
        return self._through_layers(rows, cache, turn)

    def write(
        self, tokens: torch.Tensor, positions: torch.Tensor, seen: torch.Tensor, cache: Cache, spans: Spans
    ) -> torch.Tensor:
        """Return the logits (n x vocabulary) after one token a row.

        `tokens` and `positions` are n whole numbers, `seen` (n x columns) is what each row sees, the new token in the
        last column. The keys and values are put into the cache of all rows.
        """
        rows = self._embedding(tokens).to(self._precision)
        cos, sin = self._turned(rows, positions)
        turn = Turn(cos, sin, self._mask(seen[:, None, None]), one_row=False, spans=spans)
        return self._head.of(self._through_layers(rows, cache, turn), many=False)

    def _through_layers(self, rows: torch.Tensor, cache: Cache, turn: Turn) -> torch.Tensor:
        for place, layer in enumerate(self._layers):
            rows = layer.of(rows, partial(cache.update, layer_idx=place), turn)
        return self._last.of(rows)

    def _turned(self, rows: torch.Tensor, positions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        cos, sin = self._rotary(rows, positions[:, None])
        half = sin.shape[-1] // 2
        return cos, torch.cat([-sin[..., :half], sin[..., half:]], dim=-1)

    def _mask(self, seen: torch.Tensor) -> torch.Tensor:
        return torch.zeros(seen.shape, dtype=self._kept).masked_fill_(~seen, float("-inf"))


def _joined(layers: Sequence[BlendedLinear]) -> torch.Tensor:
    """Return the layers' matrices as one, of which each layer keeps its part, so that nothing is held twice."""
    joined = torch.cat([layer.weight.detach() for layer in layers])
    for layer, part in zip(layers, joined.split([layer.weight.shape[0] for layer in layers]), strict=True):
        layer.weight = torch.nn.Parameter(part, requires_grad=False)
    return joined
