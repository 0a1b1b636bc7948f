"""The embedder: how many threads take in how much, and vectors that do not depend on it."""

import numpy as np
import pytest
import torch

from jobs.models.installed import require
from jobs.serving.embedder import Embedder
from tests.serving import EXACT, tiny_models


def test_a_short_question_leaves_the_other_cores_alone_and_means_the_same() -> None:
    embedder = Embedder(require(tiny_models(), "embedder"), EXACT)
    threads, seen = torch.get_num_threads(), list[int]()
    embedder._model.register_forward_pre_hook(lambda *_: seen.append(torch.get_num_threads()))
    torch.set_num_threads(2)
    try:
        (alone,) = embedder.embed(["A tent."])
        beside, _ = embedder.embed(["A tent.", "word " * 100])
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert seen == [1, 2]
    assert np.dot(alone, beside) == pytest.approx(1, abs=1e-6)
