"""One answer being written: it chooses its tokens, gathers its text and knows when it is done."""

import time
from typing import Literal

import torch

from jobs.serving.base import Base
from jobs.serving.cache import Place
from jobs.serving.tickets import End, Ticket
from jobs.serving.writing import Writer

Reason = Literal["stop", "length"]


class Row:
    """A row of the batch. `token` is the one chosen last, which the model has not read yet."""

    def __init__(self, ticket: Ticket, base: Base) -> None:
        self.ticket, self.asked = ticket, ticket.asked
        self.adapter = ticket.asked.adapter
        self.token = -1
        self.ended: Reason | None = None
        self._base = base
        self._random = torch.Generator().manual_seed(self.asked.seed)
        self._writer = Writer(base.encoder.decode, self.asked.stop)
        self._began_at = time.monotonic()
        logits, self.place = base.read(self.asked.prompt, self.adapter, self.asked.shared)
        self._read_at = time.monotonic()
        self.choose(logits)

    @property
    def order(self) -> str:
        """Rows of one adapter stand together in the batch."""
        return self.adapter.sha256 if self.adapter else ""

    def moved(self, place: Place) -> None:
        """Note where the row's keys and values are now."""
        self.place = place

    def choose(self, logits: torch.Tensor) -> None:
        """Choose the next token, hand on the text that it completes, and end where the answer is complete."""
        self.token = self._pick(self._masked(logits))
        if self.token in self._base.end_ids:
            self._end("stop")
        elif self.asked.mask:
            self._follow_mask(self.token)
        else:
            self._write(self.token)

    def _masked(self, logits: torch.Tensor) -> torch.Tensor:
        if self.asked.mask:
            return logits.masked_fill(~self.asked.mask.allowed(), float("-inf"))
        if not self._writer.text.strip():  # an empty answer is no answer
            barred = self._base.end_ids if self.asked.begun else [*self._base.end_ids, *self._base.blank_ids]
            return logits.index_fill(0, torch.tensor(barred), float("-inf"))
        return logits

    def _pick(self, logits: torch.Tensor) -> int:
        if self.asked.temperature <= 0:
            return int(logits.argmax())
        chances = torch.softmax(logits / self.asked.temperature, dim=-1)
        return int(torch.multinomial(chances, 1, generator=self._random))

    def _follow_mask(self, token: int) -> None:
        mask = self.asked.mask
        assert mask is not None
        mask.take(token)
        self._write(token)
        rest = None if self.ended else mask.rest()
        if rest is not None:  # what remains is decided: the model need not write it
            for forced in rest:
                self._write(forced)
            self._end("stop")

    def _write(self, token: int) -> None:
        if self.ended:
            return
        self._say(self._writer.write(token))
        if self._writer.stopped:
            self._end("stop")
        elif len(self._writer.tokens) >= self.asked.max_tokens:
            self._end("length")

    def _end(self, reason: Reason) -> None:
        if self.ended:
            return
        self.ended = reason
        self._say(self._writer.finish())
        now = time.monotonic()
        queued, prefill = self._began_at - self.ticket.submitted_at, self._read_at - self._began_at
        self.ticket.put(End(reason, len(self._writer.tokens), queued, prefill, now - self._read_at))

    def _say(self, text: str) -> None:
        if text:
            self.ticket.put(text)
