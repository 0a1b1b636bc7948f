"""A table and its columns become examples, or a sentence says why not."""

import pytest

from jobs.intake.prepare import MINIMUM_ROWS, prepare
from jobs.intake.table import Table
from storage.errors import UnusableRows, UserFault

COLUMNS = {"question": "question", "answer": "answer"}


def faq(*rows: tuple[str, ...], columns: tuple[str, ...] = ("question", "answer")) -> Table:
    return Table(list(columns), [list(row) for row in rows])


def many(count: int) -> Table:
    return faq(*[(f"Question {number}?", f"Answer {number}.") for number in range(count)])


def test_rows_become_examples_with_parts() -> None:
    prepared = prepare(many(50), COLUMNS)
    assert (len(prepared.examples), prepared.rows, prepared.notes) == (50, 50, ())
    assert prepared.examples[0].question == "Question 0?"
    assert prepared.held_out == sum(example.part == "exam" for example in prepared.examples) > 0


def test_every_role_reaches_the_example() -> None:
    table = faq(("q?", " a ", "i", "c", "k" * 99), columns=("1", "2", "3", "4", "5"))
    roles = {"question": "1", "answer": "2", "instruction": "3", "context": "4", "kind": "5"}
    (example,) = prepare(table, roles).examples
    assert (example.row, example.question, example.answer) == (1, "q?", "a")
    assert (example.instruction, example.context, example.kind) == ("i", "c", "k" * 64)


def test_three_rows_are_kept_and_said_to_be_too_few() -> None:
    prepared = prepare(many(3), COLUMNS)
    assert len(prepared.examples) == 3
    assert prepared.notes == (f"Training needs at least {MINIMUM_ROWS} usable rows; here are 3.",)


def test_one_column_only_is_a_sentence() -> None:
    with pytest.raises(UnusableRows, match="only one column, “question”") as caught:
        prepare(faq(("How?",), columns=("question",)), {"question": "question"})
    assert "It needs two" in caught.value.next_step


def test_no_usable_row_is_a_sentence_with_the_reasons() -> None:
    with pytest.raises(UnusableRows, match="None of the 3 rows can be used") as caught:
        prepare(faq(("a?", ""), ("b?", ""), ("", "")), COLUMNS)
    assert "2 × no answer" in str(caught.value)
    assert "1 × empty row" in str(caught.value)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"question": "question"}, "No column holds the answer"),
        ({**COLUMNS, "kind": "topic"}, "There is no column “topic”"),
        ({**COLUMNS, "colour": "answer"}, "A column can't be 'colour'"),
        ({"question": "answer", "answer": "answer"}, "chosen twice"),
    ],
)
def test_wrong_columns_are_sentences(columns: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserFault, match=sentence):
        prepare(many(12), columns)


def test_a_long_cell_is_left_out_and_counted() -> None:
    prepared = prepare(faq(("a?", "x" * 100_000), ("b?", "short")), COLUMNS)
    assert [(dropped.count, dropped.rows) for dropped in prepared.dropped] == [(1, (1,))]
    assert "65,536 characters" in prepared.dropped[0].reason


TURNS = [("a", "2", "How?"), ("b", "1.0", "Why?"), ("a", "1", "Who?"), ("", "7", "When?"), ("a", "third", "Where?")]


def test_conversations_and_turns_reach_the_examples_and_share_a_part() -> None:
    rows = [(name, turn, question, f"Because {number}.") for number, (name, turn, question) in enumerate(TURNS)]
    table = faq(*rows, columns=("chat", "nr", "question", "answer"))
    examples = prepare(table, {**COLUMNS, "conversation": "chat", "turn": "nr"}).examples
    assert [(one.conversation, one.turn) for one in examples] == [("a", 2), ("b", 1), ("a", 1), ("", 0), ("a", 3)]
    assert len({one.part for one in examples if one.conversation == "a"}) == 1
    counted = prepare(table, {**COLUMNS, "conversation": "chat"}).examples
    assert [one.turn for one in counted] == [1, 1, 2, 0, 3]


def test_a_role_may_join_columns() -> None:
    table = faq(("Tent", "How big?", "So."), ("", "", "No."), columns=("product", "question", "answer"))
    prepared = prepare(table, {**COLUMNS, "question": "{product}: {question}", "kind": "product"})
    assert [one.question for one in prepared.examples] == ["Tent: How big?"]
    assert [dropped.reason for dropped in prepared.dropped] == ["no question"]
    with pytest.raises(UserFault, match="There is no column “colour”"):
        prepare(table, {**COLUMNS, "question": "{colour}"})
