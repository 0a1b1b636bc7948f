"""What of the examples is learned: labels on the answer only, the exam untouched, too few refused."""

import pytest

from jobs.models.encoding import IGNORED, Encoder
from jobs.training.batches import Order, padded
from jobs.training.rows import encode_rows
from storage.errors import UnusableRows
from storage.records import Example, Part
from tests.tiny import tiny_tokenizer


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(tiny_tokenizer())


def examples(learn: int, watch: int = 1, exam: int = 0) -> list[Example]:
    parts: list[Part] = [*["learn"] * learn, *["watch"] * watch, *["exam"] * exam]  # pyright: ignore
    return [Example(nr, f"question {nr}", f"answer {nr}", part=part) for nr, part in enumerate(parts)]


def test_only_the_answer_and_its_end_are_learned(encoder: Encoder) -> None:
    rows = encode_rows(examples(9), encoder, 1024)
    for nr, row in enumerate(rows.learn):
        learned = [token for token, label in zip(row.input_ids, row.labels, strict=True) if label != IGNORED]
        assert encoder.decode(learned) == f"answer {nr}<|im_end|>"
        assert all(label in (IGNORED, token) for token, label in zip(row.input_ids, row.labels, strict=True))


def test_the_exam_is_never_encoded(encoder: Encoder) -> None:
    rows = encode_rows(examples(8, 2, 5), encoder, 1024)
    assert (len(rows.learn), len(rows.watch)) == (8, 2)
    assert {example.part for example in rows.asked} == {"watch"}


def test_watched_rows_are_learned_on_a_wish_and_the_exam_never(encoder: Encoder) -> None:
    rows = encode_rows(examples(8, 2, 5), encoder, 1024, all_rows=True)
    assert (len(rows.learn), len(rows.watch)) == (10, 0)
    assert "answer 14" not in "".join(encoder.decode(row.input_ids) for row in rows.learn)


def test_nine_are_too_few(encoder: Encoder) -> None:
    with pytest.raises(UnusableRows, match="at least 10 usable examples; here are 9"):
        encode_rows(examples(8, 1), encoder, 1024)


def test_the_exam_counts_as_usable(encoder: Encoder) -> None:
    assert len(encode_rows(examples(7, 1), encoder, 1024, held_out=2).learn) == 7


def test_rows_of_which_nothing_is_left_are_left_out_and_counted(encoder: Encoder) -> None:
    long = [Example(100 + nr, "very " * 200, "yes") for nr in range(3)]
    rows = encode_rows([*examples(12), *long], encoder, 300)
    assert rows.left_out == 3
    assert len(rows.learn) == 12
    with pytest.raises(UnusableRows, match="In 3 more the question alone"):
        encode_rows([*examples(5), *long], encoder, 300)


def test_shortened_answers_are_counted(encoder: Encoder) -> None:
    rows = encode_rows([*examples(12), Example(99, "Why?", "because " * 100)], encoder, 300)
    assert rows.cut == 1
    assert rows.longest == 300


@pytest.mark.parametrize("alike", [True, False])
def test_every_pass_holds_every_row_once_in_another_order(alike: bool) -> None:
    lengths = [10 * (nr % 7) + 5 for nr in range(29)]
    order = Order(lengths, 4, seed=1, alike=alike)
    first, second = list(order), list(order)
    assert sorted(first) == sorted(second) == list(range(29))
    assert first != second
    assert first == list(Order(lengths, 4, seed=1, alike=alike))
    assert first != list(Order(lengths, 4, seed=2, alike=alike))
    assert len(order) == 29


@pytest.mark.parametrize("alike", [True, False])
def test_the_order_goes_on_with_any_pass(alike: bool) -> None:
    lengths = [10 * (nr % 7) + 5 for nr in range(29)]
    whole, later = Order(lengths, 4, seed=1, alike=alike), Order(lengths, 4, seed=1, alike=alike)
    passes = [list(whole) for _ in range(4)]
    later.passes = 2
    assert [list(later), list(later)] == passes[2:]


@pytest.mark.parametrize("alike", [True, False])
def test_batches_hold_rows_of_like_length_where_that_is_wanted(alike: bool) -> None:
    lengths = [10] * 40 + [100] * 40
    order = list(Order(lengths, 8, seed=0, alike=alike))
    batches = [order[start : start + 8] for start in range(0, 80, 8)]
    assert all(len({lengths[row] for row in batch}) == 1 for batch in batches) is alike


def test_a_few_long_rows_among_many_short_ones_would_be_padding_for_the_most_part() -> None:
    assert padded([20] * 70 + [1000] * 10, 8, seed=0)
    assert not padded([200, 300, 400, 500] * 20, 8, seed=0)
