"""Smallest conic singular values λ_min(A;T) = inf{‖Az‖ : z in T, ‖z‖ = 1} (THEORY section 5).

Every answer is a bracket. The upper end is the quotient ‖Az‖/‖z‖ of a point that is proved to lie
in the cone; the lower end is a certificate, never the outcome of a search. The operator and the
data that describe a cone are floats taken as exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from numerics.operators import orthogonality_defect, singular_brackets
from numerics.rigorous.rounding import (
    Array,
    Bracket,
    Enclosed,
    all_finite,
    down,
    exactly,
    norm_above,
    norm_below,
    product,
    up,
)


class ConicError(ValueError):
    """A cone or an operator does not make sense; the message says what to give instead."""


@dataclass(frozen=True)
class ConicValue:
    """λ_min(A;T) between two floats, and where the upper one is taken.

    Parameters
    ----------
    bracket : Bracket
        The value.
    point : array of shape (n,)
        A point of the cone, up to rounding, whose quotient ‖Az‖/‖z‖ is at most the upper end.
    """

    bracket: Bracket
    point: Array


@dataclass(frozen=True)
class Basis:
    """A nearly orthonormal basis Q = B M of the span of given columns B.

    Parameters
    ----------
    vectors : Enclosed
        Q, of shape (n, d).
    change : array of shape (d, d)
        M, exact floats.
    defect : float
        An upper bound of ‖QᵀQ − I‖.
    """

    vectors: Enclosed
    change: Array
    defect: float


def checked_operator(operator: Array, ambient: int) -> Array:
    """Return the operator as an array of shape (m, n).

    Raises
    ------
    ConicError
        If it is not a finite matrix with ``ambient`` columns.
    """
    array = finite_array(operator, "the operator", 2)
    if array.shape[1] != ambient or array.shape[0] < 1:
        raise ConicError(f"the operator has shape {array.shape}, but the cone lies in R^{ambient}")
    return array


def finite_array(data: Array, name: str, dimensions: int) -> Array:
    """Return data as a float array.

    Raises
    ------
    ConicError
        If it has another number of dimensions, no entry, or an entry that is not finite.
    """
    array = np.asarray(data, dtype=np.float64)
    if array.ndim != dimensions or array.size == 0:
        raise ConicError(f"{name} has shape {array.shape}; give {dimensions} dimensions")
    if not np.isfinite(array).all():
        raise ConicError(f"{name} has entries that are not finite")
    return array


def orthonormalized(columns: Array) -> Basis | None:
    """Return a nearly orthonormal basis of the span; None if the columns are nearly dependent."""
    change = np.eye(columns.shape[1])
    for _ in range(2):  # the second pass repairs what a badly scaled basis leaves over
        triangle = np.linalg.qr(columns @ change, mode="r")
        if not np.isfinite(triangle).all() or np.abs(np.diag(triangle)).min() == 0:
            return None
        change = change @ np.linalg.inv(triangle)
        vectors = product(exactly(columns), exactly(change))
        if not all_finite(vectors):
            return None
        defect = orthogonality_defect(vectors.transposed)
        if defect < 1e-10:
            break
    return Basis(vectors, change, defect) if defect < 0.5 else None


def quotient_above(operator: Array, point: Enclosed) -> float:
    """Return an upper bound of ‖Az‖/‖z‖; infinite where z may be 0."""
    below = norm_below(point)
    image = product(exactly(operator), point)
    return up(norm_above(image) / below) if below > 0 else math.inf


def smallest_singular(images: Enclosed) -> list[Bracket]:
    """Return brackets of inf‖Bz‖ over unit z and of what follows, increasing, for an m × d matrix.

    Where m < d the first d − m are 0: these are the values of THEORY, not of a thin decomposition.
    """
    found = singular_brackets(images)
    return [Bracket(0.0, 0.0)] * (images.shape[1] - len(found)) + found[::-1]


def on_subspace(operator: Array, basis: Array) -> ConicValue:
    """Bracket λ_min(A;T) on the span T of linearly independent columns (conic_subspace).

    Parameters
    ----------
    operator : array of shape (m, n)
        A.
    basis : array of shape (n, d)
        A basis of T; it need not be orthonormal.

    Raises
    ------
    ConicError
        If the columns are linearly dependent, or nearly so.
    """
    columns = finite_array(basis, "the basis", 2)
    matrix = checked_operator(operator, columns.shape[0])
    found = orthonormalized(columns) if columns.shape[1] <= columns.shape[0] else None
    if found is None:
        raise ConicError("the columns of the basis are linearly dependent, or nearly so")
    images = product(exactly(matrix), found.vectors)
    point = found.vectors.mid @ np.linalg.svd(images.mid)[2][-1]
    smallest = smallest_singular(images)[0]
    return ConicValue(relaxed(smallest, found.defect), point)


def relaxed(value: Bracket, defect: float) -> Bracket:
    """Return inf‖Bw‖/‖Qw‖ for a bracket of inf‖Bw‖/‖w‖ and ‖QᵀQ − I‖ ≤ defect < 1."""
    lower = down(value.lower / up(math.sqrt(up(1 + defect))))
    return Bracket(lower, up(value.upper / down(math.sqrt(down(1 - defect)))))
