"""Test questions come from a table or from the rows a dataset held back, with all that is expected."""

from pathlib import Path

import pytest

from jobs.evaluation.questions import Question, read_questions
from jobs.models.conversation import learning
from jobs.requests import Evaluate
from storage.errors import NotFound, UnusableRows, UserFault
from storage.records import Example
from storage.workspace import Workspace


def read(workspace: Workspace, text: str) -> list[Question]:
    file = workspace.folder("uploads") / "0a1b.csv"
    file.write_text(text, encoding="utf-8")
    return read_questions(workspace, Evaluate(source="uploads/0a1b.csv", name="test.csv"))


def keep(workspace: Workspace, *examples: Example) -> str:
    columns = {"question": "q", "answer": "a"}
    return workspace.datasets.keep("faq", examples, rows=9, columns=columns, dropped=(), source="faq.csv").id


def test_every_column_of_a_test_table_is_read(workspace: Workspace) -> None:
    (question,) = read(
        workspace,
        "Question,Answer,accepted,kind,needed,wrong,style,passage,call\n"
        'How long?,30 days,a month|four weeks,Facts,"30|thirty; free",14 days; 60 days,at most 9 words,a.md,look_up\n',
    )
    expected = question.expected
    assert (question.row, question.asked, expected.answers) == (1, "How long?", ("30 days", "a month", "four weeks"))
    assert (expected.kind, expected.needed, expected.wrong) == ("facts", ("30|thirty", "free"), ("14 days", "60 days"))
    assert (expected.style[0].demand, question.passage, question.call) == ("at most", "a.md", "look_up")


def test_columns_of_other_names_are_guessed(workspace: Workspace) -> None:
    (question,) = read(workspace, "Frage;Antwort\nWie lange?;30 Tage\n")
    assert (question.asked, question.expected.answer) == ("Wie lange?", "30 Tage")


def test_rows_that_expect_nothing_are_left_out_and_unknown_ones_are_not(workspace: Workspace) -> None:
    questions = read(workspace, "question,answer,kind\nWho wins?,,unknown\nHow?,,\n,Yes,\nWhat?,That,\n")
    assert [question.row for question in questions] == [1, 4]


def test_a_table_without_expectations_is_a_sentence(workspace: Workspace) -> None:
    with pytest.raises(UnusableRows, match=r"No row of test\.csv holds a question and what is expected"):
        read(workspace, "question,answer\nHow?,\nWhat?,\n")


def test_a_wrong_checklist_is_a_sentence(workspace: Workspace) -> None:
    with pytest.raises(UserFault, match="no entry of a style checklist"):
        read(workspace, "question,answer,style\nHow?,So,nicely\n")


def test_a_dataset_gives_its_exam_and_nothing_else(workspace: Workspace) -> None:
    exam = Example(3, "How far?", "Ten miles", "Be short", "", "facts", "exam")
    dataset_id = keep(workspace, Example(1, "How big?", "Big"), Example(2, "How old?", "Old", part="watch"), exam)
    for source in (dataset_id, "faq"):
        (question,) = read_questions(workspace, Evaluate(source=source))
        assert (question.row, question.instruction, question.expected.kind) == (3, "Be short", "facts")


def test_the_text_of_a_row_stands_where_training_put_it(workspace: Workspace) -> None:
    example = Example(1, "How far?", "Ten miles", context="It is ten miles away.", part="exam")
    (question,) = read_questions(workspace, Evaluate(source=keep(workspace, example)))
    assert question.asked == learning(example)[0]["content"]
    assert question.expected.question == "How far?"


def test_a_dataset_without_an_exam_is_a_sentence(workspace: Workspace) -> None:
    with pytest.raises(UnusableRows, match="No rows of faq, version 1, are held back"):
        read_questions(workspace, Evaluate(source=keep(workspace, Example(1, "How big?", "Big"))))


def test_only_files_of_the_home_are_read(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("question,answer\na,b\n")
    with pytest.raises(NotFound):
        read_questions(workspace, Evaluate(source="../outside.csv"))
    with pytest.raises(NotFound):
        read_questions(workspace, Evaluate(source=str(tmp_path / "outside.csv")))
