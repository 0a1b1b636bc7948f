"""The question and answer columns are guessed from names and contents, each with a reason."""

import pytest

from jobs.intake.columns import fill_in, guess_roles
from jobs.intake.table import Table
from storage.errors import UserFault

ASKING = ["How big is it?", "And what does it cost?"]
TELLING = ["It is two metres long and one wide.", "Thirty euros."]


def table(**columns: list[str]) -> Table:
    names = list(columns)
    return Table(names, [list(row) for row in zip(*columns.values(), strict=True)])


def guessed(of: Table) -> dict[str, str]:
    return {guess.role: guess.column for guess in guess_roles(of)}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("question", "answer"),
        ("q", "a"),
        ("Prompt", "Completion"),
        ("Frage", "Antwort"),
        ("Pregunta", "Respuesta"),
        ("вопрос", "ответ"),
        ("質問", "回答"),
        ("customer_question", "good answer"),
        ("instruction", "output"),
    ],
)
def test_names_are_known_in_several_languages(question: str, answer: str) -> None:
    found = guessed(table(**{"id": ["1", "2"], answer: TELLING, question: ["Size", "Cost"]}))
    assert (found["question"], found["answer"]) == (question, answer)


def test_each_guess_gives_its_reason() -> None:
    named = guess_roles(table(question=ASKING, answer=TELLING))
    assert [guess.reason for guess in named] == ["its name is “question”", "its name is “answer”"]
    unnamed = guess_roles(table(one=TELLING, nr=["1", "2"], two=ASKING))
    assert [(guess.role, guess.column, guess.reason) for guess in unnamed] == [
        ("question", "two", "its texts end in question marks"),
        ("answer", "one", "it holds the longest texts"),
    ]


def test_without_any_sign_the_first_column_asks() -> None:
    found = guess_roles(table(one=["Tent", "Stove"], two=["For two.", "Burns gas."]))
    assert [guess.reason for guess in found] == [
        "it is the first column that is left",
        "it is the only column that is left",
    ]


def test_labels_are_answers() -> None:
    assert guessed(table(text=ASKING, category=["size", "price"])) == {"question": "text", "answer": "category"}


def test_the_other_roles_are_guessed_by_name_only() -> None:
    found = guessed(
        table(question=ASKING, answer=TELLING, Instruction=["Be short", ""], passage=["p", "p"], topic=["a", "b"])
    )
    assert found == {
        "question": "question",
        "answer": "answer",
        "instruction": "Instruction",
        "context": "passage",
        "kind": "topic",
    }


def test_an_id_of_the_question_is_not_the_question() -> None:
    assert guessed(table(question_id=["1", "2"], words=ASKING, reply=TELLING))["question"] == "words"


def test_what_was_chosen_is_kept_and_not_guessed_again() -> None:
    of = table(question=ASKING, answer=TELLING, kind=["a", "b"])
    assert fill_in(of, {"question": "ANSWER", "kind": ""}) == {"question": "answer", "answer": "question"}


def test_a_column_that_is_not_there_is_a_sentence_with_those_that_are() -> None:
    with pytest.raises(UserFault, match="There is no column “Frage”") as caught:
        fill_in(table(question=ASKING, answer=TELLING), {"question": "Frage"})
    assert caught.value.next_step == "Choose one of these columns: “question”, “answer”."


def test_one_column_alone_has_no_answer() -> None:
    assert "answer" not in guessed(table(question=ASKING))


def test_conversations_and_turns_are_known_by_name_and_contents() -> None:
    pair = {"question": ASKING, "answer": TELLING}
    found = guessed(table(**pair, dialogue_id=["a", "a"], **{"Turn No": ["1", "2"]}))
    assert (found["conversation"], found["turn"]) == ("dialogue_id", "Turn No")
    assert "conversation" not in guessed(table(**pair, conversation_id=["a", "b"])), "no two rows share a value"
    assert "conversation" not in guessed(table(**pair, chat_history=["x", "x"]))
    assert "turn" not in guessed(table(**pair, turn=["left", "right"]))


def test_an_optional_column_that_is_empty_holds_nothing() -> None:
    count = 2100
    texts = {"question": ["Why?"] * count, "answer": ["So."] * count}
    assert "context" not in guessed(table(**texts, context=[" "] * count))
    assert guessed(table(**texts, context=[""] * (count - 1) + ["far below"]))["context"] == "context"


ANSWERS = ["Positive.", "Negative.", "Positive.", "Negative."]
INPUTS = ["I love it", "I hate it", "Lovely", "Hateful"]


@pytest.mark.parametrize(
    ("instructions", "inputs", "expected"),
    [
        (["How?", "Why?", "When?", "Who?"], [""] * 4, {"question": "instruction"}),
        (["Sum up.", "Translate.", "Rate.", "Sort."], INPUTS, {"question": "instruction", "context": "input"}),
        (["Rate it."] * 4, INPUTS, {"question": "input", "instruction": "instruction"}),
        (["Rate it."] * 4, [*INPUTS[:2], "", ""], {"question": "instruction", "context": "input"}),
    ],
)
def test_instructions_with_outputs_ask_unless_a_few_are_given_for_many_inputs(
    instructions: list[str], inputs: list[str], expected: dict[str, str]
) -> None:
    found = guess_roles(table(instruction=instructions, input=inputs, output=ANSWERS))
    assert {guess.role: guess.column for guess in found} == {**expected, "answer": "output"}
    assert all(guess.reason for guess in found)


def test_a_first_line_asks_for_its_poem() -> None:
    titles, lines = ["", "", "Success"], ["Success is counted", "Our share of night", "Soul, wilt thou toss"]
    found = guess_roles(table(title=titles, first_line=lines, text=[f"{line}\n" * 9 for line in lines]))
    assert [(guess.column, guess.reason) for guess in found] == [
        ("first_line", "each row has a short text of its own there"),
        ("text", "its name is “text”"),
    ]


def test_a_template_is_checked_and_its_columns_are_not_guessed_again() -> None:
    of = table(product=["Tent", "Stove"], question=ASKING, text=TELLING)
    given = {"question": "{product}: {question}"}
    assert fill_in(of, given) == {**given, "answer": "text"}
    with pytest.raises(UserFault, match="There is no column “colour”"):
        fill_in(of, {"question": "{colour}: {question}"})
