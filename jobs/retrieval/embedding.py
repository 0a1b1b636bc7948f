"""Vectors for texts: only for those that have none yet, one batch after the other, each kept as soon as it is made."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from jobs.context import JobContext
from jobs.models.door import Door
from jobs.retrieval.cutting import embedded_text
from jobs.retrieval.saved_vectors import SavedVectors
from storage.errors import ModelUnavailable
from storage.vectors import Vector

BATCH = 32

Known = Mapping[tuple[str, str], Vector]


def key_of(text: str) -> bytes:
    """Return the hash by which the vector of a text is found again."""
    return hashlib.sha256(text.encode(errors="replace")).digest()


def by_key(known: Known) -> dict[bytes, Vector]:
    """Return vectors by the hash of what was embedded, from those by title and text."""
    return {key_of(embedded_text(title, text)): vector for (title, text), vector in known.items()}


def identity(door: Door) -> str:
    """Return which embedder answers."""
    return door.embed([" "])[0]


def embed_new(
    door: Door,
    texts: Sequence[str],
    known: Mapping[bytes, Vector],
    embedder: str,
    made: Callable[[Mapping[bytes, Vector]], None],
) -> dict[bytes, Vector]:
    """Return the vectors of those texts that are not `known`, by hash; `made` hears of each batch.

    Raises ModelUnavailable where another embedder answers in between: two never mix.
    """
    new = {key: text for text in texts if (key := key_of(text)) not in known}
    # Texts of one length go together: a batch is as slow as its longest text.
    order = sorted(new, key=lambda key: len(new[key]))
    vectors: dict[bytes, Vector] = {}
    for start in range(0, len(order), BATCH):
        keys = order[start : start + BATCH]
        answered, some = door.embed([new[key] for key in keys])
        if answered != embedder:
            raise ModelUnavailable("The embedding model was exchanged in between.", "Read the documents once more.")
        batch = {key: np.asarray(vector, dtype="<f4") for key, vector in zip(keys, some, strict=True)}
        made(batch)
        vectors |= batch
    return vectors


class Embedding:
    """The embedding of one job: tells how far it is, stops where the job is to stop, goes on where it was cut off."""

    def __init__(self, door: Door, context: JobContext) -> None:
        self._door = door
        self._context = context
        self.saved = SavedVectors(context)
        self.embedder = ""

    def vectors(self, texts: Sequence[str], known: Callable[[str], Mapping[bytes, Vector]]) -> list[Vector]:
        """Return a vector for each text; `known` gives, for the embedder that answers, those that are kept already."""
        context = self._context
        context.report(phase="embed", step=0, of=len(texts))
        context.check()
        self.embedder = identity(self._door)
        held = {**self.saved.of(self.embedder), **known(self.embedder)}
        wanted = len({key for text in texts if (key := key_of(text)) not in held})
        context.report(step=0, of=wanted)
        done, began = 0, time.monotonic()

        def made(batch: Mapping[bytes, Vector]) -> None:
            nonlocal done
            self.saved.keep(self.embedder, batch)
            done += len(batch)
            context.report(step=done, seconds_left=(time.monotonic() - began) / done * (wanted - done))
            context.check()

        held.update(embed_new(self._door, texts, held, self.embedder, made))
        return [held[key_of(text)] for text in texts]
