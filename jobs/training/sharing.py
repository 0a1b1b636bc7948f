"""The rows of a batch in one line behind their common beginning: nothing goes through the model twice, and no padding.

Rows of a chat begin alike, with the instructions and the marks of the template; those of short rows are half of their
tokens. Every layer but attention treats each token by itself, so it does not matter to it where a token stands. Only
attention is laid out in rows again, each behind the beginning, so that none sees another. The loss and its gradient are
those of the padded rows, up to the order in which numbers are added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS, sdpa_mask
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

from jobs.models.encoding import IGNORED, Encoded

_NAME = "triptych_shared_beginning"


@dataclass(frozen=True, slots=True)
class Line:
    """A batch of B rows, padded to S tokens, as one line of T tokens.

    `ids`, `positions` and `targets` (T): the tokens, their places in their rows, and the token that each has to
    foretell, or IGNORED. `seats` (1 x 2 x B x S): from which place in the line each token of a row is read, and whether
    it is the one of the rows that gives that place its result.
    """

    ids: torch.Tensor
    positions: torch.Tensor
    targets: torch.Tensor
    seats: torch.Tensor


def own_lengths(rows: Sequence[Encoded], *, shared: bool) -> list[int]:
    """Return how many tokens of each row go through the model; what all begin with is left out where it is shared."""
    every = [row.input_ids for row in rows]
    first, last = min(every), max(every)
    alike = next((place for place, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1), len(first))
    begin = max(0, alike - 1) if shared else 0
    return [len(ids) - begin for ids in every]


def in_line(ids: torch.Tensor, mask: torch.Tensor, labels: torch.Tensor) -> Line:
    """Lay out a batch, padded on the right, in a line; all arguments are B x S, `mask` is 0 where there is padding."""
    real = mask.bool()
    alike = ((ids == ids[0]) & real & (labels == IGNORED)).all(dim=0)
    # The last token of the beginning foretells one that is alike, too, so that it need not foretell several.
    shared = max(0, int(alike.long().cumprod(dim=0).sum()) - 1)
    own = real.clone()
    own[1:, :shared] = False
    places = (own.flatten().long().cumsum(dim=0) - 1).view_as(ids)
    places[1:, :shared] = places[0, :shared]
    ahead = torch.nn.functional.pad(labels[:, 1:], (0, 1), value=IGNORED)
    return Line(
        ids=ids[own],
        positions=torch.arange(ids.shape[1], device=ids.device).expand_as(ids)[own],
        targets=ahead[own],
        seats=torch.stack((places.clamp(min=0), own.long())).unsqueeze(0),
    )


def attend_in_rows(
    module: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor | None, **more: Any
) -> tuple[torch.Tensor, None]:
    """Let each row of a line attend to itself; heads are 1 x heads x T x size. Another mask is that of padded rows."""
    if mask is None or mask.dtype != torch.long:
        attended, _ = sdpa_attention_forward(module, query, key, value, mask, **more)
        return attended, None
    places, own = mask[0]

    def in_rows(heads: torch.Tensor) -> torch.Tensor:
        _, count, length, size = heads.shape
        tokens = heads[0].transpose(0, 1).reshape(length, count * size)
        return tokens.index_select(0, places.flatten()).view(*places.shape, count, size).transpose(1, 2)

    # What follows the end of a row is seen by nothing of it: attention goes backwards only.
    attended, _ = sdpa_attention_forward(
        module, in_rows(query), in_rows(key), in_rows(value), None, **{**more, "is_causal": True}
    )
    kept = own.flatten().nonzero().flatten()
    return attended.flatten(0, 1).index_select(0, kept).unsqueeze(0), None


def share_beginnings(model: Any, longest: int) -> bool:
    """Let a model take lines, too, and return whether it gives them the same loss as rows; else it stays as it was.

    `longest` are the tokens of the longest row. Models that look back only so far, or whose attention is not
    PyTorch's, are left alone.
    """
    config = model.config
    if config._attn_implementation != "sdpa" or (getattr(config, "sliding_window", None) or longest) < longest:
        return False
    ALL_ATTENTION_FUNCTIONS.register(_NAME, attend_in_rows)
    ALL_MASK_ATTENTION_FUNCTIONS.register(_NAME, sdpa_mask)
    model.set_attn_implementation(_NAME)
    # A model that can't change its attention only says so in a log.
    if config._attn_implementation == _NAME and _gives_the_same(model):
        return True
    model.set_attn_implementation("sdpa")
    return False


@torch.no_grad()
def _gives_the_same(model: Any) -> bool:
    """Whether two rows that begin alike get the same logits in a line as each alone."""
    first, second = torch.tensor([[3, 4, 5, 6, 7, 8]]), torch.tensor([[3, 4, 5, 9, 10]])
    padded = torch.zeros(2, 6, dtype=torch.long)
    padded[0], padded[1, :5] = first, second
    mask = torch.tensor([[1] * 6, [1] * 5 + [0]])
    line = in_line(padded, mask, torch.full_like(padded, IGNORED))
    training = model.training
    model.eval()
    told = logits_of(model, line, torch.arange(len(line.ids)))
    alone = [model(input_ids=row.to(model.device), use_cache=False).logits[0] for row in (first, second)]
    model.train(training)
    wanted = torch.cat((alone[0], alone[1][2:]))
    return torch.allclose(
        told, wanted, atol=float(wanted.abs().max()) * (1e-3 if told.dtype == torch.float32 else 0.05)
    )


def logits_of(model: Any, line: Line, places: torch.Tensor) -> torch.Tensor:
    """Return the logits at these places of a line: places x vocabulary."""
    return model(
        input_ids=line.ids.unsqueeze(0),
        attention_mask=line.seats,
        position_ids=line.positions.unsqueeze(0),
        logits_to_keep=places,
        use_cache=False,
    ).logits[0]
