"""One step of the exponential Adams method: predicted, corrected, and known in between.

The formulas are those of ``exponential``, for N flows at once; all arrays have a leading axis of
length N.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import Any

import numpy as np

from numerics.flows.coordinates import Form, Mask
from numerics.flows.phi_functions import phi_functions
from numerics.rigorous.rounding import Array

MAX_ORDER = 8
_FACTORIALS = np.array([float(factorial(i)) for i in range(1, MAX_ORDER + 1)])[:, None, None]
_EXPONENTS = np.arange(1.0, MAX_ORDER + 1)
_NEGLIGIBLE = 1e-14  # eigenvalues of K below this share of the largest are rounding


@dataclass(frozen=True, eq=False)
class Linear:
    """The frozen linear part −GEEᵀY: K, H^½, D (``rates``), E (``modes``), KE (``gains``).

    ``onto`` projects on the range of K, in which all outputs' speeds lie; along its kernel
    rounding errors would add up, as nothing damps them.
    """

    kernel: Array
    root: Array | None
    rates: Array
    modes: Array
    gains: Array
    onto: Array

    @staticmethod
    def of(kernel: Array, root: Array | None) -> Linear:
        """Diagonalise H^½KH^½."""
        values, axes = np.linalg.eigh(kernel)
        alive = axes * (values > _NEGLIGIBLE * values[:, -1:])[:, None, :]
        onto = alive @ alive.transpose(0, 2, 1)
        rates = np.maximum(values, 0.0)
        found = Linear(kernel, None, rates, axes, kernel @ axes, onto)
        return found if root is None else found.bent(root)

    def bent(self, root: Array) -> Linear:
        """Return that with another H."""
        rates, vectors = np.linalg.eigh(root @ self.kernel @ root)
        modes = root @ vectors
        rates = np.maximum(rates, 0.0)
        return Linear(self.kernel, root, rates, modes, self.kernel @ modes, self.onto)

    def described(self, outputs: Array, places: Array) -> Array:
        """Return the table of nodes (see ``Nodes``) with these outputs and places."""
        placed = places @ self.modes
        remainders = outputs @ self.modes + self.rates[:, None, :] * placed
        return np.concatenate([outputs, places, remainders, placed], axis=2)

    def kept(self, which: Mask) -> Linear:
        """Return that of the flows selected."""
        parts: list[Any] = [None if part is None else part[which] for part in vars(self).values()]
        return Linear(*parts)


@dataclass(frozen=True, eq=False)
class Nodes:
    """The last points at which the speed is known, the newest first.

    Parameters
    ----------
    times : array, shape (N, L)
    points, speeds : lists of length L
        x and f(x), in the form's own types.
    table : array, shape (N, L, 4m)
        Side by side Yf(x), Yx up to a constant, EᵀYN(x) = EᵀYf(x) + DEᵀYx, and EᵀYx.
    """

    times: Array
    points: list[Any]
    speeds: list[Any]
    table: Array

    @property
    def outputs(self) -> Array:
        """Yf(x), shape (N, L, m)."""
        return self.table[:, :, : self.table.shape[2] // 4]

    @property
    def places(self) -> Array:
        """Yx up to a constant, shape (N, L, m)."""
        size = self.table.shape[2] // 4
        return self.table[:, :, size : 2 * size]


@dataclass(frozen=True, eq=False)
class Owed:
    """x(t) − (the newest node's point): the correction found after that point was evaluated.

    It is Σ weights_j speeds_j + G·forces, and ``modal`` is EᵀY of it.
    """

    weights: Array
    forces: Array
    modal: Array

    @staticmethod
    def nothing(flows: int, nodes: int, outputs: int) -> Owed:
        """Return that of points which need no correction."""
        empty = np.zeros((flows, outputs))
        return Owed(np.zeros((flows, nodes)), empty, empty)

    def kept(self, which: Mask) -> Owed:
        """Return that of the flows selected."""
        return Owed(*(part[which] for part in vars(self).values()))

    def chosen(self, which: Mask, other: Owed) -> Owed:
        """Return this for the flows selected and ``other`` elsewhere."""
        rows, count = which[:, None], max(self.weights.shape[1], other.weights.shape[1])
        weights = (_padded(each.weights, count) for each in (self, other))
        return Owed(
            np.where(rows, *weights),
            np.where(rows, self.forces, other.forces),
            np.where(rows, self.modal, other.modal),
        )


def _padded(weights: Array, count: int) -> Array:
    if weights.shape[1] == count:
        return weights
    return np.concatenate([weights, np.zeros((len(weights), count - weights.shape[1]))], axis=1)


@dataclass(frozen=True, eq=False)
class Interpolation:
    """What values at the nodes say about a polynomial that vanishes at the newest one, θ = 0.

    With times in units of the step the polynomial is Σ c_i θ^i, i = 1 … q; the step ends at θ = 1.

    Parameters
    ----------
    rows : array, shape (N, q + 2, q − 1)
        Times the values at the older nodes: c_1 … c_q, ∫₀¹ and the value foreseen at the end, of
        the polynomial of degree q − 1 through them.
    edge : array, shape (N, q)
        c_i of the polynomial that vanishes at the nodes and is 1 at the end.
    area : array, shape (N, 1)
        Its integral.
    """

    rows: Array
    edge: Array
    area: Array

    @staticmethod
    def through(times: Array) -> Interpolation:
        """Interpolate at older nodes with these times, shape (N, q − 1)."""
        flows, older = times.shape
        nodes = np.ones((flows, older + 1, 1))
        nodes[:, :-1, 0] = times
        found = _COEFFICIENTS[older + 1] @ np.linalg.inv(nodes ** _EXPONENTS[: older + 1])
        edge, area = found[:, :-1, -1], found[:, -1, -1:]
        far = found[:, -2, :-1] / -edge[:, -1:]
        rows = np.empty((flows, older + 3, older))
        np.multiply(found[:, :, -1:], far[:, None, :], out=rows[:, :-1])
        rows[:, :-1] += found[:, :, :-1]
        rows[:, -1] = far
        return Interpolation(rows, edge, area)


_COEFFICIENTS = [np.vstack([np.eye(q), 1 / np.arange(2.0, q + 2)]) for q in range(MAX_ORDER + 1)]
"""Coefficients c_1 … c_q to themselves and ∫₀¹ Σ c_i θ^i."""


class Attempt:
    """One step of every flow: predicted on construction, corrected once the speed is known.

    In modes (EᵀY of something), the step from the newest node's point is
    h[F_0 + Σ b_j(F_j − F_0)] + hGE{Σ b_j ξ_j − hφ_2 γ_0 − φ_1 κ − h Σ_i i! φ_{i+2} c_i}, with
    ξ, γ the modes of the nodes' places and speeds, κ those of what is owed, and c_i the modes of
    the coefficients of N's interpolation.
    """

    def __init__(
        self, form: Form, linear: Linear, nodes: Nodes, owed: Owed, step: Array, order: int
    ) -> None:
        self.form, self.linear, self.nodes, self.begun = form, linear, nodes, owed
        self.h, self.order, self.size = step[:, None], order, linear.rates.shape[1]
        newest = nodes.times[:, :1]
        self.end = newest[:, 0] + step
        self.weights = Interpolation.through((nodes.times[:, 1:order] - newest) / self.h)
        self.moments = self.weights.rows @ (nodes.table[:, 1:order] - nodes.table[:, :1])
        phi = phi_functions(-self.h * linear.rates, order + 2)
        self.phi, self.decay = phi, _FACTORIALS[:order] * phi[3:]  # i! φ_{i+2}
        self._predict()

    def part(self, row: int | slice, column: int) -> Array:
        """Return what a row of the interpolation makes of a column of the table of nodes."""
        return self.moments[:, row, column * self.size : (column + 1) * self.size]

    def newest(self, column: int) -> Array:
        """Return a column of the table at the newest node, shape (N, m)."""
        return self.nodes.table[:, 0, column * self.size : (column + 1) * self.size]

    def _predict(self) -> None:
        h, order, owed, linear = self.h, self.order, self.begun, self.linear
        self.begin = self.newest(2) - linear.rates * self.newest(3)  # EᵀYf
        bent = (self.decay * self.part(slice(order), 2).transpose(1, 0, 2)).sum(axis=0)
        bent += self.phi[2] * self.begin
        modal = self.part(order, 3) - self.phi[1] * owed.modal - h * bent
        forces = owed.forces + h * row_times(modal, linear.modes.transpose(0, 2, 1))
        weights, mean = owed.weights.copy(), h * self.weights.rows[:, order]
        weights[:, 1:order] += mean
        weights[:, :1] += h - mean.sum(axis=1, keepdims=True)
        count = weights.shape[1]
        self.point = self.form.combined(
            self.nodes.points[0], weights, self.nodes.speeds[:count], forces
        )
        moved = row_times(weights, self.nodes.outputs[:, :count])
        self.moved = moved + row_times(forces, linear.kernel)

    def correct(self, speed: Any, outputs: Array) -> None:
        """Take the speed at the predicted point, and its outputs, into account."""
        h, linear, edge = self.h, self.linear, self.weights.edge
        self.speed, self.outputs = speed, outputs
        self.placed = row_times(self.moved, linear.modes)
        self.sped = row_times(outputs, linear.modes)
        jump = outputs - self.newest(0)
        self.ahead, self.beside = jump - self.part(-1, 0), self.placed - self.part(-1, 3)
        # N at the end, less what was foreseen, in modes
        self.surprise = self.sped - self.begin + linear.rates * self.placed - self.part(-1, 2)
        shares = edge.T[:, :, None]
        late = h * (shares * self.decay).sum(axis=0) * self.surprise
        early = (shares * _FACTORIALS[: self.order] * self.phi[2:-1]).sum(axis=0) * self.surprise
        mean = h * self.weights.area
        modal, gains = mean * self.beside - h * late, linear.gains.transpose(0, 2, 1)
        self.owed = Owed(
            self._owed_weights(mean), row_times(modal, linear.modes.transpose(0, 2, 1)), h * early
        )
        correction = mean * self.ahead + row_times(modal, gains)
        self.residual = self.form.residual + correction
        self.error = _lengths(correction)
        foreseen = row_times(self.placed, gains)
        self.unforeseen = _lengths(jump + foreseen) / np.maximum(_lengths(foreseen), 1e-300)

    def _owed_weights(self, mean: Array) -> Array:
        far = self.weights.rows[:, -1]
        found = np.empty((len(far), self.order + 1))
        found[:, :1] = mean
        np.multiply(far, -mean, out=found[:, 2:])
        np.multiply(far.sum(axis=1, keepdims=True) - 1, mean, out=found[:, 1:2])
        return found

    def row(self) -> Array:
        """Return the table's row of the end of the step, as a node, shape (N, 1, 4m)."""
        placed = self.newest(3) + self.placed
        remainder = self.sped + self.linear.rates * placed
        parts = [self.outputs, self.newest(1) + self.moved, remainder, placed]
        return np.concatenate(parts, axis=1)[:, None]


def _lengths(vectors: Array) -> Array:
    return np.asarray(np.sqrt(np.vecdot(vectors, vectors)))


def row_times(vectors: Array, matrices: Array) -> Array:
    """Multiply each vector, shape (N, p), with its matrix, shape (N, p, m), from the left."""
    return (vectors[:, None, :] @ matrices)[:, 0]
