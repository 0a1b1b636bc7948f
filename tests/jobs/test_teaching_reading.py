"""Rows that teach to read: the form in which documents are asked, shares by seed, and no leak into what is learned."""

import hashlib
from collections import Counter
from dataclasses import replace

import pytest

from jobs.answering.answer import DOCUMENTS_DONT_SAY, Bench, answer
from jobs.evaluation.leaks import leaks
from jobs.evaluation.questions import Question, read_questions
from jobs.intake.splits import question_key
from jobs.metrics.abstaining import abstained
from jobs.metrics.facts import Expected
from jobs.models.conversation import learning
from jobs.requests import Draft, Evaluate, Index
from jobs.retrieval.indexing import index_with
from jobs.teaching.gold import gold_passages, resting_if_cut
from jobs.teaching.reading import teach_reading
from storage.drafts import DraftPair, DraftState
from storage.errors import NotFound, UserFault
from storage.records import Column, Dataset, Example
from storage.workspace import Workspace
from tests.claimed import claimed_context
from tests.documents import put_documents
from tests.fakes import ScriptedModel

CUT = Index(collection="Manuals", cutting="short")
TENTS = 40
TEXTS = {f"{nr}.md": f"# Tent {nr}\n\nThe zipper of tent {nr} is made of alloy{nr}." for nr in range(TENTS)}


def question(nr: int) -> str:
    return f"What is the zipper of tent {nr} made of?"


def keep(workspace: Workspace, count: int, state: DraftState = "kept", changed: int = 0) -> None:
    """Keep a draft of each of the first documents; the last ones of passages that read otherwise by now."""
    context = claimed_context(workspace, Draft(collection="Manuals"))
    texts = [TEXTS[f"{nr}.md"] + "?" * (nr >= count - changed) for nr in range(count)]
    pairs = [
        DraftPair(
            f"d{nr}", context.job.id, "Manuals", f"{nr}.md", 0, len(text), text,
            question(nr), f"The zipper of tent {nr} is made of alloy{nr}.", float(nr), state,
        )
        for nr, text in enumerate(texts)
    ]  # fmt: skip
    context.keep_drafts(pairs, count, {})


@pytest.fixture
def manuals(workspace: Workspace) -> Workspace:
    put_documents(workspace, TEXTS)
    return workspace


def taught(workspace: Workspace, made: Dataset) -> list[Example]:
    return workspace.datasets.examples(made.id)


def test_a_fifth_of_the_rows_lacks_its_passage_and_says_so(manuals: Workspace) -> None:
    keep(manuals, TENTS)
    made = teach_reading(manuals, ScriptedModel(), "Manuals")
    rows = taught(manuals, made)
    assert (made.name, made.version, made.rows, made.used) == ("Reading Manuals", 1, 50, 50)
    assert made.origin == {"beside": 30, "alone": 10, "without": 10, "left_out": 0, "seed": 0}
    for row in rows:
        nr = int(row.origin.split("/")[1].split(".")[0])
        assert (f"alloy{nr}." in row.context) == (row.kind != "unknown")
        assert row.answer == (DOCUMENTS_DONT_SAY if row.kind else f"The zipper of tent {nr} is made of alloy{nr}.")
    assert abstained(DOCUMENTS_DONT_SAY)
    # Neither how many passages there are nor where one stands tells whether the right one is among them.
    single = Counter(row.context.count("# Tent") for row in rows if row.kind)
    assert single.keys() == {1, 2}
    firsts = [row.context.index(row.answer) < 60 for row in rows if not row.kind and row.context.count("# Tent") == 2]
    assert 5 < sum(firsts) < 25


def test_a_row_is_what_the_model_reads_when_it_is_asked_with_documents(manuals: Workspace) -> None:
    keep(manuals, TENTS)
    rows = taught(manuals, teach_reading(manuals, ScriptedModel(), "Manuals"))
    door = ScriptedModel(lambda _chat: "It is alloy.")
    column = Column("documents", "documents", "starter", collection="Manuals")
    alone = [row for row in rows if not row.kind and row.context.count("# Tent") == 1]
    for row in alone:
        list(answer(row.question, column, Bench(manuals, door)))
    assert [chat.messages for chat in door.chats] == [learning(row)[:-1] for row in alone]
    assert len(alone) == 10


def test_the_same_seed_makes_the_same_rows_and_another_one_others(manuals: Workspace) -> None:
    keep(manuals, 20)
    first, again, other = (
        taught(manuals, teach_reading(manuals, ScriptedModel(), "Manuals", seed=seed)) for seed in (0, 0, 1)
    )
    assert first == again
    assert [row.context for row in first] != [row.context for row in other]
    assert {(row.question, row.part) for row in first} == {(row.question, row.part) for row in other}


