"""Matrices in 8 bits: the nearest whole numbers, and products that come near those of the matrix as it was."""

import time

import pytest
import torch

from jobs.serving.weights import Plain, Rounded, Watched, Whole, faster_in_8_bits
from tests.processor import adds_int8


def away(given: torch.Tensor, expected: torch.Tensor) -> float:
    return float((given.float() - expected).norm() / expected.norm())


def rows_with_large_columns(number: int, columns: int) -> torch.Tensor:
    rows = torch.randn(number, columns)
    rows[:, 5] *= 60
    rows[:, 17] *= 30
    return rows


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
@pytest.mark.parametrize("shape", [(97, 64), (96, 48), (5, 16), (64, 50)])
def test_weights_of_8_bits_are_the_nearest_that_there_are(dtype: torch.dtype, shape: tuple[int, int]):
    torch.manual_seed(1)
    matrix = torch.randn(shape).to(dtype)
    matrix[0] = 0
    weights = Rounded.of_matrix(matrix)
    rows = torch.randn(3, shape[1]).to(dtype)
    if shape[1] % 16:
        assert isinstance(weights, Plain)
        assert torch.equal(weights.of(rows), torch.nn.functional.linear(rows, matrix))
        return
    assert isinstance(weights, Rounded)
    kept = weights.matrix.float() * weights.factors.float()[:, None]
    assert bool(((kept - matrix.float()).abs() <= weights.factors.float()[:, None] * 0.51).all())
    assert weights.bytes == matrix.numel() + weights.factors.nbytes
    expected = rows.float() @ kept.T
    torch.testing.assert_close(weights.of(rows).float(), expected, rtol=0.02, atol=0.02 * float(expected.abs().max()))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_a_trial_tells_whether_8_bits_are_faster(dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch):
    matrix = torch.randn(49152, 576).to(dtype)
    assert faster_in_8_bits(matrix)
    quick = Rounded.of

    def slow(weights: Rounded, rows: torch.Tensor) -> torch.Tensor:
        time.sleep(0.3)
        return quick(weights, rows)

    monkeypatch.setattr(Rounded, "of", slow)
    assert not faster_in_8_bits(matrix)


@adds_int8
@pytest.mark.parametrize("shape", [(97, 64), (50, 30), (5, 18), (192, 576)])
@pytest.mark.parametrize("known", [True, False])
def test_with_large_columns_apart_or_rounded_twice_all_others_stay(shape: tuple[int, int], known: bool):
    torch.manual_seed(2)
    matrix, rows = torch.randn(shape), rows_with_large_columns(6, shape[1])
    watched = Watched(matrix)
    expected = watched.of(rows)
    assert torch.equal(watched.largest, rows.abs().amax(0))
    whole = Whole.of_matrix(matrix, watched.largest if known else None)
    assert away(whole.of(rows), expected) < 0.012
    small = rows.clone()
    small[:, [5, 17]] = 0
    wanted = small @ matrix.T
    given = whole.of(rows) - (rows - small) @ _kept(matrix, whole).T
    assert away(given, wanted) < 0.05, "what is small beside the large columns is not lost"


def _kept(matrix: torch.Tensor, whole: Whole) -> torch.Tensor:
    kept = (matrix / whole.factors[:, None]).round() * whole.factors[:, None]
    if whole.large is not None:
        columns, weights = whole.large
        kept[:, columns] = weights.T
    return kept


@adds_int8
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
@pytest.mark.parametrize("known", [True, False])
def test_a_row_is_the_same_beside_any_others(dtype: torch.dtype, known: bool):
    torch.manual_seed(3)
    matrix, rows = torch.randn(64, 576).to(dtype), rows_with_large_columns(40, 576)
    rows[7] = 0
    whole = Whole.of_matrix(matrix, rows.abs().amax(0) if known else None)
    together = whole.of(rows)
    assert not together[7].any()
    for one in (0, 7, 39):
        torch.testing.assert_close(whole.of(rows[one : one + 1])[0], together[one], rtol=1e-5, atol=1e-5)
    assert whole.bytes > matrix.numel()
