"""λ_min(A;T) for polyhedral cones T = {Gc : c ≥ 0}, by branch and bound over generators.

A node is a set S of generators and stands for the cone they span. Its lower bound is the smallest
singular value of A on their linear span. Its children, which cover the part of the cone that
matters, come from one of two arguments (THEORY section 5, conic_polyhedral):

- S dependent, Σ a_i g_i = 0: every point of the cone is a combination in which some i with a_i > 0
  is missing (Carathéodory). The dependency is exact: integer elimination.
- S independent: a minimiser inside the cone is a critical point of ‖Az‖²/‖z‖² on the span, and
  being a local minimum it belongs to the smallest eigenvalue. If that one is simple and its
  eigenvector certainly has coordinates of both signs, or if it is multiple, so that one can move
  along its eigenspace until a coordinate vanishes, some generator is missing.

Otherwise the node is a leaf. The search may stop at any time: open nodes keep their lower bounds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import combinations

import numpy as np
from flint import fmpq, fmpq_mat

from numerics.conic import (
    Basis,
    ConicError,
    ConicValue,
    checked_operator,
    finite_array,
    orthonormalized,
    quotient_above,
    relaxed,
    smallest_singular,
)
from numerics.rigorous.rounding import (
    Array,
    Bracket,
    Enclosed,
    down,
    exactly,
    multiply,
    norm_above,
    product,
    subtract,
    up,
)

NODES = 4000
TOLERANCE = 1e-12
_Face = tuple[int, ...]


def on_polyhedral(operator: Array, generators: Array, nodes: int = NODES) -> ConicValue:
    """Bracket λ_min(A;T) on T = {Gc : c ≥ 0}.

    Parameters
    ----------
    operator : array of shape (m, n)
        A.
    generators : array of shape (n, N)
        G; its columns are not 0. They may be linearly dependent and span lines.
    nodes : int
        How many sets of generators to look at; with fewer the bracket is wider, never wrong.

    Raises
    ------
    ConicError
        If a generator is zero, or the shapes do not match.
    """
    columns = finite_array(generators, "the matrix of generators", 2)
    matrix = checked_operator(operator, columns.shape[0])
    if not np.abs(columns).max(axis=0).all():
        raise ConicError("a generator is zero; leave it out")
    return _Search(matrix, columns).run(nodes)


@dataclass(frozen=True)
class _Node:
    """A set of generators: lower bound, children, and how much they may miss of its minimum."""

    lower: float
    children: tuple[_Face, ...]
    slack: float = 0.0


@dataclass
class _Search:
    """Best-first search for the set of generators whose cone contains the minimiser."""

    matrix: Array
    columns: Array
    upper: float = math.inf
    point: Array = field(default_factory=lambda: np.zeros(0))
    slack: float = 0.0

    def run(self, nodes: int) -> ConicValue:
        count = self.columns.shape[1]
        for i in range(count):
            self._try((i,), np.ones(1))
        self._descend(tuple(range(count)))
        root = tuple(range(count))
        first = self._inspect(root, 0.0)
        heap, seen, leaf = [(first.lower, root, first)], {root}, math.inf
        looked = 1
        while heap and heap[0][0] < min(leaf, self.upper * (1 - TOLERANCE)) and looked < nodes:
            lower, _, node = heappop(heap)
            if not node.children:
                leaf = min(leaf, lower)
                continue
            self.slack = max(self.slack, node.slack)
            for child in node.children:
                if child not in seen:
                    seen.add(child)
                    looked += 1
                    inner = self._inspect(child, lower)
                    heappush(heap, (inner.lower, child, inner))
        bound = min([leaf, self.upper] + ([heap[0][0]] if heap else []))
        lower = max(down(bound - up(self.slack * count)), 0.0)
        return ConicValue(Bracket(min(lower, self.upper), self.upper), self.point)

    def _smaller(self, face: _Face) -> tuple[_Face, ...]:
        """Return the subsets of m + 1 generators, or if they are many those with one less.

        A minimiser in the interior would lie in a kernel of two dimensions, and could be moved
        along it until a coordinate vanishes; this ends at m + 1 generators.
        """
        size = self.matrix.shape[0] + 1
        if math.comb(len(face), size) <= NODES:
            return tuple(combinations(face, size))
        return _without(face, np.ones(len(face)))

    def _try(self, face: _Face, weights: Array) -> None:
        """Take the value at Σ c_i g_i, c the positive part of the weights, as an upper end."""
        kept = np.maximum(weights, 0.0)
        if not np.isfinite(kept).all() or not kept.any():
            return
        point = product(exactly(self.columns[:, face]), exactly(kept / kept.max()))
        value = quotient_above(self.matrix, point)
        if value < self.upper:
            self.upper, self.point = value, point.mid

    def _descend(self, face: _Face) -> None:
        """Look for a low value: drop the most negative coordinate of the minimiser, repeatedly."""
        while len(face) > 1:
            chosen = self.columns[:, face]
            left, scales, right = np.linalg.svd(chosen, full_matrices=False)
            kept = scales > 1e-12 * scales[0]
            frame = left[:, kept]
            vector = np.linalg.svd(self.matrix @ frame)[2][-1]
            weights = (right[kept].T / scales[kept]) @ vector
            weights = weights if weights.sum() > 0 else -weights
            self._try(face, weights)
            worst = int(np.argmin(weights))
            if weights[worst] >= 0:
                return
            face = face[:worst] + face[worst + 1 :]

    def _inspect(self, face: _Face, inherited: float) -> _Node:
        chosen = self.columns[:, face]
        basis = orthonormalized(chosen) if len(face) <= chosen.shape[0] else None
        if basis is None:
            relation = _dependency(chosen)
            return _Node(inherited, () if relation is None else _without(face, relation))
        if len(face) >= self.matrix.shape[0] + 2:  # the kernel of A on the span is no line
            return _Node(inherited, self._smaller(face))
        images = product(exactly(self.matrix), basis.vectors)
        values = smallest_singular(images)
        lower = max(inherited, relaxed(values[0], basis.defect).lower)
        vector = np.linalg.svd(images.mid)[2][-1]
        weights = basis.change @ vector
        self._try(face, weights)
        self._try(face, -weights)
        if len(face) == 1:
            return _Node(lower, ())
        boundary = _without(face, np.ones(len(face)))
        if not values[0].upper < values[1].lower:
            return _Node(lower, boundary, up(relaxed(values[1], basis.defect).upper - lower))
        signs = _signs(basis, images, values, vector)
        return _Node(lower, boundary if {1, -1} <= signs else ())


def _without(face: _Face, relation: Array) -> tuple[_Face, ...]:
    """Return the sets with one generator less, among those whose coefficient is positive."""
    return tuple(
        face[:i] + face[i + 1 :] for i, weight in enumerate(relation.tolist()) if weight > 0
    )


def _dependency(columns: Array) -> Array | None:
    """Return signs of an exact relation Σ a_i g_i = 0 with few a_i > 0, but at least one."""
    exact = [[fmpq(*entry.as_integer_ratio()) for entry in row] for row in columns.tolist()]
    kernel, nullity = fmpq_mat(exact).numer_denom()[0].nullspace()
    table = [[_sign(kernel[i, j]) for i in range(columns.shape[1])] for j in range(int(nullity))]
    options = [sign * np.array(row) for row in table for sign in (1, -1)]
    usable = [signs for signs in options if (signs > 0).any()]
    return min(usable, key=lambda signs: int((signs > 0).sum())) if usable else None


def _sign(number: object) -> int:
    return int(number > 0) - int(number < 0)  # type: ignore[operator]


def _signs(basis: Basis, images: Enclosed, values: list[Bracket], vector: Array) -> set[int]:
    """Return the signs that coordinates of the minimiser on the span have for certain.

    The minimiser is Qw with (H − ν)w = νEw, H = (AQ)ᵀAQ, E = QᵀQ − I. Against the computed vector
    v, ‖w ∓ v‖ ≤ √2 (ν‖E‖ + ‖Hv − μv‖)/gap for unit vectors, by the residual bound of Davis and
    Kahan with the second eigenvalue of H on the other side of the gap.
    """
    nu = up(relaxed(values[0], basis.defect).upper ** 2)
    v = exactly(vector)
    image = product(images.transposed, product(images, v))
    mu = min(float(np.dot(image.mid, vector)), nu)
    residual = norm_above(subtract(image, multiply(v, exactly(np.full(1, mu)))))
    gap = down(down(values[1].lower ** 2) - up(max(nu, mu)))
    length = abs(float(np.dot(vector, vector)) - 1) + 1e-14
    if gap <= 0 or length > 1e-3:
        return set()
    error = up(1.5 * up(up(nu * basis.defect) + 1.01 * residual) / gap) * 1.01 + 2 * length
    coordinates = product(exactly(basis.change), v)
    spread = [norm_above(exactly(row)) * error * 1.01 for row in basis.change]
    low = coordinates.mid - coordinates.rad - spread
    high = coordinates.mid + coordinates.rad + spread
    return {1 for value in low if value > 0} | {-1 for value in high if value < 0}