def test_what_is_learned_holds_nothing_of_any_exam(manuals: Workspace) -> None:
    keep(manuals, TENTS)
    tested = [Example(nr + 1, question(nr).upper(), "x", part="exam") for nr in range(5)]
    manuals.datasets.keep("FAQ", tested, rows=5, columns={}, dropped=(), source="faq.csv")
    put_test_questions(manuals, "question,answer\n" + "".join(f"{question(nr)},alloy{nr}\n" for nr in range(5, 8)))
    made = teach_reading(manuals, ScriptedModel(), "Manuals")
    rows = taught(manuals, made)
    seen = [row for row in rows if row.part != "exam"]
    assert {row.part for row in seen} == {"learn", "watch"}
    assert not {question_key(row.question) for row in seen} & {question_key(question(nr)) for nr in range(8)}
    exam = read_questions(manuals, Evaluate(source=made.id))
    kept_back = [Question(nr, question(nr), Expected(question(nr), TEXTS[f"{nr}.md"][10:])) for nr in range(8)]
    assert leaks([*exam, *kept_back], seen) == []
    assert [row.part for row in taught(manuals, teach_reading(manuals, ScriptedModel(), "Manuals"))] == [
        row.part for row in rows
    ]


def put_test_questions(workspace: Workspace, table: str) -> None:
    (workspace.home / "exam.csv").write_text(table)
    digest = hashlib.sha256(table.encode()).hexdigest()
    workspace.question_sets.keep("exam", "exam.csv", sealed=True, questions=3, sha256=digest)


def test_what_can_not_be_taught_is_said(manuals: Workspace) -> None:
    with pytest.raises(NotFound):
        teach_reading(manuals, ScriptedModel(), "Other")
    keep(manuals, 9, state="dropped")
    with pytest.raises(UserFault, match="0 rest on 0 passages"):
        teach_reading(manuals, ScriptedModel(), "Manuals")


def test_questions_whose_passage_changed_are_left_out_and_counted(manuals: Workspace) -> None:
    keep(manuals, 12, state="added", changed=2)
    made = teach_reading(manuals, ScriptedModel(), "Manuals", "Tents")
    assert (made.name, made.origin["left_out"]) == ("Tents", 2)
    assert made.rows == 13


def test_where_all_is_held_back_nothing_is_learned(manuals: Workspace) -> None:
    keep(manuals, 12)
    tested = [Example(nr + 1, question(nr), "x", part="exam") for nr in range(12)]
    manuals.datasets.keep("FAQ", tested, rows=12, columns={}, dropped=(), source="faq.csv")
    with pytest.raises(UserFault, match="held back"):
        teach_reading(manuals, ScriptedModel(), "Manuals")
    assert [one.name for one in manuals.datasets.list()] == ["FAQ"]


def test_questions_keep_their_passage_where_documents_are_cut_otherwise(workspace: Workspace) -> None:
    filler = "Nothing of note stands in this long sentence about canvas, poles, pegs and ropes. " * 3
    said = [f"The zipper of tent {nr} is made of alloy{nr}. {filler}" for nr in range(3)]
    put_documents(workspace, {"0.md": " ".join(said)})
    (before,) = (one for one in workspace.collections.passages_of("Manuals") if "alloy1" in one.text)
    context = claimed_context(workspace, Draft(collection="Manuals"))
    place = ("Manuals", "0.md", before.start, before.end, before.text)
    answers = ["The zipper of tent 1 is made of alloy1.", "All three tents together weigh 77 kilograms."]
    made = [DraftPair(f"d{nr}", "", *place, question(nr), answer, 0.0) for nr, answer in enumerate(answers)]
    context.keep_drafts([replace(one, job_id=context.job.id) for one in made], 1, {})
    assert resting_if_cut(workspace, "Manuals", "usual") == (2, 2)
    assert resting_if_cut(workspace, "Manuals", "short") == (1, 2)
    index_with(ScriptedModel(), CUT, claimed_context(workspace, CUT))
    passages = workspace.collections.passages_of("Manuals")
    first, second = gold_passages(made, passages, workspace.collections.document_text)
    assert first is not None
    assert "alloy1" in first.text
    assert first.text != before.text
    assert second is None
    moved = replace(made[0], start=before.start + 1, end=before.end + 1)
    assert gold_passages([moved], passages, workspace.collections.document_text) == [None]
