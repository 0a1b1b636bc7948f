"""Rows that are too long to be learned, the histogram of lengths, and labels that are rare."""

from collections.abc import Sequence

from jobs.intake.checks import Bin, Finding, sift
from jobs.models.measuring import Measured
from storage.records import Example
from tests.jobs.examples import rows

LIMIT = 20


def by_words(examples: Sequence[Example]) -> list[Measured]:
    """Count words for tokens, and one that ends the answer."""
    return [_measured(len(one.question.split()), len(one.answer.split())) for one in examples]


def _measured(asked: int, answer: int) -> Measured:
    return Measured(min(asked + answer + 1, LIMIT), answer, max(0, answer - max(0, LIMIT - asked)))


def row(asked: int, answer: int, number: int = 0) -> tuple[str, str]:
    return f"What {number} " + "q " * (asked - 2), "a " * answer


def finding(check_id: str, *texts: tuple[str, str]) -> Finding | None:
    return next((one for one in sift(rows(*texts), {}, by_words).findings if one.id == check_id), None)


def test_cut_answers_are_used_and_what_is_lost_is_counted() -> None:
    texts = (row(4, 30, 1), row(5, 40, 2), row(4, 5, 3))
    found = finding("too-long", *texts)
    assert found is not None
    assert (found.rows, found.chosen) == ((1, 2), "use")
    assert found.detail == "39 tokens of answers are lost in all."
    left = sift(rows(*texts), {"too-long": "leave out"}, by_words)
    assert [example.row for example in left.examples] == [3]
    assert left.lengths is not None
    assert left.lengths.rows == 1


def test_a_question_that_leaves_no_room_is_left_out() -> None:
    found = finding("untrained", row(20, 3, 1), row(25, 3, 2), row(19, 3, 3))
    assert found is not None
    assert (found.rows, found.actions) == ((1, 2), ("leave out",))


def test_an_answer_that_loses_its_end_token_only_is_not_cut() -> None:
    assert sift(rows(row(10, 10)), {}, by_words).findings == ()


def test_lengths_tell_whole_rows_and_what_is_used() -> None:
    sifted = sift(rows(row(4, 3, 1), row(4, 4, 2), row(4, 30, 3), row(30, 1, 4)), {}, by_words)
    assert sifted.lengths is not None
    assert (sifted.lengths.rows, sifted.lengths.tokens, sifted.lengths.longest) == (3, 8 + 9 + 20, 34)
    assert sifted.lengths.bins == (Bin(1, 8, 1), Bin(9, 16, 1), Bin(17, 24, 0), Bin(25, 32, 0), Bin(33, 40, 1))


def test_bins_grow_with_the_longest_row() -> None:
    sifted = sift(rows(row(4, 3, 1), row(4, 3, 2)), {}, lambda some: [Measured(1_000, 3, 0) for _ in some])
    assert sifted.lengths is not None
    assert len(sifted.lengths.bins) == 16
    assert sifted.lengths.bins[-1] == Bin(961, 1_024, 2)


def test_nothing_is_measured_without_a_measure_or_rows() -> None:
    assert sift(rows(row(4, 3))).lengths is None
    empty = sift([], {}, by_words).lengths
    assert empty is not None
    assert (empty.bins, empty.rows, empty.tokens) == ((), 0, 0)


def labelled(**counts: int) -> list[Example]:
    return rows(*[(f"Number {n} of {label}", label) for label, count in counts.items() for n in range(count)])


def test_labels_that_are_rare_are_told_with_their_counts() -> None:
    sifted = sift(labelled(refund=33, delivery=20, complaint=3))
    (found,) = sifted.findings
    assert (found.id, found.count, found.rows, found.actions) == ("imbalance", 3, (54, 55, 56), ("use",))
    assert found.detail == "Rows of each answer: refund (33), delivery (20), complaint (3)."
    assert len(sifted.examples) == 56


def test_labels_of_like_number_are_not_remarked_on() -> None:
    assert sift(labelled(yes=50, no=30, maybe=5)).findings == ()


def test_of_many_labels_the_ends_of_the_list_are_shown() -> None:
    (found,) = sift(labelled(often=200, **{f"label{n}": 12 for n in range(20)})).findings
    assert found.detail.count("(") == 12
    assert " …, " in found.detail


def test_answers_of_their_own_are_no_labels() -> None:
    assert sift(rows(*[(f"Number {n}", f"Answer {n}") for n in range(30)], ("Well", "Answer 0"))).findings == ()
    assert sift(rows(*[(f"Number {n}", "Yes") for n in range(30)])).findings == ()
