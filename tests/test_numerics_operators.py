"""Singular value brackets against fifty-digit arithmetic, and the exact rank."""

import mpmath as mp
import numpy as np
import pytest
from scipy import sparse

from numerics.operators import (
    apply_enclosed,
    eigenvalue_brackets,
    exact_rank,
    norm_bracket,
    range_contains,
    singular_bracket,
    singular_brackets,
    spectrum,
)
from numerics.rigorous.rounding import Enclosed, exactly, gram


def reference(matrix: np.ndarray) -> list[mp.mpf]:
    with mp.workdps(60):
        tall = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
        values = mp.svd_r(mp.matrix(tall.tolist()), compute_uv=False)
        return sorted(values, reverse=True)


def hilbert(size: int) -> np.ndarray:
    place = np.arange(size)
    return 1 / (1.0 + place[:, None] + place)


def cases() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)
    gaussian = rng.standard_normal((5, 9))
    graded = gaussian * 10.0 ** -np.arange(9)
    integer = rng.integers(-3, 4, (5, 3)).astype(float)
    return {
        "one entry": np.array([[0.1]]),
        "row": rng.standard_normal((1, 6)),
        "column": rng.standard_normal((6, 1)),
        "wide": gaussian,
        "tall": gaussian.T.copy(),
        "hilbert": hilbert(8),
        "graded": graded,
        "repeated": np.eye(4) * 0.3,
        "low rank": integer @ rng.integers(-3, 4, (3, 7)).astype(float),
        "tiny": gaussian * 1e-150,
        "large": gaussian * 1e120,
        "nearly singular": np.array([[1.0, 1.0], [1.0, 1.0 + 2**-52]]),
        "zero row": np.vstack([gaussian, np.zeros(9)]),
    }


@pytest.mark.parametrize("name", cases())
def test_brackets_contain_the_singular_values(name: str) -> None:
    matrix = cases()[name]
    true = reference(matrix)
    found = singular_brackets(matrix)
    assert len(found) == len(true)
    for bracket, value in zip(found, true, strict=True):
        assert bracket.rigorous
        assert mp.mpf(bracket.lower) <= value * (1 + mp.mpf(10) ** -50) + mp.mpf(10) ** -300
        assert value <= mp.mpf(bracket.upper) * (1 + mp.mpf(10) ** -50)
    spread = max(b.upper - b.lower for b in found)
    assert spread <= 1e-11 * found[0].upper + 1e-140


@pytest.mark.parametrize("seed", range(30))
def test_brackets_of_random_matrices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 7, size=2))
    matrix = rng.standard_normal(shape) * 10.0 ** rng.integers(-8, 8, size=shape)
    for bracket, value in zip(singular_brackets(matrix), reference(matrix), strict=True):
        assert mp.mpf(bracket.lower) <= value * (1 + mp.mpf(10) ** -50)
        assert value <= mp.mpf(bracket.upper) * (1 + mp.mpf(10) ** -50)


def test_brackets_hold_for_every_matrix_in_an_enclosure() -> None:
    rng = np.random.default_rng(3)
    middle = rng.standard_normal((4, 6))
    found = singular_brackets(Enclosed(middle, np.full((4, 6), 0.01)))
    for _ in range(50):
        member = middle + rng.choice([-0.01, 0.01], size=(4, 6)) * 0.999
        values = np.linalg.svd(member, compute_uv=False)
        assert all(b.lower <= v <= b.upper for b, v in zip(found, values, strict=True))


def test_overflow_gives_the_bracket_that_is_always_true() -> None:
    with np.errstate(all="ignore"):
        found = singular_brackets(np.array([[1e200, 2e200], [3e200, 4e200]]))
    assert all(b.lower <= 0.4e200 and b.upper == float("inf") for b in found[1:])
    assert found[0].upper >= 5.4e200


