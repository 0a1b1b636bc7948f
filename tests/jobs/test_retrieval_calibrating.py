"""The threshold of a collection is found out on its own drafted questions, and decides from the next search on."""

import pytest

from jobs.requests import Draft
from jobs.retrieval.calibrating import LEAST_QUESTIONS, best_threshold, calibrate
from jobs.retrieval.search import THRESHOLD, search
from storage.drafts import DraftPair, DraftState
from storage.errors import Missing, NotFound
from storage.thresholds import keep_threshold
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel

TEXTS = {f"{nr}.md": f"# Tent {nr}\n\nThe zipper number {nr} is made of alloy{nr} and brass{nr}.\n" for nr in range(24)}
QUESTION = "What is zipper number {nr} made of, alloy{nr} or brass{nr}?"


def draft(workspace: Workspace, count: int, state: DraftState = "new") -> None:
    context = claimed_context(workspace, Draft(collection="Manuals"))
    pairs = [
        DraftPair(
            f"d{nr}", context.job.id, "Manuals", f"{nr}.md", 0, len(TEXTS[f"{nr}.md"]), TEXTS[f"{nr}.md"].strip(),
            QUESTION.format(nr=nr), "brass", float(nr), state,
        )
        for nr in range(count)
    ]  # fmt: skip
    context.keep_drafts(pairs, count, {})


def test_the_threshold_parts_what_is_there_from_what_is_not(workspace: Workspace) -> None:
    put_documents(workspace, TEXTS)
    draft(workspace, 24)
    door, before = ScriptedModel(), workspace.collections.get("Manuals").index_version
    made = calibrate(workspace, door, "Manuals")
    assert made.questions == 24
    assert (made.answered, made.withheld) == (1.0, 1.0)
    assert workspace.collections.get("Manuals").threshold == made.threshold != THRESHOLD
    assert workspace.collections.get("Manuals").index_version == before + 1
    assert search(workspace.collections, door, "Manuals", QUESTION.format(nr=7)).passages[0].document == "7.md"
    bare = search(workspace.collections, door, "Manuals", QUESTION.format(nr=77))
    assert (bare.passages, bare.threshold) == ((), made.threshold)
    keep_threshold(workspace.database, "Manuals", None)
    assert search(workspace.collections, door, "Manuals", QUESTION.format(nr=77)).threshold == THRESHOLD


def test_few_questions_and_dropped_ones_set_nothing(workspace: Workspace) -> None:
    put_documents(workspace, TEXTS)
    draft(workspace, LEAST_QUESTIONS, state="dropped")
    with pytest.raises(Missing, match="0 drafted questions are too few"):
        calibrate(workspace, ScriptedModel(), "Manuals")
    assert workspace.collections.get("Manuals").threshold is None
    with pytest.raises(NotFound):
        keep_threshold(workspace.database, "Other", 0.5)


def test_nine_of_ten_questions_go_on_being_answered() -> None:
    whole, without = [0.2, *[0.6] * 18, 0.7], [0.5] * 16 + [0.65] * 4
    made = best_threshold(whole, without)
    assert (made.threshold, made.answered, made.withheld) == (0.51, 0.95, 0.8)
    hopeless = best_threshold([0.3] * 20, [0.9] * 20)
    assert (hopeless.answered, hopeless.withheld) == (1.0, 0.0)
    assert hopeless.threshold == 0.1
