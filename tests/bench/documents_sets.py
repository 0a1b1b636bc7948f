"""Which public sets are asked, and how often their documents are found: by words, by meaning, and by both."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from jobs.retrieval.search import rank
from tests.bench.documents_bed import SHARED, XQUAD, Asked, Bed, say, seconds

CLAUDE = "claude"
_HELP = Path(__file__).with_name("data") / "help-in-three-languages.jsonl"
_LANGUAGES = ("en", "es", "fr")


def xquad() -> tuple[dict[str, str], list[Asked]]:
    """Return the paragraphs by name, each a document under its article's title, and the questions."""
    lines = (SHARED / "rag-xquad" / "passages.en.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    texts = {row["passage_id"]: f"# {row['title'].replace('_', ' ')}\n\n{row['text']}" for row in rows}
    with (SHARED / "rag-xquad" / "questions.en.csv").open(newline="") as stream:
        asked = [Asked(row["question"], (row["gold_passage_id"],), row["answer"]) for row in csv.DictReader(stream)]
    return texts, asked


def claude() -> tuple[dict[str, str], list[Asked]]:
    """Return the sections by their link, and the questions."""
    folder = SHARED / "rag-claude-docs"
    chunks = [json.loads(line) for line in (folder / "chunks.jsonl").read_text().splitlines()]
    texts = {one["chunk_link"]: f"# {one['chunk_heading']}\n\n{one['text']}" for one in chunks}
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text().splitlines()]
    return texts, [Asked(row["question"], tuple(row["correct_chunks"])) for row in rows]


def orders(bed: Bed, collection: str, asked: Sequence[Asked]) -> dict[str, list[list[str]]]:
    """Return, for each leg of the search, the documents in the order found, each once, for every question."""
    index = bed.workspace.collections.index(collection)
    owner = {one.id: one.document for one in bed.workspace.collections.passages_of(collection)}
    found: dict[str, list[list[str]]] = {"words": [], "meaning": [], "both": []}
    for one in asked:
        ranking = rank(bed.workspace.collections, index, bed.door, collection, one.question)
        for leg, lists in found.items():
            lists.append(list(dict.fromkeys(owner[passage] for passage in getattr(ranking, leg))))
    return found


def recall(lists: Sequence[Sequence[str]], asked: Sequence[Asked], k: int) -> float:
    """Return the mean share of the wanted documents among the first k."""
    return float(
        np.mean([len(set(row[:k]) & set(one.gold)) / len(one.gold) for row, one in zip(lists, asked, strict=True)])
    )


def mrr(lists: Sequence[Sequence[str]], asked: Sequence[Asked], k: int = 30) -> float:
    """Return the mean of one divided by the rank of the first wanted document, 0 where none is among the first k."""
    ranks = [
        next((1 / place for place, name in enumerate(row[:k], 1) if name in one.gold), 0.0)
        for row, one in zip(lists, asked, strict=True)
    ]
    return float(np.mean(ranks))


def measure_legs(bed: Bed, collection: str, asked: Sequence[Asked], ks: Sequence[int]) -> dict[str, list[list[str]]]:
    """Print recall and MRR of each leg."""
    found = orders(bed, collection, asked)
    for leg, lists in found.items():
        shares = ", ".join(f"recall@{k} {recall(lists, asked, k):.3f}" for k in ks)
        say(f"{collection}, {len(asked)} questions, by {leg}: {shares}, MRR {mrr(lists, asked):.3f}")
    return found


def measure_sets(bed: Bed, most: int) -> list[Asked]:
    """Read both sets and measure the search on them; return XQuAD's questions."""
    texts, asked = xquad()
    every = max(1, len(asked) // most)
    asked = asked[::every]
    took = seconds(bed.read(XQUAD, texts))
    passages = len(bed.workspace.collections.passages_of(XQUAD))
    say(f"XQuAD: {len(texts)} documents, {passages} passages, read in {took:.1f} s")
    found = measure_legs(bed, XQUAD, asked, (1, 5))["both"]
    bed.figures |= {"xquad_recall_at_1": recall(found, asked, 1), "xquad_recall_at_5": recall(found, asked, 5)}
    texts, questions = claude()
    bed.read(CLAUDE, texts)
    found = measure_legs(bed, CLAUDE, questions, (1, 3, 5))["both"]
    bed.figures |= {"claude_recall_at_3": recall(found, questions, 3), "claude_mrr": mrr(found, questions, 3)}
    say("beside it the set's own basic search: recall@3 .659, MRR .737")
    return asked


def measure_manuals(bed: Bed) -> None:
    """Look for the manual of each question that the outdoor shop is asked often."""
    shop = SHARED / "cs-contoso-outdoor"
    bed.read("manuals", {file.name: file.read_text() for file in sorted((shop / "manuals").glob("*.md"))})
    with (shop / "faq.csv").open(newline="") as stream:
        asked = [Asked(row["question"], (row["source"],), row["answer"]) for row in csv.DictReader(stream)]
    measure_legs(bed, "manuals", asked, (1, 3))


def measure_languages(bed: Bed) -> None:
    """Ask a help centre in three languages: where all three lie in one collection, and where only English does."""
    folder = SHARED / "cs-login-gov-help"
    texts = {str(file.relative_to(folder)): file.read_text() for file in sorted(folder.glob("??/*.md"))}
    rows = [json.loads(line) for line in _HELP.read_text().splitlines()]
    bed.read("help", texts)
    bed.read("help-en", {name: text for name, text in texts.items() if name.startswith("en/")})
    for language in _LANGUAGES:
        _measure_language(bed, "help", rows, language, language)
    for language in _LANGUAGES:
        _measure_language(bed, "help-en", rows, language, "en")


def _measure_language(bed: Bed, collection: str, rows: Sequence[Mapping[str, str]], asked: str, read: str) -> None:
    questions = [Asked(row[asked], tuple(f"{read}/{name}.md" for name in row["gold"])) for row in rows]
    for leg, lists in orders(bed, collection, questions).items():
        shares = ", ".join(f"hit@{k} {hits(lists, questions, k):.3f}" for k in (1, 3))
        own = np.mean([bool(names) and names[0].startswith(f"{read}/") for names in lists])
        say(f"{collection}, {len(rows)} questions in {asked} by {leg}: {shares}, first in {read} {own:.3f}")


def hits(lists: Sequence[Sequence[str]], asked: Sequence[Asked], k: int) -> float:
    """Return the share of questions with a wanted document among the first k."""
    return float(np.mean([bool(set(row[:k]) & set(one.gold)) for row, one in zip(lists, asked, strict=True)]))
