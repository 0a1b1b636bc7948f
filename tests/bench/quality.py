"""What a training is worth on public sets: `python -m tests.bench.quality SET [PRESET]`, SET one of the four below.

* banking77: which of 77 intents a customer's question is about. 1,500 rows to learn from, 1,000 others as the exam; the
  tuned model held to the labels and free, the base on 200, and TF-IDF with logistic regression on the same 1,500 rows.
* contoso, medquad: answers on held-out rows by right and by ROUGE-L.
* dickinson: perplexity of held-out poems given their title or first line, by transformers and peft alone.

A benchmark, not a test: the sets lie beside the project, without them it says so. The last line on stdout is JSON.
"""

import csv
import json
import math
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from transformers import AutoModelForCausalLM, AutoTokenizer

from jobs.metrics.pairing import mcnemar, pair
from jobs.metrics.statistics import wilson
from jobs.queue import Queue
from storage.records import Example
from storage.settings import Settings
from storage.workspace import Workspace
from tests.conftest import PROJECT
from tests.running import Running, studio_running

DATA = PROJECT.parent / "shared" / "data"
LEARN, EXAM, SEED = 1500, 1000, 7860
MEDICAL_ROWS = 600
# The untuned model writes long answers, none of which is a label.
BASE_ROWS = 200
Rows = Sequence[tuple[str, str]]


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def read(path: Path, question: str, answer: str) -> list[tuple[str, str]]:
    """Return two columns of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(row[question], row[answer]) for row in csv.DictReader(file)]


def write(path: Path, rows: Rows) -> str:
    """Write a table of questions and answers; return its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("question", "answer"), *rows])
    return str(path)


def train(running: Running, name: str, options: Sequence[str]) -> dict[str, Any]:
    """Train with these options to the end and say what it took."""
    made = running.triptych("train", name, *options, "--wait")
    workspace = Workspace.open(Settings(home=running.home))
    try:
        job = Queue(workspace.database, workspace.clock).get(str(made["id"]))
    finally:
        workspace.close()
    told = {"took_s": (job.finished_at or 0) - (job.started_at or 0), **job.result}
    say(f"{name}: {json.dumps(told, default=str)[:1500]}")
    return told


def answers_of(running: Running, *arguments: str) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
    """Score; return the result and the answers of each way."""
    result = running.triptych("evaluate", *arguments, "--fresh")
    lines = [json.loads(line) for line in Path(result["answers_file"]).read_text(encoding="utf-8").splitlines()]
    ways: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        ways.setdefault(str(line["way"]), []).append(line)
    return result, ways


def share(right: Sequence[bool]) -> str:
    """Return a share with its 95 % interval."""
    low, high = wilson(sum(right), len(right))
    return f"{sum(right)} of {len(right)} ({100 * sum(right) / len(right):.1f} %, {100 * low:.1f} to {100 * high:.1f})"


def classifier(learn: Rows, exam: Rows) -> list[bool]:
    """Return whether TF-IDF with logistic regression gives each label of the exam."""
    made = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10, max_iter=2000)
    )
    made.fit([text for text, _ in learn], [label for _, label in learn])
    given = made.predict([text for text, _ in exam])
    return [said == label for said, (_, label) in zip(given, exam, strict=True)]


def banking77(running: Running, folder: Path, options: Sequence[str]) -> dict[str, Any]:
    """Measure labels: by the exact label, each way beside a linear classifier."""
    rows = read(DATA / "cs-banking77" / "train.csv", "text", "category")
    random.Random(SEED).shuffle(rows)
    learn, exam = rows[:LEARN], rows[LEARN : LEARN + EXAM]
    linear = classifier(learn, exam)
    say(f"TF-IDF with logistic regression: {share(linear)}")
    name = running.triptych("dataset", "add", write(folder / "banking.csv", learn), "--hold-out", "0")["name"]
    train(running, name, options)
    told: dict[str, Any] = {"linear": sum(linear) / len(linear)}
    for way, how, rows in (("tuned", "labels", exam), ("tuned", "free", exam), ("base", "free", exam[:BASE_ROWS])):
        file = write(folder / f"exam-{len(rows)}.csv", rows)
        _, ways = answers_of(running, file, "--way", way, f"--{how}")
        exact = [str(one["answer"]).strip() == one["expected"] for one in sorted(ways[way], key=lambda one: one["row"])]
        chance = mcnemar(pair(exact, linear[: len(rows)]))
        told |= {f"{way}_{how}": sum(exact) / len(exact), f"{way}_{how}_p": chance}
        say(f"{way}, {how}: {share(exact)}; against the classifier p = {chance:.2g}")
    return told


