"""The S-lemma as cited: an instance in the plane, and what fails without each premise."""

import numpy as np

from theory.facts import TRUSTED

GRID = [np.array([np.cos(x), np.sin(x)]) for x in np.linspace(0, np.pi, 721)]
TAUS = np.linspace(0, 1000, 4001)


def forms(matrix, axis, a, b):
    """Return the matrices of ‖Mz‖² − a‖z‖² and ⟨z,d⟩² − b‖z‖²."""
    return matrix.T @ matrix - a * np.eye(2), np.outer(axis, axis) - b * np.eye(2)


def implied(first, second):
    return all(z @ first @ z >= -1e-9 for z in GRID if z @ second @ z >= 1e-9)


def multiplier(first, second):
    """Whether some τ ≥ 0 makes the first form at least τ times the second."""
    return any(np.linalg.eigvalsh(first - tau * second)[0] >= -1e-9 for tau in TAUS)


def test_the_fact_has_the_premises_that_are_tried_here():
    assert set(TRUSTED["s_lemma"].premises) == {"strict", "implied"}


def test_it_holds_where_both_premises_do():
    first, second = forms(np.diag([2.0, 1.0]), np.array([1.0, 0.0]), 2.92, 0.64)
    assert np.linalg.eigvalsh(second)[-1] > 0
    assert implied(first, second)
    assert np.linalg.eigvalsh(first)[0] < 0  # τ = 0 will not do
    assert multiplier(first, second)


def test_it_fails_without_a_point_where_the_second_form_is_positive():
    """Second form −y², first form xy: not negative where y = 0, and no multiple of y² saves it."""
    root = np.linalg.cholesky(np.array([[1.0, 0.5], [0.5, 1.0]])).T
    first, second = forms(root, np.array([1.0, 0.0]), 1.0, 1.0)
    assert np.linalg.eigvalsh(second)[-1] <= 0
    assert implied(first, second)
    assert not multiplier(first, second)


def test_it_fails_without_the_implication():
    first, second = forms(np.zeros((2, 2)), np.array([1.0, 0.0]), 1.0, 0.5)
    assert np.linalg.eigvalsh(second)[-1] > 0
    assert not implied(first, second)
    assert not multiplier(first, second)
