"""Eigenvalues by definiteness tests, against exact spectra and fifty digits."""

import mpmath as mp
import numpy as np
import pytest
from flint import arb, arb_mat, ctx

from numerics.rigorous.definiteness import balls, diagonal, eigenvalue, positive_definite


@pytest.fixture(autouse=True)
def _precision():
    with ctx.workprec(256):
        yield


def gram(matrix):
    exact = balls(np.asarray(matrix, dtype=float))
    return exact * exact.transpose()


def reference(matrix):
    with mp.workdps(60):
        made = mp.matrix(np.asarray(matrix, dtype=float).tolist())
        return sorted(mp.eigsy(made * made.T, eigvals_only=True), reverse=True)


def holds(found, value):
    with mp.workdps(60):
        low, high = (mp.mpf(e.str(50, radius=False)) for e in (found.lower(), found.upper()))
        slack = mp.mpf(10) ** -45 * (1 + abs(value))
        return low - slack <= value <= high + slack


RNG = np.random.default_rng(11)
MATRICES = {
    "wide": RNG.standard_normal((4, 9)),
    "one row": RNG.standard_normal((1, 5)),
    "repeated": np.eye(4) * 0.3,
    "hilbert": 1 / (1.0 + np.arange(6)[:, None] + np.arange(6)),
    "graded": RNG.standard_normal((4, 4)) * 10.0 ** -np.arange(0, 12, 3)[:, None],
    "nearly singular": np.array([[1.0, 1.0], [1.0, 1.0 + 2.0**-52]]),
    "blocks": RNG.standard_normal((30, 40)),
}


@pytest.mark.parametrize("name", MATRICES)
def test_eigenvalues_are_narrow_and_right(name):
    matrix = MATRICES[name]
    true, square = reference(matrix), gram(matrix)
    for index in {1, (len(true) + 1) // 2, len(true)}:
        found = eigenvalue(square, index)
        assert holds(found, true[index - 1])
        assert found.rad() <= found.mid() * 1e-20


@pytest.mark.parametrize("index", [1, 2, 3])
def test_smallest_eigenvalue_that_is_not_zero(index):
    """Rank 3 of 5: the kernel does not blur the third eigenvalue."""
    matrix = RNG.integers(-3, 4, (5, 3)) @ RNG.integers(-3, 4, (3, 7))
    found = eigenvalue(gram(matrix), index)
    assert holds(found, reference(matrix)[index - 1])
    assert found.rad() <= found.mid() * 1e-20


def test_an_eigenvalue_that_is_zero_is_not_called_positive():
    matrix = np.array([[1.0, 2.0], [2.0, 4.0]])
    assert not eigenvalue(gram(matrix), 2) > 0
    assert not eigenvalue(arb_mat(2, 2), 1) > 0


def test_enclosures_hold_for_every_matrix_in_the_ball():
    matrix = RNG.standard_normal((3, 5))
    middle = matrix @ matrix.T
    radii = arb_mat([[arb(0, 0.01)] * 3] * 3)
    found = [eigenvalue(balls(middle) + radii, index) for index in (1, 3)]
    for _ in range(50):
        noise = RNG.choice([-0.0099, 0.0099], (3, 3))
        values = np.linalg.eigvalsh(middle + (noise + noise.T) / 2)
        assert found[0].lower() <= values[-1] <= found[0].upper()
        assert found[1].lower() <= max(values[0], 0.0) <= found[1].upper()


@pytest.mark.parametrize("size", [1, 3, 30])
def test_definiteness_at_the_edge(size):
    """M − λ_min is singular, 2^−90 more decides."""
    rng = np.random.default_rng(size)
    q, _ = np.linalg.qr(rng.integers(-3, 4, (size, size)) + 5.0 * np.eye(size))
    spread = balls(q) * diagonal([arb(i + 1) for i in range(size)]) * balls(q).transpose()
    low = eigenvalue(spread, size)
    identity = diagonal([arb(1)] * size)
    assert positive_definite(spread - low.lower() * (1 - arb(2) ** -80) * identity)
    assert not positive_definite(spread - low.upper() * (1 + arb(2) ** -80) * identity)


def test_what_is_not_definite_is_not_called_so():
    indefinite = balls(np.array([[1.0, 2.0], [2.0, 1.0]]))
    assert not positive_definite(indefinite)
    assert not positive_definite(diagonal([arb(1), arb(0)]))
    assert not positive_definite(diagonal([arb(1), arb(1, 1)]))
    assert not positive_definite(diagonal([arb.nan()]))