def by_rouge(running: Running, file: str, options: Sequence[str]) -> dict[str, Any]:
    """Measure answers on held-out rows by right and by ROUGE-L."""
    name = running.triptych("dataset", "add", file)["name"]
    train(running, name, options)
    result, _ = answers_of(running, name, "--way", "base", "--way", "tuned")
    for way in result["ways"]:
        say(f"{way['way']}: right {way['right']:.3f} of {way['n']}, ROUGE-L {way['rouge_l']:.3f}")
    return {f"{way['way']}_{key}": way[key] for way in result["ways"] for key in ("right", "rouge_l", "n")}


def contoso(running: Running, folder: Path, options: Sequence[str]) -> dict[str, Any]:
    """Measure an outdoor shop's questions and answers."""
    rows = read(DATA / "cs-contoso-outdoor" / "faq.csv", "question", "answer")
    return by_rouge(running, write(folder / "contoso.csv", rows), options)


def medquad(running: Running, folder: Path, options: Sequence[str]) -> dict[str, Any]:
    """Measure medical questions and answers."""
    rows = read(DATA / "med-medquad" / "train.csv", "question", "answer")
    random.Random(SEED).shuffle(rows)
    return by_rouge(running, write(folder / "medquad.csv", rows[:MEDICAL_ROWS]), options)


def dickinson(running: Running, folder: Path, options: Sequence[str]) -> dict[str, Any]:
    """Measure how well poems nobody learned from are foretold."""
    with (DATA / "poem-dickinson" / "poems.csv").open(encoding="utf-8", newline="") as file:
        poems = [(f"Write a poem: {row['title'] or row['first_line']}", row["text"]) for row in csv.DictReader(file)]
    name = running.triptych("dataset", "add", write(folder / "dickinson.csv", poems))["name"]
    train(running, name, options)
    workspace = Workspace.open(Settings(home=running.home))
    try:
        exam = workspace.datasets.examples(workspace.datasets.get(name).id, "exam")
        adapter = workspace.home / workspace.adapters.list()[0].path
        told = perplexities(workspace.settings.models / "starter", adapter, exam)
    finally:
        workspace.close()
    say(f"{len(exam)} held-out poems: perplexity {told['base']:.1f} before, {told['tuned']:.1f} after")
    return told


def perplexities(base: Path, adapter: Path, exam: Sequence[Example]) -> dict[str, float]:
    """Return exp of the mean loss of the answers' tokens, without and with the adapter, in full precision."""
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), adapter).eval()
    tuned = perplexity(model, tokenizer, exam)
    with model.disable_adapter():
        return {"base": perplexity(model, tokenizer, exam), "tuned": tuned}


@torch.inference_mode()
def perplexity(model: Any, tokenizer: Any, exam: Sequence[Example]) -> float:
    """Return the perplexity of the answers given their questions."""
    total, count = 0.0, 0
    for example in exam:
        asked = [{"role": "user", "content": example.question}]
        start = tokenizer.apply_chat_template(asked, add_generation_prompt=True, tokenize=False)
        before = len(tokenizer(start, add_special_tokens=False).input_ids)
        row = tokenizer(start + example.answer, add_special_tokens=False, return_tensors="pt").input_ids[:, :1024]
        logits = model(row).logits[0, before - 1 : -1].float()
        total += float(torch.nn.functional.cross_entropy(logits, row[0, before:], reduction="sum"))
        count += row.shape[1] - before
    return math.exp(total / count)


SETS = {"banking77": banking77, "contoso": contoso, "medquad": medquad, "dickinson": dickinson}


def main() -> None:
    """Train on one set in a fresh home and print the figures."""
    name, options = sys.argv[1], sys.argv[2:]
    if not DATA.is_dir():
        raise SystemExit(f"{DATA} is not there: this needs the public sets.")
    with tempfile.TemporaryDirectory() as folder, studio_running(Path(folder) / "home") as running:
        told = SETS[name](running, Path(folder), options)
    say(json.dumps({"set": name, "options": options, **told}))


if __name__ == "__main__":
    main()
