"""Singular values of a matrix as brackets: operator norm, σ_A, and the exact rank.

A computed decomposition is only a proposal. What is returned is proved from it a posteriori: the
residual and the loss of orthogonality are bounded with verified floating point, and Weyl's
inequality turns them into brackets (Rump 2011, *Verified bounds for singular values*).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from flint import fmpz_mat
from scipy import sparse
from scipy.sparse import linalg as sparse_linalg

from numerics.rigorous.rounding import (
    EPS,
    Array,
    Bracket,
    Enclosed,
    all_finite,
    down,
    estimate,
    exactly,
    norm_above,
    norm_below,
    product,
    subtract,
    up,
)

Matrix: TypeAlias = Any  # a float64 array of two dimensions, or a scipy.sparse array

DENSE_ENTRIES = 4_000_000
EXACT_RANK_ENTRIES = 40_000


@dataclass(frozen=True)
class Spectrum:
    """What is known of an operator's singular values.

    Parameters
    ----------
    norm : Bracket
        The operator norm.
    sigma_A : Bracket
        The smallest *non-zero* singular value.
    rank : int
        The rank; exact if ``rank_exact``, else the number of singular values above
        max(m, n)·eps·norm.
    rank_exact : bool
        Whether the rank is proved.
    full_row_rank : bool or None
        Whether the rank is m; None if not decided.
    """

    norm: Bracket
    sigma_A: Bracket
    rank: int
    rank_exact: bool
    full_row_rank: bool | None


def dense(matrix: Matrix) -> Array:
    """Return a matrix as a float64 array."""
    return np.asarray(matrix.toarray() if sparse.issparse(matrix) else matrix, dtype=np.float64)


def apply_enclosed(matrix: Matrix, vector: Enclosed) -> Enclosed:
    """Return Ax with proved radii, for a dense or sparse A."""
    if not sparse.issparse(matrix):
        return product(exactly(matrix), vector)
    slack = (matrix.shape[1] + 4) * EPS
    rad = abs(matrix) @ (slack * np.abs(vector.mid) + vector.rad)
    return Enclosed(matrix @ vector.mid, rad * (1 + 4 * slack) + 1e-290)


def singular_brackets(matrix: Array | Enclosed) -> list[Bracket]:
    """Return brackets of all min(m, n) singular values, in decreasing order.

    Parameters
    ----------
    matrix : array or Enclosed, shape (m, n)
        Exact floats, or an enclosure: then the brackets hold for every matrix in it.
    """
    given = matrix if isinstance(matrix, Enclosed) else exactly(matrix)
    rank_bound = min(given.shape)
    try:
        u, s, vt = np.linalg.svd(given.mid, full_matrices=False)
    except np.linalg.LinAlgError:  # no convergence: fall back on what is always true
        return [Bracket(0.0, norm_above(given))] * rank_bound
    s = np.sort(s)[::-1]
    left, right = exactly(u), exactly(vt)
    residual = subtract(given, product(_scaled(u, s), right))
    defect_left = orthogonality_defect(left.transposed)
    defect_right = orthogonality_defect(right)
    if not all_finite(residual) or not np.isfinite(s).all() or defect_left + defect_right >= 1:
        return [Bracket(0.0, float("inf"))] * rank_bound
    error = norm_above(residual)
    shrink = down(down(np.sqrt(down(1 - defect_left))) * down(np.sqrt(down(1 - defect_right))))
    stretch = up(up(np.sqrt(up(1 + defect_left))) * up(np.sqrt(up(1 + defect_right))))
    return [
        Bracket(max(down(down(v * shrink) - error), 0.0), up(up(v * stretch) + error))
        for v in s.tolist()
    ]


def _scaled(u: Array, s: Array) -> Enclosed:
    mid = u * s
    return Enclosed(mid, EPS * np.abs(mid) + 1e-300)


def orthogonality_defect(rows: Enclosed) -> float:
    """Return an upper bound of ‖QQᵀ − I‖ for a matrix Q whose rows are nearly orthonormal."""
    square = product(rows, rows.transposed)
    return norm_above(subtract(square, exactly(np.eye(rows.shape[0]))))


def singular_bracket(matrix: Matrix, index: int = -1) -> Bracket:
    """Return a bracket of one singular value (0 the largest, −1 the min(m, n)-th)."""
    return singular_brackets(dense(matrix))[index]


def eigenvalue_brackets(symmetric: Enclosed) -> list[Bracket]:
    """Return brackets of the eigenvalues of a symmetric matrix, in decreasing order.

    With computed A ≈ QΛQᵀ: Ostrowski's theorem for Q nearly orthogonal, then Weyl's inequality.
    """
    size = symmetric.shape[0]
    try:
        values, q = np.linalg.eigh(symmetric.mid)
    except np.linalg.LinAlgError:
        bound = norm_above(symmetric)
        return [Bracket(-bound, bound)] * size
    vectors = exactly(q)
    residual = subtract(symmetric, product(_scaled(q, values), vectors.transposed))
    defect = orthogonality_defect(vectors)
    if not all_finite(residual) or defect >= 1:
        return [Bracket(-float("inf"), float("inf"))] * size
    error = norm_above(residual)
    slack = [up(up(abs(v) * defect) + error) for v in values.tolist()]
    pairs = zip(values.tolist(), slack, strict=True)
    return [
        Bracket(float(np.nextafter(v - e, -np.inf)), up(v + e))
        for v, e in sorted(pairs, reverse=True)
    ]


def exact_rank(matrix: Matrix) -> int | None:
    """Return the rank of a matrix of floats, by exact integer elimination; None if too large."""
    array = dense(matrix)
    if array.size > EXACT_RANK_ENTRIES:
        return None
    rows = [_integers(row) for row in array.tolist()]
    return int(fmpz_mat(rows).rank())


def range_contains(matrix: Matrix, vector: Array) -> bool | None:
    """Whether a vector lies in the range of a matrix, exactly; None if it is too large to tell."""
    array = dense(matrix)
    rank, extended = exact_rank(array), exact_rank(np.column_stack([array, vector]))
    return None if rank is None or extended is None else rank == extended


def distance_to_range(matrix: Matrix, vector: Array, sigma: Bracket) -> Bracket | None:
    """Return dist(y, ran A) by a certified residual; None if σ_A is not certainly positive.

    For r = y − Ax with any x: ‖r‖ is not below the distance, and above it by at most the norm of
    the projection of r onto ran A, which is at most ‖Aᵀr‖/σ_A.

    Parameters
    ----------
    matrix : array or sparse array, shape (m, n)
        A.
    vector : array, shape (m,)
        y.
    sigma : Bracket
        σ_A, the smallest non-zero singular value.
    """
    if not (sigma.rigorous and sigma.lower > 0):
        return None
    found = np.linalg.lstsq(dense(matrix), vector, rcond=None)[0]
    residual = subtract(exactly(vector), apply_enclosed(matrix, exactly(found)))
    pulled = norm_above(apply_enclosed(matrix.T, residual))
    lower = down(norm_below(residual) - up(pulled / sigma.lower))
    return Bracket(max(lower, 0.0), norm_above(residual))


def _integers(row: list[float]) -> list[int]:
    """Scale a row of floats by a power of two to integers, which keeps the rank."""
    ratios = [value.as_integer_ratio() for value in row]
    scale = max(denominator for _, denominator in ratios)
    return [numerator * (scale // denominator) for numerator, denominator in ratios]


def spectrum(matrix: Matrix) -> Spectrum:
    """Return the norm, σ_A and the rank of a non-zero operator.

    Small and medium sizes are rigorous. Beyond ``DENSE_ENTRIES`` only the norm is, and σ_A is an
    estimate of the smallest singular value that says so (0 if none was found).
    """
    m, n = matrix.shape
    if m * n > DENSE_ENTRIES:
        return _large_spectrum(matrix)
    array = dense(matrix)
    brackets = singular_brackets(array)
    top = brackets[0]
    if m <= n and brackets[-1].lower > 0:
        return Spectrum(top, brackets[-1], m, True, True)
    if brackets[-1].lower > 0:
        return Spectrum(top, brackets[-1], n, True, False)
    rank = exact_rank(array)
    if rank is not None:
        return Spectrum(top, brackets[rank - 1], rank, True, rank == m)
    above = sum(b.middle > max(m, n) * EPS * top.upper for b in brackets)
    sigma = estimate(brackets[above - 1].middle)
    return Spectrum(top, sigma, above, False, False if m > n else None)


def _large_spectrum(matrix: Matrix) -> Spectrum:
    smallest, direction = _iterated(matrix) if min(matrix.shape) >= 4 else (0.0, None)
    norm = norm_bracket(matrix, direction)
    return Spectrum(norm, estimate(min(smallest, norm.upper)), min(matrix.shape), False, None)


def _iterated(matrix: Matrix) -> tuple[float, Array | None]:
    """Estimate the smallest singular value and the leading direction; (0, None) on failure."""
    count = min(matrix.shape)
    start = np.ones(count) + np.linspace(0, 1e-3, count)
    try:
        leading = sparse_linalg.svds(matrix, k=1, v0=start)[2][0]
        low = sparse_linalg.svds(
            matrix, k=1, which="SM", v0=start, return_singular_vectors=False, maxiter=2000
        )
    except sparse_linalg.ArpackError:
        return 0.0, None
    return float(low[0]), leading


def norm_bracket(matrix: Matrix, direction: Array | None = None) -> Bracket:
    """Return a bracket of ‖A‖ that costs a few passes over the matrix.

    The upper end is √(‖A‖₁‖A‖_∞), the lower end ‖Av‖/‖v‖ for a direction v found by iteration.
    """
    m, n = matrix.shape
    size = abs(matrix)
    columns, rows = (np.asarray(size.sum(axis=axis)).ravel() for axis in (0, 1))
    slack = 1 + (m + n + 16) * EPS
    upper = up(np.sqrt(up(float(columns.max()) * slack * float(rows.max()) * slack)))
    vector = direction if direction is not None else _power_direction(matrix, n)
    image = np.asarray(matrix @ vector).ravel()
    error = np.asarray(size @ np.abs(vector)).ravel() * (n + 16) * EPS + 1e-290
    lower = norm_below(Enclosed(image, error)) / norm_above(exactly(vector))
    return Bracket(min(down(lower), upper), upper)


def _power_direction(matrix: Matrix, n: int) -> Array:
    vector = np.ones(n) / np.sqrt(n) + np.linspace(0, 1e-3, n)
    for _ in range(30):
        image = np.asarray(matrix.T @ (matrix @ vector)).ravel()
        length = float(np.linalg.norm(image))
        if length == 0:
            return vector
        vector = image / length
    return vector
