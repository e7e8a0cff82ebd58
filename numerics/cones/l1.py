"""λ_min(A;T) on the descent cone of ‖·‖₁ at a sparse point (THEORY section 5).

The closed descent cone at a point with signs ε on its support S is
T = {z : ‖z off S‖₁ ≤ −⟨ε, z⟩}. The upper end is found by projected descent. The lower end is a
certificate: for |v_j| ≤ τ₂ and |W_jk| ≤ τ₁ off S, every z in T satisfies

    (τ₁ + τ₂)⟨ε,z⟩² + ⟨ε,z⟩⟨v,z⟩ − zᵀWz ≥ 0,

as both ⟨v,z⟩/τ₂ and the square root of zᵀWz/τ₁ are at most ‖z off S‖₁ in absolute value. With C
the matrix of this form, ‖Az‖² ≥ λ_min(AᵀA − C)‖z‖² on T. A good C comes from a smoothed ascent (the
dual of the semidefinite relaxation); whatever C it is, the bound holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from numerics.cones.polyhedral import on_polyhedral
from numerics.cones.projections import onto_l1_descent
from numerics.conic import (
    ConicError,
    ConicValue,
    checked_operator,
    finite_array,
    on_subspace,
    quotient_above,
)
from numerics.operators import eigenvalue_brackets
from numerics.rigorous.rounding import Array, Bracket, down, exactly, gram, subtract, up

STARTS, DESCENTS, ASCENTS = 12, 300, 300
FEW_GENERATORS = 9


def on_l1_descent(operator: Array, point: Array, seed: int = 0) -> ConicValue:
    """Bracket λ_min(A;T) on the closed descent cone T of ‖·‖₁ at a point.

    Parameters
    ----------
    operator : array of shape (m, n)
        A.
    point : array of shape (n,)
        Where the cone is taken; only the signs of its entries matter.
    seed : int
        Seed of the search for the upper end.

    Raises
    ------
    ConicError
        If the point is zero, where every direction ascends, or the shapes do not match.
    """
    signs = np.sign(finite_array(point, "the point", 1))
    matrix = checked_operator(operator, signs.size)
    if not signs.any():
        raise ConicError("the point is zero; its descent cone is {0}")
    if (signs != 0).all():  # a half-space: as ‖A·‖ is even, the value of Rⁿ
        whole = on_subspace(matrix, np.eye(signs.size))
        flipped = whole.point if signs @ whole.point <= 0 else -whole.point
        return ConicValue(whole.bracket, flipped)
    upper, found = _search(matrix, signs, seed)
    lower = _certificate(matrix, signs)
    generators = l1_descent_generators(signs)
    if generators.shape[1] <= FEW_GENERATORS:
        exact = on_polyhedral(matrix, generators)
        lower = max(lower, exact.bracket.lower)
        if exact.bracket.upper < upper:
            upper, found = exact.bracket.upper, exact.point
    return ConicValue(Bracket(min(lower, upper), upper), found)


def l1_descent_generators(signs: Array) -> Array:
    """Return generators, one in each column, of the closed descent cone at a point of these signs.

    On the support one may exchange an entry for another; off it, any entry for the first one.
    """
    unit = np.diag(np.where(signs == 0, 1.0, signs))
    first, *others = np.flatnonzero(signs)
    away = [s * unit[j] - unit[first] for j in np.flatnonzero(signs == 0) for s in (1, -1)]
    within = [s * (unit[i] - unit[first]) for i in others for s in (1, -1)]
    return np.array([-unit[first], *away, *within]).T


def _search(matrix: Array, signs: Array, seed: int) -> tuple[float, Array]:
    """Return the least quotient found, at a point that certainly lies in the cone."""
    squares = matrix.T @ matrix
    step = 1 / max(float(np.linalg.norm(squares, 2)), 1e-300)
    draws = np.random.default_rng(seed).standard_normal((STARTS, signs.size))
    points = np.concatenate([onto_l1_descent(draws, signs), -np.diag(signs)[signs != 0]])
    for _ in range(DESCENTS):
        lengths = np.linalg.norm(points, axis=1, keepdims=True)
        points = points / np.maximum(lengths, 1e-300)
        points = onto_l1_descent(points - step * points @ squares, signs)
    points = np.concatenate([points, -np.diag(signs)[signs != 0]])
    inside = [_inside(z, signs) for z in points]
    values = [quotient_above(matrix, exactly(z)) for z in inside]
    best = int(np.argmin(values))
    return values[best], inside[best]


def _inside(z: Array, signs: Array) -> Array:
    """Move a point against the signs until it certainly lies in the cone.

    ``math.fsum`` rounds the exact sum of its arguments once, which keeps its sign.
    """
    support = signs != 0
    moved, push = z.copy(), 0.0
    while True:
        excess = math.fsum(np.where(support, signs * moved, np.abs(moved)).tolist())
        if excess <= 0:
            return moved
        push = max(2 * push, excess / support.sum())
        moved = moved - push * signs


@dataclass
class _Form:
    """The quadratic form of the certificate: W, v and their bounds τ₁, τ₂."""

    pairs: Array
    cross: Array
    pair_bound: float = 0.0
    cross_bound: float = 0.0

    def matrix(self, signs: Array) -> Array:
        """Return C as exact floats; the weight of ⟨ε,z⟩² is rounded upwards."""
        off = signs == 0
        made = up(self.pair_bound + self.cross_bound) * np.outer(signs, signs)
        made[np.ix_(off, off)] = -self.pairs
        made[np.ix_(~off, off)] = np.outer(signs[~off], self.cross) / 2
        made[np.ix_(off, ~off)] = made[np.ix_(~off, off)].T
        return made

    def ascend(self, density: Array, signs: Array, step: float) -> None:
        """Move along the gradient of the smoothed smallest eigenvalue, and back to the bounds."""
        off = signs == 0
        image = density @ signs
        fall = step * float(signs @ image)
        pairs = self.pairs + step * density[np.ix_(off, off)]
        self.pairs, self.pair_bound = _clipped((pairs + pairs.T) / 2, self.pair_bound - fall)
        self.cross, self.cross_bound = _clipped(
            self.cross - step * image[off], self.cross_bound - fall
        )


def _clipped(entries: Array, bound: float) -> tuple[Array, float]:
    """Return the nearest (X, τ) with |X| ≤ τ entrywise."""
    sizes = np.sort(np.abs(entries).ravel())[::-1]
    if sizes[0] <= bound:
        return entries, bound
    levels = (np.cumsum(sizes) + bound) / (np.arange(sizes.size) + 2)
    level = max(float(levels[int(np.argmax(levels >= np.append(sizes[1:], -np.inf)))]), 0.0)
    return np.clip(entries, -level, level), level


def _certificate(matrix: Array, signs: Array) -> float:
    """Return a proved lower bound of λ_min(A;T)."""
    best, chosen = -math.inf, np.zeros((signs.size, signs.size))
    for value, form in _ascent(matrix, signs):
        if value > best:
            best, chosen = value, form
    remainder = subtract(gram(exactly(matrix).transposed), exactly(chosen))
    smallest = eigenvalue_brackets(remainder)[-1].lower
    return down(down(math.sqrt(smallest))) if 0 < smallest < math.inf else 0.0


def _ascent(matrix: Array, signs: Array) -> Iterator[tuple[float, Array]]:
    """Yield approximate values of λ_min(AᵀA − C) and the C they belong to."""
    count = int((signs == 0).sum())
    form = _Form(np.zeros((count, count)), np.zeros(count))
    squares = matrix.T @ matrix
    size = float(np.linalg.norm(squares, 2))
    for number in range(ASCENTS):
        made = form.matrix(signs)
        values, vectors = np.linalg.eigh(squares - made)
        yield float(values[0]), made
        smoothing = size * max(0.98**number / 200, 1e-6)
        if smoothing <= 0:
            return
        weights = np.exp((values[0] - values) / smoothing)
        density = (vectors * (weights / weights.sum())) @ vectors.T
        form.ascend(density, signs, 8 * smoothing)
