"""How well documents are found: public questions whose passages are known, and a search among 100,000 passages.

`make bench-documents` starts a studio in a home of its own, reads the sets through the same indexing as everybody's
documents, and asks. XQuAD (English, 240 paragraphs), the Claude documentation (232 sections), the manuals of an outdoor
shop with its customers' questions, and a help centre in three languages lie outside the project; without them it says
so. The last line on stdout is JSON; a key that is null is one whose part is not measured here, and the reason is
printed above:

* xquad_recall_at_1, xquad_recall_at_5: the share of questions whose paragraph is the first found, among the first five;
  the lines above have it for the search by words and by meaning alone, too.
* claude_recall_at_3, claude_mrr: the share of the wanted sections among the first three, and the mean of one divided by
  the rank of the first wanted one, as the set's own evaluation counts them: .659 and .737 for its basic search.
* answer_rate, abstain_rate: how many questions find a passage above the threshold; how many find none when the very
  paragraph was taken out. By a threshold found out, as on the Documents page, on the questions about the other
  articles; the line above has both for the usual one.
* contained_free, contained_quote: the share of answers that contain the expected words, in the model's own words and in
  quotes, from the passages found; the line above has the seconds of each.
* citations_resolve, cited_span_holds: the share of the marks [n] that lead to a passage of a document as it is kept;
  and of the right answers with a mark, the share whose marked passage holds the expected words.
* contained_tuned: the same share, in quotes or free as the product decides, after a training on what "Teach reading"
  makes of the questions of every other article; asked only about those that it has not seen. The line above has it
  before, and of both how often the words that the model points at within the quoted sentence hold what is expected.
* search_p95_ms_100k: milliseconds of a search among 100,000 passages, the slowest twentieth left out.
* index_vs_encode: how many passages a second an index job reads, cuts, embeds and keeps, over how many `encode` of
  sentence-transformers embeds with the same model; each three times, in turn, the middle one counts.

`python -m tests.bench.documents QUESTIONS ANSWERS PASSAGES TAUGHT` does with fewer; 0 leaves a part out.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from jobs.models.client import connect
from jobs.requests import Choices, Wording
from jobs.retrieval.calibrating import best_threshold
from jobs.retrieval.cutting import CutDocument
from jobs.retrieval.embedding import by_key, key_of
from jobs.retrieval.reading import Text
from jobs.retrieval.search import THRESHOLD, search
from storage.collections import NewDocument, NewPassage
from storage.records import Passage
from storage.settings import Settings
from storage.vectors import kept_vectors
from storage.workspace import Workspace
from tests.bench.documents_bed import KEYS, SHARED, XQUAD, Asked, Bed, contained, given, say
from tests.bench.documents_encode import measure_encode
from tests.bench.documents_sets import claude, measure_languages, measure_manuals, measure_sets, xquad
from tests.bench.documents_taught import measure_taught
from tests.running import studio_running

QUESTIONS, ANSWERS, PASSAGES, TAUGHT = 1190, 60, 100_000, 240
MANY = "many"
_SEARCHES = 200
_PER_DOCUMENT = 2_000


def measure_gate(bed: Bed, asked: Sequence[Asked]) -> None:
    """Count the questions that find something, and those that find nothing once their paragraph is taken out.

    By the usual threshold, and by one that is found out, as on the page, on the questions about the other articles.
    """
    titles = {name: text.partition("\n")[0] for name, text in xquad()[0].items()}
    half = {title: number % 2 for number, title in enumerate(sorted(set(titles.values())))}
    whole, without = _best_scores(bed, asked)
    scores = np.array([(whole[one], without[one]) for one in asked])
    found, bare = scores.T
    say(f"by the usual threshold {THRESHOLD}: {_rates(found, bare, THRESHOLD)}")
    side = np.array([half[titles[one.gold[0]]] for one in asked])
    answered = withheld = 0
    for mine in (0, 1):
        others = best_threshold(found[side != mine].tolist(), bare[side != mine].tolist())
        rates = _rates(found[side == mine], bare[side == mine], others.threshold)
        say(f"by {others.threshold}, found out on the other articles: {rates}")
        answered += int(np.sum(found[side == mine] >= others.threshold))
        withheld += int(np.sum(bare[side == mine] < others.threshold))
    bed.figures |= {"answer_rate": answered / len(asked), "abstain_rate": withheld / len(asked)}


def _rates(found: Any, bare: Any, threshold: float) -> str:
    return f"answers {np.mean(found >= threshold):.3f}, abstains {np.mean(bare < threshold):.3f}"


def _best_scores(bed: Bed, asked: Sequence[Asked]) -> tuple[dict[Asked, float], dict[Asked, float]]:
    """Return the best score for each question, and without its paragraph."""
    collections = bed.workspace.collections
    held = {one.name: one for one in collections.documents(XQUAD)}
    whole, without = dict[Asked, float](), dict[Asked, float]()

    def best(question: str) -> float:
        found = search(collections, bed.door, XQUAD, question)
        return max((one.score for one in (*found.passages, *found.nearest)), default=0.0)

    for name in dict.fromkeys(one.gold[0] for one in asked):
        mine = [one for one in asked if one.gold[0] == name]
        whole |= {one: best(one.question) for one in mine}
        text = collections.document_text(held[name].id)
        cut = CutDocument(name, held[name].sha256, Text(text))
        embedder = collections.get(XQUAD).embedder
        vectors = by_key(kept_vectors(bed.workspace.database, XQUAD, embedder, [name], []))
        collections.remove_document(held[name].id)
        without |= {one: best(one.question) for one in mine}
        back = cut.with_vectors(embedder, (vectors[key_of(one)] for one in cut.embedded()))
        held[name] = collections.put_document(held[name].collection_id, back)
    return whole, without


def measure_answers(bed: Bed, asked: Sequence[Asked], most: int) -> None:
    """Let the model answer some questions with the passages found, and look at what its answers and marks hold."""
    chosen = asked[:: max(1, len(asked) // most)][:most]
    file = Path(tempfile.gettempdir()) / "triptych-bench-documents.jsonl"
    right = marks = resolved = held = cited = quoted = 0
    took: dict[str, list[float]] = {"free": [], "quote": []}
    with file.open("w") as stream:
        for one in chosen:
            wordings: tuple[Wording, ...] = ("free", "quote")
            free, quote = (given(bed, one, Choices(ways=("documents",), wording=wording)) for wording in wordings)
            took["free"].append(free.seconds)
            took["quote"].append(quote.seconds)
            quoted += contained(quote.text, one.answer)
            is_right = contained(free.text, one.answer)
            used = [passage for nr, passage in enumerate(free.passages, 1) if f"[{nr}]" in free.text]
            marks += len(used)
            resolved += sum(_resolves(bed, passage) for passage in used)
            right += is_right
            cited += is_right and bool(used)
            held += is_right and any(contained(passage.text, one.answer) for passage in used)
            row = {"question": one.question, "expected": one.answer, "given": free.text, "right": is_right}
            row |= {"quote": quote.text, "quote_right": contained(quote.text, one.answer)}
            stream.write(f"{json.dumps(row, ensure_ascii=False)}\n")
    say(f"{len(chosen)} answers: {right} contain what is expected; of as many quotes {quoted}")
    say(f"{marks} marks, {resolved} lead to a passage; {cited} right answers with a mark, {held} of them rest on it")
    say("; ".join(f"{wording}: {np.median(some):.1f} s an answer (median)" for wording, some in took.items()))
    bed.figures |= {
        "contained_free": right / len(chosen),
        "contained_quote": quoted / len(chosen),
        "citations_resolve": resolved / marks if marks else None,
        "cited_span_holds": held / cited if cited else None,
        "answers_file": str(file),
    }


def _resolves(bed: Bed, passage: Passage) -> bool:
    text = bed.workspace.collections.document_text(passage.document_id)
    return text[passage.start : passage.end] == passage.text


def measure_many(bed: Bed, asked: Sequence[Asked], most: int) -> None:
    """Search among so many passages: real paragraphs put together from shuffled sentences, with vectors near theirs."""
    chance = np.random.default_rng(7860)
    kept = bed.workspace.collections.passages_of(XQUAD)
    index = bed.workspace.collections.index(XQUAD)
    sentences = [part for one in kept for part in one.text.split(". ") if part]
    collection = bed.workspace.collections.ensure(MANY)
    for first in range(0, most, _PER_DOCUMENT):
        texts = [". ".join(chance.choice(sentences, 6)) for _ in range(min(_PER_DOCUMENT, most - first))]
        near = index.vectors[chance.integers(0, len(kept), len(texts))]
        vectors = near + chance.normal(0, 0.05, near.shape).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        starts = np.cumsum([0, *(len(text) + 2 for text in texts)])
        passages = tuple(
            NewPassage(int(start), int(start) + len(text), vector, "XQuAD")
            for start, text, vector in zip(starts, texts, vectors, strict=False)
        )
        new = NewDocument(f"{first}.md", "", "\n\n".join(texts), passages, index.embedder)
        bed.workspace.collections.put_document(collection.id, new)
    search(bed.workspace.collections, bed.door, MANY, asked[0].question)
    times = [
        _timed(lambda one=one: search(bed.workspace.collections, bed.door, MANY, one.question))
        for one in asked[:_SEARCHES]
    ]
    embedding = [_timed(lambda one=one: bed.door.embed([one.question])) for one in asked[:_SEARCHES]]
    p50, p95 = np.percentile(times, [50, 95])
    say(f"{most:,} passages, {len(times)} searches: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    p50, p95 = np.percentile(embedding, [50, 95])
    say(f"of it to take in the meaning of the question: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    bed.figures["search_p95_ms_100k"] = float(np.percentile(times, 95)) if most == PASSAGES else None


def _timed(act: Callable[[], Any]) -> float:
    began = time.monotonic()
    act()
    return (time.monotonic() - began) * 1000


def main() -> None:
    """Measure what the sets at hand allow and print the figures."""
    sizes = [int(one) for one in sys.argv[1:]] + [QUESTIONS, ANSWERS, PASSAGES, TAUGHT][len(sys.argv) - 1 :]
    figures: dict[str, Any] = dict.fromkeys(KEYS)
    if not (SHARED / "rag-xquad").is_dir():
        say("The public sets (rag-xquad, rag-claude-docs) are not beside the project, so nothing was measured.")
    else:
        with tempfile.TemporaryDirectory() as folder, studio_running(Path(folder) / "home") as running:
            settings = Settings(home=running.home)
            workspace = Workspace.open(settings)
            bed = Bed(running, workspace, connect(settings))
            asked = measure_sets(bed, sizes[0])
            measure_manuals(bed)
            measure_languages(bed)
            measure_gate(bed, asked)
            if sizes[1]:
                measure_answers(bed, asked, sizes[1])
            if sizes[2]:
                measure_many(bed, asked, sizes[2])
            if sizes[3]:
                measure_encode(bed, {**xquad()[0], **claude()[0]})
                measure_taught(bed, *xquad(), sizes[3], sizes[1] or ANSWERS)
            workspace.close()
            figures = bed.figures
    say(json.dumps(figures))


if __name__ == "__main__":
    main()
