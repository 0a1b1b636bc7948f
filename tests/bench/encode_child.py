"""sentence-transformers in an environment of its own: `python encode_child.py FOLDER`, texts in, vectors out, as JSON.

Needs sentence-transformers only; the folder is a plain model of transformers, pooled by the mean.
"""

import json
import sys
import time

from sentence_transformers import SentenceTransformer, models

_LONGEST = 256


def main() -> None:
    """Embed the texts once and print the seconds and the vectors."""
    body = models.Transformer(sys.argv[1], max_seq_length=_LONGEST)
    pooling = models.Pooling(body.get_word_embedding_dimension(), "mean")
    model = SentenceTransformer(modules=[body, pooling, models.Normalize()], device="cpu")
    texts = json.load(sys.stdin)
    model.encode(texts[:1])
    begun = time.monotonic()
    vectors = model.encode(texts, batch_size=32, show_progress_bar=False)
    told = {"seconds": time.monotonic() - begun, "vectors": vectors.tolist()}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
