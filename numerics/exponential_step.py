"""One step of the exponential Adams method: predicted, corrected, and known in between.

The formulas are those of ``exponential``, for N flows at once; all arrays have a leading axis of
length N.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from numerics.phi_functions import phi_functions
from numerics.rounding import Array

MAX_ORDER = 8
Mask: TypeAlias = NDArray[np.bool_]
_FACTORIALS = np.array([float(factorial(i)) for i in range(1, MAX_ORDER + 1)])[:, None, None]
_NEGLIGIBLE = 1e-14  # eigenvalues of K below this share of the largest are rounding
_SHARES = 1 / np.arange(2.0, MAX_ORDER + 2)  # ∫₀¹ θ^i


class Form(Protocol):
    """Coordinates x of N flows with m outputs each; points x and speeds f(x) are opaque here."""

    residual: Array
    """y(x) − y of the last evaluation, shape (N, m)."""

    def start(self) -> Any:
        """Return x(0)."""

    def speed(self, point: Any) -> Any:
        """Evaluate at a point and return f there."""

    def parameter_speeds(self, speed: Any) -> Array:
        """Return ‖θ̇‖ at the last evaluation, whose speed is given, shape (N,)."""

    def magnitudes(self) -> Array:
        """Return the size of the terms that make up the last residual, shape (N,)."""

    def displacement(self, point: Any, which: Mask) -> Array:
        """Return the generator's states of the flows selected at a point, shape (N', size)."""

    def parameter_norms(self, point: Any, which: Mask) -> Array:
        """Return ‖θ − θ₀‖ of the flows selected at a point, shape (N',)."""

    def linearize(self, which: Mask) -> tuple[Array, Array]:
        """Freeze Y, G at the last evaluation for the flows selected; return K and H^½ of all."""

    def outputs(self, speed: Any) -> Array:
        """Return Y·speed, shape (N, m)."""

    def difference(self, point: Any, base: Any) -> Array:
        """Return Y(point − base), shape (N, m)."""

    def combined(self, base: Any, weights: Array, speeds: list[Any], forces: Array) -> Any:
        """Return base + Σ_j weights_j speeds_j + G·forces; shapes (N, p) and (N, m)."""

    def chosen(self, which: Mask, new: Any, old: Any) -> Any:
        """Return ``new`` for the flows selected by a mask, ``old`` for the others."""

    def kept(self, which: Mask, item: Any) -> Any:
        """Return the part of a point or speed that belongs to the flows selected."""

    def keep(self, which: Mask) -> None:
        """Forget the flows that are not selected."""


@dataclass(frozen=True, eq=False)
class Linear:
    """The frozen linear part −GEEᵀY: K, D (``rates``), E (``modes``), KE (``gains``).

    ``onto`` projects on the range of K, in which all outputs' speeds lie; along its kernel
    rounding errors would add up, as nothing damps them.
    """

    kernel: Array
    rates: Array
    modes: Array
    gains: Array
    onto: Array

    @staticmethod
    def of(kernel: Array, root: Array) -> Linear:
        """Diagonalise H^½KH^½."""
        rates, vectors = np.linalg.eigh(root @ kernel @ root)
        modes = root @ vectors
        values, axes = np.linalg.eigh(kernel)
        axes = axes * (values > _NEGLIGIBLE * values[:, -1:])[:, None, :]
        onto = axes @ axes.transpose(0, 2, 1)
        return Linear(kernel, np.maximum(rates, 0.0), modes, kernel @ modes, onto)

    def kept(self, which: Mask) -> Linear:
        """Return that of the flows selected."""
        return Linear(*(part[which] for part in vars(self).values()))


@dataclass(frozen=True, eq=False)
class Nodes:
    """The last points at which the speed is known, the newest first.

    Parameters
    ----------
    times : array, shape (N, L)
    points, speeds : lists of length L
        x and f(x), in the form's own types.
    outputs, places : arrays, shape (N, L, m)
        Yf(x), and Yx up to a constant.
    """

    times: Array
    points: list[Any]
    speeds: list[Any]
    outputs: Array
    places: Array


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
    """The polynomial through the nodes, and through them and the step's end.

    In θ = (t − t_n)/h, powers 1 … q: ``inner[:, i, j]`` is the coefficient of θ^{i+1} of node
    j + 1 (values at node 0 are subtracted), ``edge`` those of the polynomial that is 1 at θ = 1
    and 0 at all nodes, ``far`` the inner interpolation's weights at θ = 1.
    """

    inner: Array
    edge: Array
    far: Array

    @staticmethod
    def through(times: Array) -> Interpolation:
        """Interpolate at nodes 1, 2, … with these times in units of θ, shape (N, q − 1)."""
        nodes = np.concatenate([times, np.ones((len(times), 1))], axis=1)
        powers = np.multiply.accumulate(np.repeat(nodes[:, :, None], nodes.shape[1], 2), axis=2)
        inverse = np.linalg.inv(powers)
        far = -inverse[:, -1, :-1] / inverse[:, -1, -1:]
        edge = inverse[:, :, -1]
        return Interpolation(inverse[:, :, :-1] + edge[:, :, None] * far[:, None, :], edge, far)


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
        self.h, self.order = step[:, None], order
        past = nodes.times[:, 1:order] - nodes.times[:, :1]
        self.weights = Interpolation.through(past / self.h)
        self.speeds = nodes.outputs[:, 1:order] - nodes.outputs[:, :1]
        self.places = nodes.places[:, 1:order] - nodes.places[:, :1]
        self.phi = phi_functions(-self.h * linear.rates, order + 2)
        self.end = nodes.times[:, 0] + step
        self._predict()

    def _summed(self, coefficients: Array, shift: int) -> Array:
        """Σ_i i! φ_{i+shift} coefficients_i over the powers i = 1 … q, shape (N, m)."""
        phi = self.phi[1 + shift : 1 + shift + self.order]
        return np.asarray((_FACTORIALS[: self.order] * phi * coefficients).sum(axis=0))

    def _modes(self, outputs: Array) -> Array:
        return row_times(outputs, self.linear.modes)

    def _forces(self, modal: Array) -> Array:
        return row_times(modal, self.linear.modes.transpose(0, 2, 1))

    def _predict(self) -> None:
        h, inner, owed, linear = self.h, self.weights.inner, self.begun, self.linear
        mean = _SHARES[: self.order] @ inner  # b_j, shape (N, q − 1)
        places = self.places @ linear.modes
        remainders = self.speeds @ linear.modes + linear.rates[:, None, :] * places
        self.coefficients = (inner @ remainders).transpose(1, 0, 2)  # c_i, shape (q, N, m)
        modal = row_times(mean, places) - self.phi[1] * owed.modal
        modal -= h * self.phi[2] * self._modes(self.nodes.outputs[:, 0])
        modal -= h * self._summed(self.coefficients, 2)
        forces = owed.forces + h * self._forces(modal)
        weights = owed.weights.copy()
        weights[:, 1 : self.order] += h * mean
        weights[:, :1] += h * (1 - mean.sum(axis=1, keepdims=True))
        self.point = self.form.combined(
            self.nodes.points[0], weights, self.nodes.speeds[: weights.shape[1]], forces
        )
        outputs = self.nodes.outputs[:, : weights.shape[1]]
        self.moved = row_times(weights, outputs) + row_times(forces, linear.kernel)

    def correct(self, speed: Any, outputs: Array) -> None:
        """Take the speed at the predicted point, and its outputs, into account."""
        h, linear, far = self.h, self.linear, self.weights.far
        self.speed, self.outputs = speed, outputs
        jump = outputs - self.nodes.outputs[:, 0]
        ahead = jump - row_times(far, self.speeds)
        beside = self._modes(self.moved - row_times(far, self.places))
        gains = linear.gains.transpose(0, 2, 1)
        self.surprise = ahead + row_times(beside, gains)  # N at the end, less what was predicted
        edge = self.weights.edge.T[:, :, None] * (self._modes(ahead) + linear.rates * beside)
        self.coefficients = self.coefficients + edge
        mean = h * (self.weights.edge @ _SHARES[: self.order])[:, None]
        forces = self._forces(mean * beside - h * h * self._summed(edge, 2))
        nodes = [mean, mean * (far.sum(axis=1, keepdims=True) - 1), -mean * far]
        self.owed = Owed(np.concatenate(nodes, axis=1), forces, h * self._summed(edge, 1))
        correction = mean * ahead + row_times(forces, linear.kernel)
        self.residual = self.form.residual + correction
        self.error = _lengths(correction)
        foreseen = row_times(self._modes(self.moved), gains)
        self.unforeseen = _lengths(jump + foreseen) / np.maximum(_lengths(foreseen), 1e-300)


def _lengths(vectors: Array) -> Array:
    return np.sqrt((vectors * vectors).sum(axis=1))


def row_times(vectors: Array, matrices: Array) -> Array:
    """Multiply each vector, shape (N, p), with its matrix, shape (N, p, m), from the left."""
    return np.asarray((vectors[:, None, :] @ matrices)[:, 0])
