"""One token for every row of a batch, written out for models that are built like Llama: fewer and larger operations.

While tokens are written one after the other a processor mostly waits: for the weights to come from memory, and for some
2,000 small operations to be started one by one. Here layers that read the same input are one product, what is needed
once a token is computed once, and on a processor the weights are read as whole numbers of 8 bits (decision 22).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from jobs.serving.adapters import LoadedAdapter, Pair
from jobs.serving.blending import BlendedLinear
from jobs.serving.cache import Shelf

# Those whose layers compute what `Layer` does: normalise, attend with rotated keys, normalise, gate.
ALIKE = frozenset({"llama", "mistral", "qwen2", "qwen3"})

# First row, row after the last, adapter.
Spans = Sequence[tuple[int, int, LoadedAdapter]]
_LARGEST_INT8 = 127
# The product in 8 bits takes so many columns at a time and reads beyond the last one where some are left over.
_COLUMNS = 16


@dataclass(frozen=True, slots=True)
class Weights:
    """A matrix (out x in) to multiply rows with, as it is or in whole numbers of 8 bits with a factor for each line."""

    matrix: torch.Tensor
    factors: torch.Tensor | None = None

    @classmethod
    def rounded(cls, matrix: torch.Tensor) -> "Weights":
        """Return the nearest multiples of each line's largest value over 127; odd shapes stay as they are."""
        if matrix.shape[1] % _COLUMNS:
            return cls(matrix)
        largest = matrix.abs().amax(1, keepdim=True).float().clamp(min=torch.finfo(torch.float32).tiny)
        # The factor is what the product multiplies with, so lines are divided by it as it is kept.
        factors = (largest / _LARGEST_INT8).to(matrix.dtype)
        whole = (matrix.float() / factors.float()).round_().clamp_(-_LARGEST_INT8, _LARGEST_INT8).to(torch.int8)
        return cls(whole, factors[:, 0].contiguous())

    @property
    def bytes(self) -> int:
        """How much memory it takes beside the model's own matrices."""
        return 0 if self.factors is None else self.matrix.nbytes + self.factors.nbytes

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the rows (n x in) multiplied with it (n x out)."""
        if self.factors is None:
            return functional.linear(rows, self.matrix)
        return torch.ops.aten._weight_int8pack_mm(rows, self.matrix, self.factors)


class Product:
    """Linear layers that read the same input, as one product; each row gets its adapter's parts of all of them."""

    def __init__(self, layers: Sequence[BlendedLinear], int8: bool) -> None:
        self._names = [layer.name for layer in layers]
        self._key = self._names[0]
        matrix = layers[0].weight if len(layers) == 1 else _joined(layers)
        self.weights = Weights.rounded(matrix.detach()) if int8 else Weights(matrix.detach())
        biases = [layer.bias.detach() for layer in layers if layer.bias is not None]
        assert len(biases) in {0, len(layers)}, f"only some of {self._names} have a bias"
        self._bias = torch.cat(biases) if biases else None
        self._sizes = [layer.weight.shape[0] for layer in layers]

    def of(self, rows: torch.Tensor, spans: Spans) -> torch.Tensor:
        """Return the outputs of all layers beside each other (n x the sum of their sizes)."""
        out = self.weights.of(rows)
        if self._bias is not None:
            out += self._bias
        for first, after, adapter in spans:
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


