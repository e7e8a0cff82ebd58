"""Products that are exact to a hundred bits, against rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from flint import ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from numerics.rigorous.split_products import (
    Pairs,
    largest_column_square,
    split_pairs,
    split_product,
    two_product,
    two_sum,
)

FLOATS = st.floats(-1e50, 1e50, allow_subnormal=True)


@pytest.fixture(autouse=True)
def _precision():
    with ctx.workprec(256):
        yield


def exact_product(left, right):
    return [
        [
            sum((Fraction(a) * Fraction(b) for a, b in zip(row, column, strict=True)), Fraction(0))
            for column in right.T.tolist()
        ]
        for row in left.tolist()
    ]


def rational(value):
    return fmpq(value.numerator, value.denominator)


def matrices(seed, spread):
    rng = np.random.default_rng(seed)
    m, k, n = (int(v) for v in rng.integers(1, 12, 3))
    scale = 10.0 ** rng.integers(-spread, spread + 1, (m, k))
    return rng.standard_normal((m, k)) * scale, rng.standard_normal((k, n))


@pytest.mark.parametrize("spread", [0, 8, 40])
@pytest.mark.parametrize("seed", range(5))
def test_enclosures_contain_the_exact_product(seed, spread):
    left, right = matrices(seed, spread)
    found, pairs = split_product(left, right), split_pairs(left, right)
    for i, row in enumerate(exact_product(left, right)):
        for j, value in enumerate(row):
            assert found[i, j].contains(rational(value))
            size = float(np.abs(left[i]).max() * np.abs(right[:, j]).max()) * left.shape[1]
            assert float(found[i, j].rad()) <= 1e-27 * size + 1e-300
            gap = abs(value - Fraction(pairs.high[i, j]) - Fraction(pairs.low[i, j]))
            assert gap <= Fraction(pairs.error[i, j])
            assert pairs.error[i, j] <= 1e-25 * size + 1e-280


@settings(max_examples=60, deadline=None)
@given(arrays(float, (2, 3), elements=FLOATS), arrays(float, (3, 1), elements=FLOATS))
def test_enclosures_contain_the_product_of_any_floats(left, right):
    found = split_product(left, right)
    for i, (value,) in enumerate(exact_product(left, right)):
        assert found[i, 0].contains(rational(value))


def test_products_of_short_numbers_are_exact():
    left = np.array([[1.0, -2.0, 0.5]] * 2)
    found = split_product(left, left.T)
    assert found[0, 0].is_exact()
    assert found[0, 1] == 5.25
    assert split_product(np.zeros((1, 2)), np.zeros((2, 1)))[0, 0].is_zero()


def test_a_product_of_many_terms_does_not_round():
    """10⁵ terms that cancel to a number far below double precision."""
    left = np.tile([1.0, 1.0], 50_000).reshape(1, -1)
    right = np.tile([1.0 + 2.0**-52, -1.0], 50_000).reshape(-1, 1)
    assert split_product(left, right)[0, 0].contains(rational(Fraction(50_000, 2**52)))
    assert float(split_product(left, right)[0, 0].rad()) < 1e-22


@given(st.floats(-1e100, 1e100), st.floats(-1e100, 1e100))
def test_transformations_without_error(a, b):
    total, lost = two_sum(np.array([a]), np.array([b]))
    assert Fraction(total[0]) + Fraction(lost[0]) == Fraction(a) + Fraction(b)
    product, rest = two_product(np.array([a]), np.array([b]))
    gap = Fraction(a) * Fraction(b) - Fraction(product[0]) - Fraction(rest[0])
    assert abs(gap) <= Fraction(1e-290)


@pytest.mark.parametrize("seed", range(4))
def test_largest_column(seed):
    left, right = matrices(seed, 3)
    exact = max(
        sum((v * v for v in column), Fraction(0))
        for column in zip(*exact_product(left, right), strict=True)
    )
    found = largest_column_square(split_pairs(left, right))
    assert found.contains(rational(exact))
    assert found.rad() <= found.mid() * 1e-20
    zero = np.zeros_like(left)
    own = max(sum((Fraction(v) ** 2 for v in c), Fraction(0)) for c in left.T.tolist())
    assert largest_column_square(Pairs(left, zero, zero)).contains(rational(own))
