"""How fast documents are read beside plain `encode` of sentence-transformers, with the same model, in one run."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from jobs.models.installed import require
from jobs.retrieval.cutting import embedded_text
from storage.records import Passage
from tests.bench.documents_bed import Bed, say, seconds
from tests.bench.own_environment import bench_cache, own_environment

_CHILD = Path(__file__).with_name("encode_child.py")
_STEPS = [["torch==2.13.0"], ["sentence-transformers==6.2.0", "transformers==5.23.0"]]
_TRIALS = 3
_ALIKE = 0.9999


def measure_encode(bed: Bed, texts: Mapping[str, str]) -> None:
    """Read the same documents into new collections and embed their passages in the other program, in turn."""
    ours, theirs = list[float](), list[float]()
    for trial in range(_TRIALS):
        name = f"encode{trial}"
        took = seconds(bed.read(name, texts))
        passages = bed.workspace.collections.passages_of(name)
        ours.append(len(passages) / took)
        encoded, vectors = _encoded(bed, passages)
        theirs.append(len(passages) / encoded)
        _compare(bed, name, passages, vectors)
    told = ", ".join(f"{one:.0f} and {other:.0f}" for one, other in zip(ours, theirs, strict=True))
    say(f"passages a second, as an index job and by encode of sentence-transformers alone: {told}")
    bed.figures["index_vs_encode"] = median(ours) / median(theirs)


def _encoded(bed: Bed, passages: Sequence[Passage]) -> tuple[float, list[list[float]]]:
    """Return the seconds of one call with all passages, without the start of the program, and the vectors."""
    python = own_environment(bench_cache() / "sentence-transformers", _STEPS)
    folder = require(bed.workspace.settings.models, "embedder").folder
    texts = json.dumps([embedded_text(one.title, one.text) for one in passages])
    command = [str(python), str(_CHILD), str(folder)]
    done = subprocess.run(command, input=texts, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    return told["seconds"], told["vectors"]


def _compare(bed: Bed, name: str, passages: Sequence[Passage], vectors: Sequence[Sequence[float]]) -> None:
    """Stop where the two programs do not make the same vectors: then they did not do the same work."""
    index = bed.workspace.collections.index(name)
    ours = index.vectors[[index.row_of[one.id] for one in passages]]
    alike = float(np.min(np.sum(ours * np.asarray(vectors, dtype=np.float32), axis=1)))
    assert alike > _ALIKE, f"the vectors are not the same: cosine {alike}"
