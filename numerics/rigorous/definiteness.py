"""Eigenvalues of symmetric ball matrices by definiteness tests (Courant–Fischer, Sylvester).

λ_r ≥ s is shown by an r-dimensional space on which M − s is positive definite, λ_r ≤ s by an
(n − r + 1)-dimensional one on which s − M is. Floating point only proposes the spaces; whether a
matrix is positive definite is decided by block elimination in balls.
"""

from __future__ import annotations

import numpy as np
from flint import arb, arb_mat, ctx

from numerics.rigorous.rounding import Array

BLOCK = 24
_PRECISIONS = (1, 2, 4, 8)  # of the present precision
_GAPS = (-90, -70, -60, -50, -45, -40, -30, -20, -10)  # powers of two tried for the relative slack


def positive_definite(matrix: arb_mat) -> bool:
    """Whether every symmetric matrix in a ball matrix is positive definite; True is certain.

    The radii are taken together as one perturbation of at most their Frobenius norm, so that the
    elimination runs on exact numbers and may raise its precision as it needs.
    """
    radius = frobenius(arb_mat([[entry.rad() for entry in row] for row in matrix.table()]))
    shift = diagonal([radius.upper()] * matrix.nrows())
    for factor in _PRECISIONS:
        with ctx.workprec(factor * ctx.prec):
            found = _eliminated(matrix.mid() - shift)
        if found is not None:
            return found
    return False


def frobenius(matrix: arb_mat) -> arb:
    """Return the Frobenius norm."""
    return root(sum((entry * entry for entry in matrix.entries()), arb(0)))


def diagonal(entries: list[arb]) -> arb_mat:
    """Return a diagonal matrix."""
    size = len(entries)
    return arb_mat([[entries[i] if i == j else arb(0) for j in range(size)] for i in range(size)])


def _eliminated(matrix: arb_mat) -> bool | None:
    """Whether a matrix is positive definite, by Schur complements; None if that cannot be told."""
    while matrix.nrows() > BLOCK:
        first, cross, rest = _blocks(matrix)
        found = _pivots(first)
        if found is not True:
            return found
        try:
            matrix = rest - cross.transpose() * first.solve(cross)
        except ZeroDivisionError:
            return None
    return _pivots(matrix)


def _blocks(matrix: arb_mat) -> tuple[arb_mat, arb_mat, arb_mat]:
    rows = matrix.table()
    head, tail = rows[:BLOCK], rows[BLOCK:]
    return (
        arb_mat([row[:BLOCK] for row in head]),
        arb_mat([row[BLOCK:] for row in head]),
        arb_mat([row[BLOCK:] for row in tail]),
    )


def _pivots(matrix: arb_mat) -> bool | None:
    """Whether all pivots of the elimination are positive, which they are if and only if it is."""
    rows = [list(row) for row in matrix.table()]
    for step, row in enumerate(rows):
        pivot = row[step]
        if not pivot > 0:
            return False if pivot <= 0 else None
        for other in rows[step + 1 :]:
            factor = other[step] / pivot
            for column in range(step + 1, len(row)):
                other[column] -= factor * row[column]
    return True


def floats(matrix: arb_mat) -> Array:
    """Return the midpoints as floats: proposals, never bounds."""
    return np.array([[float(entry.mid()) for entry in row] for row in matrix.table()])


def balls(matrix: Array) -> arb_mat:
    """Return a float matrix as an exact ball matrix."""
    return arb_mat(matrix.tolist())


def eigenvalue(matrix: arb_mat, index: int) -> arb:
    """Return an enclosure of the index-th largest eigenvalue (from 1) of a symmetric matrix ⪰ 0.

    It is as narrow as the radii allow, or reaches down to 0 where nothing better is certain.
    """
    if not frobenius(matrix) > 0:
        return arb(0).union(frobenius(matrix).upper())
    columns = _proposed(matrix)
    vector = _refined(matrix, columns[:, index - 1 : index])
    value = _quotient(matrix, vector)
    upper = _largest(matrix, value) if index == 1 else _above(matrix, value, columns, vector, index)
    lower = value.lower() if index == 1 else _below(matrix, value, columns, index)
    return _between(lower, upper)


def _between(lower: arb, upper: arb) -> arb:
    """Return the ball of all non-negative numbers between two bounds."""
    return arb.max(lower, arb(0)).union(arb.max(upper, arb(0)))


def root(square: arb) -> arb:
    """Return the square root of a number that is not negative, though its ball may reach below."""
    low, high = arb.max(square.lower(), arb(0)), arb.max(square.upper(), arb(0))
    return low.sqrt().union(high.sqrt())


def _proposed(matrix: arb_mat) -> Array:
    """Return approximate eigenvectors as columns, those of the largest eigenvalues first."""
    middle = floats(matrix)
    peak = np.abs(middle).max()
    return np.ascontiguousarray(np.linalg.eigh(middle / peak)[1][:, ::-1])


def _refined(matrix: arb_mat, column: Array) -> arb_mat:
    """Return a better eigenvector, by two steps of Rayleigh quotient iteration."""
    vector = balls(column)
    identity = diagonal([arb(1)] * matrix.nrows())
    for _ in range(2):
        shift = _quotient(matrix, vector).mid()
        try:
            found = (matrix.mid() - shift * identity).solve(vector, algorithm="approx").mid()
        except ZeroDivisionError:
            break
        length = frobenius(found).mid()
        if not (length.is_finite() and length > 0):
            break
        vector = (found * (1 / length)).mid()
    return vector


def _quotient(matrix: arb_mat, vector: arb_mat) -> arb:
    return (vector.transpose() * matrix * vector)[0, 0] / (vector.transpose() * vector)[0, 0]


def _restricted(matrix: arb_mat, space: arb_mat, level: arb) -> arb_mat:
    """Return Qᵀ(M − level)Q."""
    return space.transpose() * matrix * space - level * (space.transpose() * space)


def _below(matrix: arb_mat, value: arb, columns: Array, index: int) -> arb:
    """Return a level that the eigenvalue is not below; 0 if none is found."""
    size = matrix.nrows()
    if index == size:
        space = diagonal([arb(1)] * size)
    else:  # one multiplication by M removes what lies in its kernel
        space = (matrix.mid() * balls(columns[:, :index])).mid()
    if not value.lower() > 0:
        return arb(0)
    for gap in _GAPS:
        level = (value.lower() * (1 - arb(2) ** gap)).lower()
        if positive_definite(_restricted(matrix, space, level)):
            return level
    return arb(0)


def _above(matrix: arb_mat, value: arb, columns: Array, vector: arb_mat, index: int) -> arb:
    """Return a level that the eigenvalue is not above."""
    size = matrix.nrows()
    if index == size:
        return value.upper()
    others = balls(columns[:, index:])
    space = arb_mat([[*a, *b] for a, b in zip(vector.table(), others.table(), strict=True)])
    for gap in _GAPS:
        level = (abs(value).upper() * (1 + arb(2) ** gap)).upper()
        if positive_definite(-1 * _restricted(matrix, space, level)):
            return level
    return frobenius(matrix).upper()


def _largest(matrix: arb_mat, value: arb) -> arb:
    identity = diagonal([arb(1)] * matrix.nrows())
    for gap in _GAPS:
        level = (abs(value).upper() * (1 + arb(2) ** gap)).upper()
        if positive_definite(level * identity - matrix):
            return level
    return frobenius(matrix).upper()
