"""Every row that is left out has a reason and a number; doubtful rows are kept and counted."""

from jobs.intake import checks
from jobs.intake.checks import LONGEST_CELL, sift, tidied
from storage.records import Dropped, Example


def rows(*texts: tuple[str, ...]) -> list[Example]:
    return [Example(number, *text) for number, text in enumerate(texts, 1)]


def test_unusable_rows_are_left_out_with_reason_and_number() -> None:
    sifted = sift(
        rows(
            ("How big?", "Two metres"),
            ("", ""),
            ("", "Two metres"),
            ("How big?", ""),
            ("How BIG", "Two  metres"),
            ("How long?", "x" * (LONGEST_CELL + 1)),
            ("", ""),
        )
    )
    assert [example.row for example in sifted.examples] == [1]
    assert sifted.dropped == (
        Dropped(checks.EMPTY, 2, (2, 7)),
        Dropped(checks.NO_QUESTION, 1, (3,)),
        Dropped(checks.NO_ANSWER, 1, (4,)),
        Dropped(checks.REPEATED, 1, (5,)),
        Dropped(checks.TOO_LONG, 1, (6,)),
    )
    assert sifted.remarked == ()


def test_contradictions_and_odd_letters_are_kept_and_counted() -> None:
    sifted = sift(
        rows(("How big?", "Two metres"), ("How big", "Three"), ("Gr\ufffdn?", "Yes"), ("How big?", "Two metres"))
    )
    assert len(sifted.examples) == 3
    assert sifted.remarked == (Dropped(checks.CONTRADICTING, 1, (2,)), Dropped(checks.ODD, 1, (3,)))
    assert sifted.dropped == (Dropped(checks.REPEATED, 1, (4,)),)


def test_the_same_question_about_another_text_is_another_question() -> None:
    sifted = sift(rows(("Who?", "Ann", "", "Ann sang."), ("Who?", "Ann", "", "Ann danced.")))
    assert len(sifted.examples) == 2
    assert sifted.remarked == ()


def test_at_most_twenty_row_numbers_are_kept() -> None:
    (dropped,) = sift(rows(*[("How?", "")] * 30)).dropped
    assert (dropped.count, len(dropped.rows)) == (30, 20)


def test_texts_are_tidied_without_changing_their_words() -> None:
    assert tidied("  a\r\nb\rc  ") == "a\nb\nc"
    assert tidied("Cafe\u0301") == "Café"
