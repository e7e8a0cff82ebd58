"""Matrices AV that a flow moves by terms of rank one, kept as factors while these are few.

With both layers trained (AV)˙ = −AAᵀ∇L φ(h)ᵀ/√k: to move AV costs as much as reading it many times
over, so the terms are gathered, and added up once they have become half as many as its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numerics.flows.coordinates import Mask
from numerics.flows.exponential_step import row_times
from numerics.rigorous.rounding import Array

_PART = 2_500  # columns added up at a time, which then stay in a core's cache

Term = tuple[Array, Array]
"""The factors, shapes (N, m) and (N, k), of a matrix of rank one."""


@dataclass(eq=False)
class _Stem:
    """Matrices, shape (N, m, k), and the vectors known, also as rows of an array (N, C, k)."""

    matrices: Array
    rows: Array
    known: list[Array]

    def missing(self, vectors: Sequence[Array]) -> list[Array]:
        """Return the vectors that are not known."""
        return [v for v in vectors if not any(v is each for each in self.known)]

    def learn(self, vectors: Sequence[Array]) -> None:
        """Add vectors to those known; what others refer to stays as it is."""
        for vector in self.missing(vectors):
            self.rows[:, len(self.known)] = vector
            self.known.append(vector)

    def column(self, vector: Array) -> int:
        """Return the place of a vector that is known."""
        return next(i for i, each in enumerate(self.known) if each is vector)


@dataclass(frozen=True, eq=False)
class MovedWeights:
    """N matrices: those of a stem plus ``left``, shape (N, m, r), times the stem's first r rows."""

    stem: _Stem
    left: Array

    @staticmethod
    def of(matrices: Array) -> MovedWeights:
        """Return matrices as they are, shape (N, m, k)."""
        flows, outputs, width = matrices.shape
        stem = _Stem(matrices, np.empty((flows, outputs // 2, width)), [])
        return MovedWeights(stem, np.empty((flows, outputs, 0)))

    @property
    def _rows(self) -> Array:
        return self.stem.rows[:, : self.left.shape[2]]

    def moved(self, terms: Sequence[Term]) -> MovedWeights:
        """Return these plus terms of rank one."""
        room = self.stem.rows.shape[1] - len(self.stem.known)
        rights = [right for _, right in terms]
        if len(self.stem.missing(rights)) <= room:
            return self._extended(terms)
        whole = MovedWeights.of(self.whole())
        if len(terms) <= whole.stem.rows.shape[1]:
            return whole._extended(terms)
        left = np.stack([left for left, _ in terms], axis=2)
        return MovedWeights.of(_added(whole.stem.matrices, left, np.stack(rights, axis=1)))

    def _extended(self, terms: Sequence[Term]) -> MovedWeights:
        self.stem.learn([right for _, right in terms])
        left = self._padded(len(self.stem.known))
        for factor, right in terms:
            left[:, :, self.stem.column(right)] += factor
        return MovedWeights(self.stem, left)

    def whole(self) -> Array:
        """Return the matrices, shape (N, m, k)."""
        if self.left.shape[2] == 0:
            return self.stem.matrices
        return _added(self.stem.matrices, self.left, self._rows)

    def times(self, vectors: Array) -> Array:
        """Multiply each matrix with its vector, shape (N, k)."""
        found = matrix_times(self.stem.matrices, vectors)
        if self.left.shape[2]:
            found += matrix_times(self.left, matrix_times(self._rows, vectors))
        return found

    def pulled(self, vectors: Array) -> Array:
        """Multiply each vector, shape (N, m), with its matrix from the left."""
        found = row_times(vectors, self.stem.matrices)
        if self.left.shape[2]:
            found += row_times(row_times(vectors, self.left), self._rows)
        return found

    def where(self, which: Mask, other: MovedWeights) -> MovedWeights:
        """Return these for the flows selected by a mask, the others elsewhere."""
        rows = which[:, None, None]
        if self.stem is not other.stem:
            return MovedWeights.of(np.where(rows, self.whole(), other.whole()))
        rank = max(self.left.shape[2], other.left.shape[2])
        return MovedWeights(self.stem, np.where(rows, self._padded(rank), other._padded(rank)))

    def kept(self, which: Mask) -> MovedWeights:
        """Return the matrices of the flows selected."""
        return MovedWeights.of(self.whole()[which])

    def _padded(self, rank: int) -> Array:
        flows, outputs, known = self.left.shape
        return np.concatenate([self.left, np.zeros((flows, outputs, rank - known))], axis=2)

    def change_times(self, other: MovedWeights, vectors: Array) -> Array:
        """Return (these − others)·vectors, without reading the matrices where they are one's."""
        if self.stem is not other.stem:
            return self.times(vectors) - other.times(vectors)
        rank = max(self.left.shape[2], other.left.shape[2])
        left = self._padded(rank) - other._padded(rank)
        return matrix_times(left, matrix_times(self.stem.rows[:, :rank], vectors))


def matrix_times(matrices: Array, vectors: Array) -> Array:
    """Multiply each matrix, shape (N, m, k), with its vector, shape (N, k)."""
    return (matrices @ vectors[:, :, None])[:, :, 0]


def _added(matrices: Array, left: Array, right: Array) -> Array:
    found = np.empty_like(matrices)
    for start in range(0, matrices.shape[2], _PART):
        part = slice(start, start + _PART)
        target = found[:, :, part]
        np.matmul(left, right[:, :, part], out=target)
        target += matrices[:, :, part]
    return found
