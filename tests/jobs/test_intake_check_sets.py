"""The checks on real sets: nothing in them is taken for what it is not, and many rows are checked in seconds."""

import csv
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.intake.checks import after_split, sift, tidied
from jobs.intake.splits import with_parts
from storage.records import Example
from tests.conftest import PROJECT
from tests.jobs.examples import rows

Counts = dict[str, int]


def table(*places: str, question: str, answer: str) -> Callable[[Path], list[Example]]:
    def read(data: Path) -> list[Example]:
        with data.joinpath(*places).open(encoding="utf-8-sig", newline="") as stream:
            return rows(*[(tidied(row[question]), tidied(row[answer])) for row in csv.DictReader(stream)])

    return read


def abstracts(data: Path) -> list[Example]:
    def texts() -> Iterator[tuple[str, str, str, str]]:
        for line in (data / "med-pubmedqa" / "train.jsonl").read_text(encoding="utf-8").strip().split("\n"):
            record = json.loads(line)
            yield record["question"], record["final_decision"], "", str(record["context"])

    return rows(*texts())


SWEDISH = table("legal-zaragoza-faq", "faq.csv", question="q", answer="a")
DISEASES = table("med-medquad", "train.csv", question="question", answer="answer")
SETS: dict[str, tuple[Callable[[Path], list[Example]], Counts]] = {
    "shop": (table("cs-contoso-outdoor", "faq.csv", question="question", answer="answer"), {"odd": 1}),
    "bank": (
        table("cs-banking77", "train.csv", question="text", answer="category"),
        {"repeated": 29, "near": 90, "contradicting": 1, "leak": 24},
    ),
    "diseases": (DISEASES, {"personal": 1, "contradicting": 1, "leak": 1}),
    "abstracts": (abstracts, {}),
    "poems": (table("poem-dickinson", "poems.csv", question="first_line", answer="text"), {}),
    "law": (table("legal-zaragoza-faq", "faq-en.csv", question="q", answer="a"), {"personal": 1, "contradicting": 6}),
    "swedish law": (SWEDISH, {"personal": 1, "contradicting": 3, "language": 503}),
}


def counts(examples: list[Example]) -> Counts:
    sifted = sift(examples, {}, None, ("en",))
    split = after_split(with_parts(sifted.examples, 0.2))
    return {one.id: one.count for one in (*sifted.findings, *split.findings)}


@pytest.mark.shared_data
@pytest.mark.parametrize("name", SETS)
def test_real_sets_hold_what_was_read_in_them(shared_data: Path, name: str) -> None:
    read, expected = SETS[name]
    assert counts(read(shared_data)) == expected


def test_the_sample_is_clean() -> None:
    sample = table("larkspur", "faq.csv", question="question", answer="answer")
    assert counts(sample(PROJECT / "tests" / "data")) == {}


@pytest.mark.slow
@pytest.mark.shared_data
def test_twenty_thousand_long_rows_are_checked_in_seconds(shared_data: Path) -> None:
    read = DISEASES(shared_data)
    many = [
        replace(read[number % len(read)], row=number, question=f"{read[number % len(read)].question} {number:b}")
        for number in range(20_000)
    ]
    start = time.process_time()
    counts(many)
    assert time.process_time() - start < 15
