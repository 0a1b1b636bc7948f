"""How much memory a model takes, for answering and for learning: estimates from its sizes, with nothing loaded."""

from dataclasses import dataclass

# A training's libraries, and weights, gradients and optimizer state of the adapter.
RESERVE_BYTES = 1 << 30
# The server's libraries and the embedder, measured: 0.3 GB; and the work area of the longest step.
_SERVER_BYTES = 800_000_000
# A weight in 4 bits with its share of the scales, 0.127 bits: T. Dettmers et al., "QLoRA", NeurIPS 2023.
_PACKED_WEIGHT_BYTES = (4 + 0.127) / 8
# Five columns asked at once, each with passages. A cache that grows is copied, so it lies there twice for a moment.
_ANSWERS, _TOKENS_AN_ANSWER, _CACHE_COPIES = 5, 2048, 2
_LONGEST_EXAMPLE = 1024


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a model that decide how much memory it takes. `keys` is the width of a layer's keys."""

    parameters: int
    layers: int
    hidden: int
    inner: int
    vocabulary: int
    keys: int
    context: int


def longest_example(shape: Shape, asked: int | None = None) -> int:
    """Return how many tokens of an example are learned at most; `asked` is what a person set instead of the usual."""
    return min(asked or _LONGEST_EXAMPLE, shape.context)


def answering_bytes(shape: Shape, weight_bytes: int) -> int:
    """Return about how much memory answering takes, with weights of `weight_bytes` each.

    weights + 2 x layers x keys for each token of the cache + the server itself. The formula is counted from the
    architecture; the server's share was measured with the starter on a processor (bf16, five answers after 2,250
    tokens each): 1.54 GB at the height, forecast 1.54. Other models and cards were not measured.
    """
    cache = 2 * shape.layers * shape.keys * weight_bytes
    tokens = _ANSWERS * min(_TOKENS_AN_ANSWER, shape.context)
    return shape.parameters * weight_bytes + _CACHE_COPIES * tokens * cache + _SERVER_BYTES


def training_bytes(shape: Shape, weight_bytes: int) -> int:
    """Return about how much memory a training takes at least: one example of 1,024 tokens at a time.

    frozen weights + activations computed twice + the reserve, the same formula by which a training's plan chooses its
    batch. More rows at a time take more and are chosen only where they fit. Measured with the starter on a processor
    (eight short examples at a time): 1.88 GB, forecast 1.92. Other models and cards were not measured.
    """
    return shape.parameters * weight_bytes + _learning_bytes(shape, weight_bytes)


def packed_training_bytes(shape: Shape) -> int:
    """Return about how much memory a training takes at least whose frozen weights lie in 4 bits (QLoRA).

    The same formula with the weights of the layers packed; the embedding and the head stay in bf16, and both are
    counted also where they are one. Not measured.
    """
    whole = min(2 * shape.vocabulary * shape.hidden, shape.parameters)
    weights = whole * 2 + (shape.parameters - whole) * _PACKED_WEIGHT_BYTES
    return int(weights) + _learning_bytes(shape, 2)


def _learning_bytes(shape: Shape, weight_bytes: int) -> int:
    activations = learning_bytes_a_token(shape, weight_bytes, recompute=True)
    return longest_example(shape) * activations + RESERVE_BYTES


def learning_bytes_a_token(shape: Shape, weight_bytes: int, *, recompute: bool) -> int:
    """Return the memory that one token takes while it is learned.

    Counted from what a decoder layer keeps for its backward pass (about 16 times its width and 6 times its inner width)
    and from the logits with their gradient in fp32. `recompute` keeps only each layer's input and one layer's insides.
    """
    head = shape.vocabulary * 10
    insides = (16 * shape.hidden + 6 * shape.inner) * weight_bytes
    if recompute:
        return shape.layers * shape.hidden * weight_bytes + insides + head
    return shape.layers * insides + head
