"""Example packs: whole, of one form each, without findings, and kept by one wish."""

import csv
import re

import pytest

from jobs.intake.formats import read_table
from jobs.intake.packs import Pack, add_pack, packs
from jobs.intake.prepare import MINIMUM_ROWS, prepare
from storage.errors import NotFound
from storage.workspace import Workspace

FORMS = {
    "support-tone": r".+ Warm regards, Fernhill Garden",
    "legal-terms": r".+: .+\. For example: .+\. This is a general explanation, not advice\.",
    "medical-terms": r"Plain words: .+\. To picture it: .+\. Ask a doctor or pharmacist what it means for you\.",
    "short-poems": r"(?:[^\n]{8,45}\n){3}[^\n]*\b[Yy]ou(?:r)?\b[^\n]*",
}
each = pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.id)


def rows(pack: Pack) -> list[dict[str, str]]:
    with pack.file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@each
def test_a_pack_has_its_size_its_form_and_no_repeats(pack: Pack):
    kept = rows(pack)
    assert 40 <= len(kept) <= 60
    assert len({row["question"] for row in kept}) == len({row["answer"] for row in kept}) == len(kept)
    assert [row["answer"] for row in kept if not re.fullmatch(FORMS[pack.id], row["answer"])] == []
    assert pack.trial not in {row["question"] for row in kept}, "the trial is not learned"
    assert pack.expect.count(". ") >= 1, "what to expect, and what not"


@each
def test_nothing_is_found_wrong_with_a_pack(pack: Pack):
    made = prepare(read_table(pack.file, pack.file.name, None), {"question": "question", "answer": "answer"})
    assert len(made.examples) == len(rows(pack))
    assert made.dropped == ()
    assert MINIMUM_ROWS <= len(made.examples) - made.held_out < len(made.examples)


def test_a_pack_is_kept_once_however_often_it_is_wished(workspace: Workspace):
    first = add_pack(workspace, "short-poems")
    assert (first.name, first.version) == ("Four-line poems in one style", 1)
    assert add_pack(workspace, "short-poems") == first
    assert len(workspace.datasets.list()) == 1
    assert "\n" in workspace.datasets.examples(first.id)[0].answer
    with pytest.raises(NotFound, match="no example pack 'songs'"):
        add_pack(workspace, "songs")
