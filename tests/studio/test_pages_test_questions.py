"""Test questions on the pages: looked at unless they are sealed, and scored again only after a yes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.answering.compare import Comparing
from jobs.evaluation.editing import OWN, add_question
from jobs.queue import Queue
from jobs.requests import Evaluate
from storage.errors import UserFault
from storage.workspace import Workspace
from studio.bench import Bench
from studio.pages import doing, looking, sealing, test_questions
from studio.wording import test_questions as words
from tests.fakes import ScriptedModel
from tests.jobs.test_evaluation_asked import keep, keep_examples, score

NUMBER, TOLD, BEFORE, AFTER, EDITOR, CHOICE = range(6)


@pytest.fixture
def bench(workspace: Workspace) -> Iterator[Bench]:
    door = ScriptedModel(lambda _chat: "Yes.")
    comparing = Comparing(workspace, door)
    yield Bench(workspace, Queue(workspace.database, workspace.clock), door, comparing)
    comparing.wait(20)


def test_questions_are_shown_and_only_the_latest_version_can_be_changed(bench: Bench, tmp_path: Path) -> None:
    first = keep(bench.workspace, tmp_path)
    drawn = looking._drawn(bench, first.id)
    assert "| 1. When? | Today |" in drawn[TOLD]
    assert f"/downloads/questions/{first.id}.csv" in drawn[TOLD]
    assert (drawn[EDITOR].visible, drawn[CHOICE].value) == (True, 1)
    keep(bench.workspace, tmp_path, "Now")
    older = looking._drawn(bench, first.id)
    assert words.ONLY_LATEST in older[TOLD]
    assert not older[EDITOR].visible


def test_rows_held_back_lead_to_their_page(bench: Bench) -> None:
    examples = keep_examples(bench.workspace, "FAQ")
    assert f"/rows?dataset={examples.id}" in looking._drawn(bench, examples.id)[TOLD]
    assert looking._drawn(bench, "")[TOLD] == words.NOTHING


def test_sealed_questions_are_counted_until_they_were_scored(bench: Bench, tmp_path: Path) -> None:
    sealed = keep(bench.workspace, tmp_path, sealed=True)
    hidden = looking._drawn(bench, sealed.id)
    assert "1 question" in hidden[TOLD]
    assert "When?" not in str(hidden)
    assert sealing.before_scoring(bench, sealed.id) == ""
    score(bench.workspace, sealed.id)
    assert "When?" in looking._drawn(bench, sealed.id)[TOLD]
    assert "a score of them was asked for once before" in sealing.before_scoring(bench, sealed.id)
    later = keep(bench.workspace, tmp_path, "Now")
    assert "a score of other versions of them was asked for once" in sealing.before_scoring(bench, later.id)


def test_a_score_that_is_going_on_counts_and_open_questions_are_never_asked_about(bench: Bench, tmp_path: Path) -> None:
    sealed, free = keep(bench.workspace, tmp_path, sealed=True), keep(bench.workspace, tmp_path, "Now", "Open")
    for number, kept in enumerate((sealed, free)):
        bench.queue.enqueue(Evaluate(source=kept.id), str(number))
    box, why, agreed = sealing.draw(bench, sealed.id)
    assert box.visible
    assert why.startswith("These questions are sealed")
    assert agreed is False
    assert not sealing.draw(bench, free.id)[0].visible
    assert not sealing.draw(bench, None)[0].visible


def test_a_comparison_offers_its_question_with_the_answer_that_was_voted_for(bench: Bench) -> None:
    add_question(bench.workspace, "Mine", {"question": "Who?", "answer": "Ada"})
    comparison = bench.workspace.comparisons.start("When?", [])
    box, goes_on, question, answer, sets, _ = test_questions._offered(bench, comparison.id)
    assert (box.visible, goes_on["visible"], question, answer) == (True, False, "When?", "")
    assert [value for _, value in sets.choices] == [OWN, "Mine"]
    assert not test_questions._offered(bench, "")[0].visible


def test_to_score_sealed_questions_again_beside_a_score_is_refused_there(bench: Bench, tmp_path: Path) -> None:
    card = score(bench.workspace, keep(bench.workspace, tmp_path, sealed=True).id)
    with pytest.raises(UserFault, match="no longer an unseen exam"):
        doing._score_again(bench, card.id)
    assert bench.queue.unfinished() == []
