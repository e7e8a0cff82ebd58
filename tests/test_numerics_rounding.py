"""Verified floating point against exact rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

from numerics.rigorous.rounding import (
    Bracket,
    Enclosed,
    add,
    all_finite,
    down,
    estimate,
    exactly,
    gram,
    multiply,
    norm,
    product,
    subtract,
    up,
)


def rational(array: np.ndarray) -> list[list[Fraction]]:
    return [[Fraction(v) for v in row] for row in array.tolist()]


def exact_product(a: np.ndarray, b: np.ndarray) -> list[list[Fraction]]:
    left, right = rational(a), rational(b.T)
    return [[sum(map(Fraction.__mul__, r, c), Fraction(0)) for c in right] for r in left]


def contains(enclosed: Enclosed, exact: list[list[Fraction]]) -> bool:
    pairs = zip(rational(enclosed.mid), rational(enclosed.rad), exact, strict=True)
    return all(
        abs(m - e) <= r
        for mids, rads, row in pairs
        for m, r, e in zip(mids, rads, row, strict=True)
    )


def matrices(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scale = 10.0 ** rng.integers(-12, 12, size=(4, 9))
    a = rng.standard_normal((4, 9)) * scale
    b = rng.standard_normal((9, 3)) / scale[0][:, None]
    return a, b


@pytest.mark.parametrize("seed", range(20))
def test_product_contains_the_exact_one(seed: int) -> None:
    a, b = matrices(seed)
    assert contains(product(exactly(a), exactly(b)), exact_product(a, b))
    assert contains(gram(exactly(a)), exact_product(a, a.T))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("exact", [0.0, 1.0])
def test_what_is_unbounded_stays_so_in_a_product(exact: float) -> None:
    """Even times 0: what has no bound may have no value."""
    unbounded = Enclosed(np.ones(2), np.array([np.inf, 0.5]))
    for found in (
        multiply(exactly(np.full(2, exact)), unbounded),
        multiply(unbounded, exactly(np.full(2, exact))),
    ):
        assert found.rad[0] == np.inf
        assert exact / 2 <= found.rad[1] < 0.6


def test_product_of_tiny_numbers_survives_underflow() -> None:
    a, b = np.full((1, 3), 1e-200), np.full((3, 1), 1e-200)
    assert contains(product(exactly(a), exactly(b)), exact_product(a, b))


def test_cancellation_is_in_the_radius() -> None:
    a, b = np.array([[1e16, 1.0, -1e16]]), np.ones((3, 1))
    found = product(exactly(a), exactly(b))
    assert contains(found, [[Fraction(1)]])
    assert found.rad[0, 0] < 100


@pytest.mark.parametrize("seed", range(10))
def test_enclosed_factors_contain_products_of_their_members(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal((3, 5)), rng.standard_normal((5, 2))
    near_a = Enclosed(a + rng.uniform(-1, 1, a.shape) * 1e-3, np.full(a.shape, 1e-3))
    near_b = Enclosed(b + rng.uniform(-1, 1, b.shape) * 1e-5, np.full(b.shape, 1e-5))
    assert contains(product(near_a, near_b), exact_product(a, b))


def test_entrywise_operations() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 6)) * 1e8, rng.standard_normal((2, 6)) / 3
    left, right = exactly(a), exactly(b)
    pairs = list(zip(rational(a), rational(b), strict=True))
    for found, operation in (
        (add(left, right), Fraction.__add__),
        (subtract(left, right), Fraction.__sub__),
        (multiply(left, right), Fraction.__mul__),
    ):
        assert contains(found, [list(map(operation, x, y)) for x, y in pairs])


def test_norm_is_a_bracket() -> None:
    found = norm(exactly(np.array([0.1, 0.2, 0.3])))
    square = sum(Fraction(v) ** 2 for v in (0.1, 0.2, 0.3))
    assert Fraction(found.lower) ** 2 <= square <= Fraction(found.upper) ** 2
    assert found.upper - found.lower < 1e-13
    wide = norm(Enclosed(np.array([3.0, 4.0]), np.array([0.5, 0.5])))
    assert wide.lower <= np.hypot(2.5, 3.5)
    assert wide.upper >= np.hypot(3.5, 4.5)
    assert norm(exactly(np.zeros(3))).lower == 0


def test_overflow_is_seen() -> None:
    with np.errstate(all="ignore"):
        huge = product(exactly(np.full((2, 2), 1e200)), exactly(np.full((2, 2), 1e200)))
    assert not all_finite(huge)


def test_brackets() -> None:
    third = Bracket(down(1 / 3), up(1 / 3))
    assert Fraction(third.lower) < Fraction(1, 3) < Fraction(third.upper)
    square = third.times(third)
    assert Fraction(square.lower) < Fraction(1, 9) < Fraction(square.upper)
    root = square.root()
    assert root.lower <= third.lower
    assert root.upper >= third.upper
    assert third.enclosed().magnitude() >= third.upper
    assert third.enclosed().mignitude() <= third.lower
    assert not third.times(estimate(1.0)).rigorous
    assert Bracket(-1e-20, 0.0).root().lower == 0
    with pytest.raises(ValueError, match="non-negative"):
        Bracket(-1.0, 1.0).times(third)
    assert Bracket(0.0, np.inf).times(Bracket(0.0, 0.0)).upper == np.inf
    assert Bracket(1e300, 1e300).times(Bracket(1e300, 1e300)).lower < np.inf
    with pytest.raises(ValueError, match="lower <= upper"):
        Bracket(1.0, 0.5)
    with pytest.raises(ValueError, match="lower <= upper"):
        Bracket(float("nan"), 1.0)
