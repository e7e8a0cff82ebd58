"""The operator norm as the least bound: instances in coordinates, and one without the premise."""

import numpy as np
import pytest

from theory.facts import TRUSTED


def stretched(matrix, constant, directions=2000):
    """Whether ‖Mᵀz‖ ≤ c‖z‖ on a grid of directions, the singular ones among them."""
    rng = np.random.default_rng(3)
    left = np.linalg.svd(matrix)[0]
    tried = np.hstack([left, rng.standard_normal((matrix.shape[0], directions))])
    sizes = np.linalg.norm(tried, axis=0)
    return bool(np.all(np.linalg.norm(matrix.T @ tried, axis=0) <= constant * sizes + 1e-12))


def test_the_fact_has_the_premise_that_is_tried_here():
    assert set(TRUSTED["operator_norm_least"].premises) == {"bounded"}


@pytest.mark.parametrize("shape", [(1, 1), (2, 4), (4, 2), (3, 3)])
def test_it_holds_where_the_premise_does_and_the_norm_is_the_least(shape):
    matrix = np.random.default_rng(sum(shape)).standard_normal(shape)
    norm = np.linalg.norm(matrix, 2)
    for constant in (norm, 1.01 * norm, 5 * norm):
        assert stretched(matrix, constant)
        assert norm <= abs(constant) + 1e-12
    assert not stretched(matrix, 0.99 * norm), "no smaller constant satisfies the premise"


def test_it_fails_without_the_premise():
    """diag(1, 2) bounded along the first axis only: c = 1 is below its norm."""
    matrix = np.diag([1.0, 2.0])
    assert np.linalg.norm(matrix.T @ np.array([1.0, 0.0])) <= 1
    assert not stretched(matrix, 1.0)
    assert np.linalg.norm(matrix, 2) > 1
