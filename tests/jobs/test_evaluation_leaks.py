"""Test questions that a training has seen are found, by question and by answer, and nothing else is."""

from jobs.evaluation.leaks import leaks, seen_in_training
from jobs.evaluation.questions import Question, question_of
from storage.records import Column, Example
from storage.workspace import Workspace
from tests.adapters import keep_adapter

ANSWER = "You may send it back within thirty days of delivery."
ROWS = [
    Example(1, "May I return my bike?", "Yes, " + ANSWER),
    Example(2, "How do I clean the chain of my bike after a ride in the rain?", "With a cloth."),
    Example(3, "And in winter?", "Rarely.", conversation="c", turn=2, history=(("How often?", "Weekly."),)),
    Example(4, "What does it say?", "So it does.", context="The shop opens at nine."),
    Example(5, "Who will win?", "I do not know who will win the race."),
]


def question(number: int, text: str, answer: str = "No.", **more: str) -> Question:
    made = question_of(number, {"question": text, "answer": answer, **more})
    assert made is not None
    return made


def found(*questions: Question) -> list[tuple[int, int, str]]:
    return [(leak.row, leak.example, leak.how) for leak in leaks(questions, ROWS)]


def test_the_same_question_is_found_however_it_is_written_and_whoever_is_to_answer() -> None:
    assert found(question(7, "may I RETURN my bike", instruction="Be brief.")) == [(7, 1, "same")]
    assert found(question(7, "And in winter?")) == [(7, 3, "same")]


def test_almost_the_same_question_is_found_and_another_is_not() -> None:
    assert found(question(1, "How do I clean the chain of my bike after a ride in the snow?")) == [(1, 2, "alike")]
    assert found(question(1, "How do I oil the gears of my scooter before a race?")) == []


def test_a_text_before_the_question_makes_it_another_one() -> None:
    assert found(question(1, "What does it say?")) == []
    assert found(question(1, "What does it say?", context="The shop opens at ten.")) == []
    assert found(question(1, "What does it say?", context="The shop opens at nine.")) == [(1, 4, "same")]


def test_a_wanted_answer_counts_from_six_words_on_and_only_word_for_word() -> None:
    assert found(question(1, "When?", "you may send it back, within thirty days of delivery")) == [(1, 1, "answer")]
    assert found(question(1, "When?", "You may send it back within twenty days.")) == []
    assert found(question(1, "When?", "With a cloth.")) == []
    assert found(question(1, "When?", "Never.", accepted=f"Nobody knows|{ANSWER}")) == [(1, 1, "answer")]
    assert found(question(1, "Who?", "I do not know who will win the race.", kind="unknown")) == []


def test_a_question_counts_once_and_in_the_order_of_the_test() -> None:
    both = question(9, "May I return my bike?", ANSWER)
    assert found(question(4, "Why?"), both, question(5, "When?", ANSWER)) == [(9, 1, "same"), (5, 1, "answer")]


def test_only_what_was_learned_or_watched_counts_and_only_for_trained_columns(workspace: Workspace) -> None:
    parts = ("learn", "watch", "exam")
    rows = [Example(number, f"{part}?", "Yes.", part=part) for number, part in enumerate(parts, 1)]
    examples = workspace.datasets.keep("FAQ", rows, rows=3, columns={}, dropped=(), source="a.csv")
    known, unknown = keep_adapter(workspace, dataset_id=examples.id), keep_adapter(workspace)
    columns = [
        Column("base", "base"),
        Column("tuned", "tuned", adapter_id=known.id),
        Column("other", "tuned", adapter_id=unknown.id),
    ]
    told = seen_in_training(columns, [question(number, f"{part}?") for number, part in enumerate(parts, 1)], workspace)
    assert told == {
        "tuned": {
            "known": True,
            "examples": examples.id,
            "leaks": [{"row": 1, "example": 1, "how": "same"}, {"row": 2, "example": 2, "how": "same"}],
        },
        "other": {"known": False, "examples": "d", "leaks": []},
    }
