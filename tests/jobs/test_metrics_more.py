"""Same text, numbers within a tolerance, nearness in meaning and labels, against hand-computed values."""

import pytest

from jobs.metrics.labels import confusion, label_names
from jobs.metrics.likeness import cosine
from jobs.metrics.numeric import number_within
from jobs.metrics.scores import exact_match, same_text


def test_the_same_text_is_the_same_letter_for_letter() -> None:
    assert same_text(" 14 days.\n", ["two weeks", "14 days."]) == 1.0
    assert same_text("14 Days.", ["14 days."]) == 0.0
    assert exact_match("14 Days", ["14 days."]) == 1.0
    assert same_text("", []) == 0.0


@pytest.mark.parametrize(
    ("given", "expected", "within"),
    [
        ("It costs 1,005 euros.", "1000 euros", True),
        ("It costs 1,011 euros.", "1000 euros", False),
        ("About a thousand.", "1000", True),
        ("It is -144.", "It is 144.", False),
        ("144", "12 * 12 is 144.", True),
        ("12 * 12", "12 * 12 is 144.", False),
        ("nothing", "0", False),
        ("0.001", "0", False),
        ("0", "0", True),
        ("99.5", "100", True),
        ("", "100", False),
        ("14 days", "14 days, or 30 by post", None),
        ("Paris", "It is called Paris.", None),
        ("B7", "B7", None),
        ("5 May 2024", "5 May 2024", None),
    ],
)
def test_a_number_within_a_hundredth_of_the_one_expected(given: str, expected: str, within: bool | None) -> None:
    assert number_within(given, "How much is 12 * 12?", expected) is within


def test_the_tolerance_is_a_share_of_the_number_expected() -> None:
    assert number_within("104", "?", "100", tolerance=0.05)
    assert not number_within("106", "?", "100", tolerance=0.05)


def test_the_cosine_is_that_of_the_angle_whatever_the_lengths() -> None:
    assert cosine([3.0, 0.0], [2.0, 2.0]) == pytest.approx(2**-0.5)
    assert cosine([1.0, 2.0], [-1.0, -2.0]) == pytest.approx(-1)
    assert cosine([0.0, 0.0], [1.0, 0.0]) == 0.0


def test_few_short_answers_that_come_again_are_labels() -> None:
    assert label_names(["Refund", "refund.", "Delivery", "refund", "Delivery", "delivery "]) == ("Refund", "Delivery")
    assert label_names(["a", "a", "b", "b"]) == (), "twice each is a chance"
    assert label_names(["a"] * 5 + ["b"]) == (), "one of them came once"
    assert label_names(["yes"] * 9) == (), "a single one tells nothing"
    assert label_names([f"label {number % 21}" for number in range(84)]) == ()
    assert label_names(["it is sent back by the post office", "x"] * 4) == ()
    assert label_names([]) == ()


def test_labels_are_counted_by_what_was_given_for_what() -> None:
    expected = ["cat", "cat", "cat", "dog", "dog", "Bird", "Bird", "Bird"]
    given = ["Cat.", "It is a cat.", "dog", "dog", "a bird", "bird", "a cat or a dog", ""]
    told = confusion(given, expected, ("cat", "dog", "Bird"))
    assert told.matrix == ((2, 1, 0, 0), (0, 1, 1, 0), (0, 0, 1, 2))
    assert told.accuracy == pytest.approx(4 / 8)
    # F1 by hand: cat 2·2/(3+2), dog 2·1/(2+2), bird 2·1/(3+2).
    assert told.macro_f1 == pytest.approx((4 / 5 + 2 / 4 + 2 / 5) / 3)


def test_a_label_within_a_longer_one_does_not_count() -> None:
    told = confusion(["It is about a card refund."] * 2, ["card refund", "refund"], ("refund", "card refund"))
    assert told.matrix == ((0, 1, 0), (0, 1, 0))