class Layer:
    """One layer of the model: attention, then the gated network, each added to what came in."""

    def __init__(self, layer: Any, int8: bool) -> None:
        attention, network = layer.self_attn, layer.mlp
        self._head = attention.head_dim
        self._scaling = attention.scaling
        self._before, self._between = layer.input_layernorm, layer.post_attention_layernorm
        self._normed = hasattr(attention, "q_norm")
        self._attention = attention
        self._activation: Callable[[torch.Tensor], torch.Tensor] = network.act_fn
        self._read = Product([attention.q_proj, attention.k_proj, attention.v_proj], int8)
        self._out = Product([attention.o_proj], int8)
        self._gate = Product([network.gate_proj, network.up_proj], int8)
        self._down = Product([network.down_proj], int8)
        self._queries = attention.q_proj.weight.shape[0] // self._head
        self._keys = attention.k_proj.weight.shape[0] // self._head

    @property
    def products(self) -> Sequence[Product]:
        """What it multiplies with."""
        return (self._read, self._out, self._gate, self._down)

    def of(self, rows: torch.Tensor, shelf: Shelf, turn: "Turn", spans: Spans) -> torch.Tensor:
        """Return the rows (n x hidden) after this layer, and put their keys and values on the shelf."""
        rows = rows + self._out.of(self._attended(self._read.of(_norm(self._before, rows), spans), shelf, turn), spans)
        gate, up = self._gate.of(_norm(self._between, rows), spans).chunk(2, dim=1)
        return rows + self._down.of(self._activation(gate) * up, spans)

    def _attended(self, read: torch.Tensor, shelf: Shelf, turn: "Turn") -> torch.Tensor:
        number = read.shape[0]
        heads = read.view(number, -1, self._head)
        turned, values = heads.split([self._queries + self._keys, self._keys], dim=1)
        if self._normed:
            queries, keys = turned.split([self._queries, self._keys], dim=1)
            turned = torch.cat([self._attention.q_norm(queries), self._attention.k_norm(keys)], dim=1)
        turned = torch.addcmul(turned * turn.cos, turned.roll(self._head // 2, -1), turn.sin)
        queries, keys = turned.split([self._queries, self._keys], dim=1)
        kept_keys, kept_values = shelf.update(keys[:, :, None], values[:, :, None])
        found = functional.scaled_dot_product_attention(
            queries[:, :, None],
            kept_keys,
            kept_values,
            attn_mask=turn.mask,
            scale=self._scaling,
            enable_gqa=self._queries != self._keys,
        )
        return found.reshape(number, -1)


@dataclass(frozen=True, slots=True)
class Turn:
    """What all layers share at one token: how heads are rotated at each row's place, and what each row sees."""

    cos: torch.Tensor
    sin: torch.Tensor
    mask: torch.Tensor


class Step:
    """The whole model for one token a row."""

    def __init__(self, model: Any, int8: bool) -> None:
        body = model.model
        self._embedding, self._rotary, self._last = body.embed_tokens, body.rotary_emb, body.norm
        self._layers = [Layer(layer, int8) for layer in body.layers]
        head = model.lm_head.weight.detach()
        self._head = Weights.rounded(head) if int8 else Weights(head)
        own = [self._head, *(product.weights for layer in self._layers for product in layer.products)]
        self.bytes = sum(weights.bytes for weights in own)

    def logits(
        self, tokens: torch.Tensor, positions: torch.Tensor, seen: torch.Tensor, shelves: Sequence[Any], spans: Spans
    ) -> torch.Tensor:
        """Return the logits (n x vocabulary) after one token a row.

        `tokens` and `positions` are n whole numbers, `seen` (n x columns) is what each row sees, the new token in the
        last column. The keys and values are put on the shelves, one a layer.
        """
        rows = self._embedding(tokens)
        turn = self._turn(rows, positions, seen)
        for layer, shelf in zip(self._layers, shelves, strict=True):
            rows = layer.of(rows, shelf, turn, spans)
        return self._head.of(_norm(self._last, rows))

    def _turn(self, rows: torch.Tensor, positions: torch.Tensor, seen: torch.Tensor) -> Turn:
        cos, sin = self._rotary(rows, positions[:, None])
        half = sin.shape[-1] // 2
        mask = torch.zeros(seen.shape, dtype=rows.dtype, device=rows.device).masked_fill_(~seen, float("-inf"))
        return Turn(cos, torch.cat([-sin[..., :half], sin[..., half:]], dim=-1), mask[:, None, None])


def _joined(layers: Sequence[BlendedLinear]) -> torch.Tensor:
    """Return the layers' matrices as one, of which each layer keeps its part, so that nothing is held twice."""
    joined = torch.cat([layer.weight.detach() for layer in layers])
    for layer, part in zip(layers, joined.split([layer.weight.shape[0] for layer in layers]), strict=True):
        layer.weight = torch.nn.Parameter(part, requires_grad=False)
    return joined


def _norm(norm: Any, rows: torch.Tensor) -> torch.Tensor:
    return functional.rms_norm(rows, norm.weight.shape, norm.weight, norm.variance_epsilon)