def test_eigenvalues_of_a_gram_matrix() -> None:
    matrix = np.random.default_rng(5).standard_normal((5, 11))
    squares = [v**2 for v in reference(matrix)]
    for bracket, value in zip(eigenvalue_brackets(gram(exactly(matrix))), squares, strict=True):
        assert bracket.lower <= value <= bracket.upper
        assert bracket.upper - bracket.lower < 1e-11


def test_spectrum_of_full_row_rank() -> None:
    matrix = cases()["wide"]
    found, true = spectrum(matrix), reference(matrix)
    assert found.full_row_rank is True
    assert found.rank_exact
    assert found.rank == 5
    assert found.sigma_A.lower <= true[-1] <= found.sigma_A.upper
    assert found.norm.lower <= true[0] <= found.norm.upper


def test_sigma_is_the_smallest_nonzero_singular_value() -> None:
    matrix = cases()["low rank"]
    found, true = spectrum(matrix), reference(matrix)
    assert (found.rank, found.rank_exact, found.full_row_rank) == (3, True, False)
    assert found.sigma_A.lower <= true[2] <= found.sigma_A.upper
    assert found.sigma_A.lower > 1


def test_a_tall_operator_never_has_full_row_rank() -> None:
    found = spectrum(cases()["tall"])
    assert (found.rank, found.full_row_rank) == (5, False)
    assert spectrum(cases()["zero row"]).full_row_rank is False


def test_rank_is_decided_exactly_where_floating_point_cannot() -> None:
    assert exact_rank(cases()["nearly singular"]) == 2
    assert exact_rank(np.ones((3, 3)) * 0.1) == 1
    assert exact_rank(hilbert(12)) == 12
    found = spectrum(hilbert(14))
    assert found.rank_exact
    assert found.sigma_A.lower >= 0
    assert exact_rank(np.ones((300, 300))) is None


def test_membership_in_the_range_is_exact() -> None:
    column = np.array([[0.1], [0.3]])
    assert range_contains(column, np.array([0.3, 0.9])) is False  # 0.3 is not 3·0.1 in doubles
    assert range_contains(column, np.array([0.4, 1.2])) is True
    assert range_contains(cases()["wide"], np.arange(5.0)) is True
    assert range_contains(np.ones((300, 300)), np.ones(300)) is None


def test_sparse_and_dense_agree() -> None:
    matrix = cases()["wide"] * (np.abs(cases()["wide"]) > 0.3)
    first, second = spectrum(matrix), spectrum(sparse.csr_array(matrix))
    assert first == second
    vector = exactly(np.linspace(-1, 1, 9))
    dense, packed = (apply_enclosed(m, vector) for m in (matrix, sparse.csr_array(matrix)))
    assert np.all(np.abs(dense.mid - packed.mid) <= dense.rad + packed.rad)
    assert packed.rad.max() < 1e-13


def test_cheap_norm_bracket_contains_the_norm() -> None:
    for matrix in cases().values():
        if np.abs(matrix).max() > 1e100 or np.abs(matrix).max() < 1e-100:
            continue
        found, true = norm_bracket(matrix), reference(matrix)[0]
        assert found.lower <= true * (1 + mp.mpf(10) ** -40)
        assert true <= found.upper


def test_large_operators_say_that_sigma_is_an_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numerics.operators.DENSE_ENTRIES", 10)
    matrix = cases()["wide"]
    for given in (matrix, sparse.csr_array(matrix)):
        found, true = spectrum(given), np.linalg.svd(matrix, compute_uv=False)
        assert not found.sigma_A.rigorous
        assert found.full_row_rank is None
        assert found.norm.rigorous
        assert found.norm.lower <= true[0] <= found.norm.upper
        assert found.sigma_A.middle == pytest.approx(true[-1], rel=1e-6)


def test_one_singular_value() -> None:
    matrix = cases()["wide"]
    assert singular_bracket(matrix) == singular_brackets(matrix)[-1]
    assert singular_bracket(matrix, 0) == singular_brackets(matrix)[0]
