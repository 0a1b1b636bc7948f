"""How near two texts are in meaning, by the vectors that an embedder made of them."""

from collections.abc import Sequence

import numpy as np


def cosine(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the cosine of the angle between two vectors, from -1 to 1; 0 where one of them is nothing.

    G. Salton, A. Wong, C. S. Yang, "A vector space model for automatic indexing", CACM 18 (1975), 613-620; of sentence
    vectors: N. Reimers, I. Gurevych, "Sentence-BERT", EMNLP 2019.
    """
    one, other = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.clip(one @ other / lengths, -1.0, 1.0)) if lengths else 0.0
