"""Singular values of exact matrices, and what says that a norm is at most, or σ_min at least."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sympy import Integer, Rational, Symbol, sqrt, true

from numerics.rigorous.balls import decide_at_point
from proofs_check.witnesses.spaces import NoCoordinates
from proofs_check.witnesses.spectra import (
    in_range,
    norm_at_most,
    operator_norm,
    positive_semidefinite,
    sigma_at_least,
    sigma_min,
)

SHAPES = [(2, 3), (3, 2), (3, 3), (3, 4), (4, 3), (1, 4), (4, 1)]


def random_rows(shape: tuple[int, int], seed: int) -> Any:
    """Return a matrix of small integers, with its floating-point copy."""
    drawn = np.random.default_rng(seed).integers(-4, 5, shape)
    return tuple(tuple(map(Integer, row)) for row in drawn.tolist()), drawn.astype(float)


def least(matrix: np.ndarray) -> float:
    """Return inf{‖Mᵀz‖ : ‖z‖ = 1}."""
    rows, columns = matrix.shape
    return 0.0 if rows > columns else float(np.linalg.svd(matrix, compute_uv=False)[-1])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(4))
def test_bounds_hold_above_and_fail_below(shape: tuple[int, int], seed: int) -> None:
    rows, matrix = random_rows(shape, seed)
    largest = Rational(float(np.linalg.norm(matrix, 2)))
    for factor, holds in ((Rational(101, 100), True), (Rational(99, 100), False)):
        assert decide_at_point(norm_at_most(rows, factor * largest), {}) is holds
    smallest = Rational(least(matrix))
    assert decide_at_point(sigma_at_least(rows, Rational(99, 100) * smallest), {}) is True
    above = Rational(101, 100) * smallest + Rational(1, 100)
    assert decide_at_point(sigma_at_least(rows, above), {}) is False


@pytest.mark.parametrize("bound", [-1, -5])
def test_no_norm_is_below_zero(bound: int) -> None:
    rows = ((Integer(0),) * 3,) * 3
    assert decide_at_point(norm_at_most(rows, Integer(bound)), {}) is False
    assert decide_at_point(norm_at_most(rows, Integer(0)), {}) is not False


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (2, 5)])
@pytest.mark.parametrize("seed", range(3))
def test_values_of_two_rows_or_columns_are_explicit(shape: tuple[int, int], seed: int) -> None:
    rows, matrix = random_rows(shape, seed + 10)
    assert float(operator_norm(rows)) == pytest.approx(np.linalg.norm(matrix, 2))
    assert float(sigma_min(rows)) == pytest.approx(least(matrix), abs=1e-9)


def test_blocks_that_do_not_meet_are_taken_apart() -> None:
    x = Symbol("x")
    rows = ((x, 0, 0), (0, 3, 4), (0, 4, -3))
    assert str(operator_norm(rows)) == str(operator_norm(rows))
    assert float(operator_norm(rows).subs(x, 7)) == pytest.approx(7)
    assert float(sigma_min(rows).subs(x, 2)) == pytest.approx(2)


def test_rational_eigenvalues_of_a_large_block_are_found() -> None:
    rows = ((2, 1, 1), (1, 2, 1), (1, 1, 2))
    exact = tuple(tuple(map(Integer, row)) for row in rows)
    assert (operator_norm(exact), sigma_min(exact)) == (4, 1)


def test_others_have_no_closed_form() -> None:
    rows = tuple(tuple(map(Integer, row)) for row in ((1, 1, 0), (0, 1, 1), (1, 0, 3)))
    with pytest.raises(NoCoordinates):
        operator_norm(rows)
    x = Symbol("x")
    with pytest.raises(NoCoordinates):
        sigma_min(((x, 1, 1), (1, x, 1), (1, 1, x)))


@pytest.mark.parametrize("seed", range(20))
def test_definiteness_is_that_of_the_eigenvalues(seed: int) -> None:
    rng = np.random.default_rng(seed)
    drawn = rng.integers(-3, 4, (3, 3))
    square = drawn + drawn.T + int(rng.integers(0, 8)) * np.eye(3, dtype=int)
    low = np.linalg.eigvalsh(square.astype(float))[0]
    claim = positive_semidefinite([list(map(Integer, row)) for row in square.tolist()])
    if abs(low) > 1e-9:
        assert decide_at_point(claim, {}) is bool(low > 0)


@pytest.mark.parametrize(
    ("rows", "vector", "inside"),
    [
        (((1, 0, 0), (0, 1, 0)), (5, 7), True),
        (((1, 2), (2, 4), (0, 1)), (1, 2, 5), True),
        (((1, 2), (2, 4), (0, 1)), (1, 3, 0), False),
        (((1,), (1,), (1,)), (2, 2, 2), True),
        (((1,), (1,), (1,)), (2, 2, 1), False),
        (((0, 0, 0), (0, 0, 0)), (0, 1), False),
    ],
)
def test_the_range_of_a_rational_matrix(rows: Any, vector: Any, inside: bool) -> None:
    exact = tuple(tuple(map(Integer, row)) for row in rows)
    claim = in_range(exact, tuple(map(Integer, vector)))
    assert (claim is true or decide_at_point(claim, {}) is True) is inside


def test_the_range_of_an_unknown_large_matrix_is_not_read() -> None:
    x = Symbol("x")
    with pytest.raises(NoCoordinates):
        in_range(((x, 1), (1, 1), (1, 0)), (Integer(1), Integer(1), sqrt(2)))
