"""Labels in words: that answers are labels, how the rows spread over them, and nothing where they are none."""

from studio.views import labels as view


def test_labels_are_told_with_their_balance():
    text = view.told({"refund": 40, "lost card": 38, "Refund": 2})
    assert "**These answers are labels: 2 different ones in 80 rows.**" in text
    assert "| refund | 42 | 52% |" in text
    assert "| lost card | 38 | 48% |" in text
    assert "too few" not in text


def test_what_is_uneven_is_said():
    assert "times as many rows as card, and may be chosen too often" in view.told({"refund": 100, "card": 8})
    assert "card has only 2 rows: too few to learn it well." in view.told({"refund": 100, "card": 2})


def test_many_labels_are_told_in_short():
    text = view.told({f"label {number}": 5 for number in range(12)})
    assert text.count("\n| label") == 8
    assert "4 more labels, 20 rows together." in text


def test_answers_that_are_none_are_passed_over():
    assert view.told({f"A whole sentence, number {number}.": 1 for number in range(9)}) == ""
