"""The hidden form (V fixed: h moves) and the form of both layers (h and AV move).

Only m×k matrices are touched (THEORY section 6). With both layers, V̇ = −Aᵀ∇L φ(h)ᵀ/√k, so AV
moves by matrices of rank one, which are kept as factors; V − V(0) lies in the range of Aᵀ and is
found from AV − AV(0) by the pseudo-inverse of A.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from numerics.elementwise import activation_functions
from numerics.exponential_step import Mask
from numerics.generators import TwoLayerNetwork
from numerics.loss_batches import BatchedLoss
from numerics.operators import Matrix, dense
from numerics.rounding import Array


@dataclass(frozen=True, eq=False)
class Layers:
    """A point: h, shape (k,), and AV, shape (m, k)."""

    hidden: Array
    weights: Array


@dataclass(frozen=True, eq=False)
class LayersSpeed:
    """A speed: ḣ, and (AV)˙ = left · rightᵀ (None where V is fixed)."""

    hidden: Array
    left: Array | None
    right: Array


class LayersForm:
    """One flow (N = 1) in the coordinates (h, AV) or h (see ``exponential.Form``).

    Parameters
    ----------
    network : TwoLayerNetwork
        g; which layers move is its ``train``.
    operator : matrix, shape (m, n)
        A.
    loss : BatchedLoss
        L.
    observation : array, shape (m,)
        y.
    """

    def __init__(
        self, network: TwoLayerNetwork, operator: Matrix, loss: BatchedLoss, observation: Array
    ) -> None:
        self._network, self._loss = network, loss
        self._operator = dense(operator)
        self._observation = observation
        self._value, self._slope = activation_functions(network.activation)
        self._scale = 1 / sqrt(network.width)
        self._gain = network.input_norm.middle**2 * self._scale
        self._square = self._operator @ self._operator.T if network.train == "both" else None
        self._first = np.ascontiguousarray(operator @ network.output_weights)
        self._last = self._frozen = _Frozen(self._first, self._first[0], self._first[0])
        self.residual = np.zeros((1, observation.size))

    def start(self) -> Layers:
        """Return h(0) and AV(0)."""
        return Layers(self._network.hidden, self._first)

    def speed(self, point: Layers) -> LayersSpeed:
        """Return ḣ = −(‖u‖²/√k) φ'(h)∘(AV)ᵀ∇L and the factors of (AV)˙."""
        value, slope = self._value(point.hidden), self._slope(point.hidden)
        self._last = _Frozen(point.weights, value, slope)
        self.residual = (self._scale * (point.weights @ value) - self._observation)[None]
        gradient = self._loss.gradient(self.residual)[0]
        hidden = -self._gain * slope * (gradient @ point.weights)
        left = None if self._square is None else -self._scale * (self._square @ gradient)
        return LayersSpeed(hidden, left, value)

    def linearize(self, which: Mask) -> tuple[Array, Array]:
        """Freeze φ, φ' and AV as they were last; return the tangent kernel and H^½."""
        self._frozen = at = self._last
        moved = at.weights * at.slope
        kernel = self._gain * self._scale * (moved @ moved.T)
        if self._square is not None:
            kernel += self._square * (self._scale**2 * float(at.value @ at.value))
        return kernel[None], self._loss.curvature_root(self.residual)

    def outputs(self, speed: LayersSpeed) -> Array:
        """Return the frozen derivative of the outputs in the direction of a speed."""
        at = self._frozen
        total = at.weights @ (at.slope * speed.hidden)
        if speed.left is not None:
            total = total + speed.left * float(speed.right @ at.value)
        return self._scale * total[None]

    def difference(self, point: Layers, base: Layers) -> Array:
        """Return the frozen derivative of the outputs in the direction point − base."""
        at = self._frozen
        total = at.weights @ (at.slope * (point.hidden - base.hidden))
        if point.weights is not base.weights:
            total = total + (point.weights @ at.value - base.weights @ at.value)
        return self._scale * total[None]

    def combined(
        self, base: Layers, weights: Array, speeds: list[LayersSpeed], forces: Array
    ) -> Layers:
        """Return base + Σ weights_j speeds_j + G forces."""
        at, force, shares = self._frozen, forces[0], weights[0]
        hidden = base.hidden + self._gain * at.slope * (force @ at.weights)
        for share, speed in zip(shares.tolist(), speeds, strict=False):
            hidden += share * speed.hidden
        if self._square is None:
            return Layers(hidden, base.weights)
        left = [share * s.left for share, s in zip(shares, speeds, strict=False)
                if s.left is not None]  # fmt: skip
        left.append(self._scale * (self._square @ force))
        moved = np.array(left).T @ np.array([*(s.right for s in speeds[: len(shares)]), at.value])
        moved += base.weights
        return Layers(hidden, moved)

    def parameter_speeds(self, speed: LayersSpeed) -> Array:
        """Return ‖θ̇‖, shape (1,)."""
        first = float(np.linalg.norm(speed.hidden)) / self._network.input_norm.middle
        if speed.left is None:
            return np.array([first])
        pull = self._loss.gradient(self.residual)[0] @ self._operator
        second = self._scale * float(np.linalg.norm(pull) * np.linalg.norm(speed.right))
        return np.array([np.hypot(first, second)])

    def magnitudes(self) -> Array:
        """Return how large the terms of the residual are, shape (1,): rounding is eps times it."""
        terms = self._scale * (np.abs(self._last.weights) @ np.abs(self._last.value))
        return np.array([np.linalg.norm(np.abs(self._observation) + terms)])

    def displacement(self, point: Layers, which: Mask) -> Array:
        """Return h − h(0), then V − V(0) = A⁺(AV − AV(0)), as one row."""
        moved = point.hidden - self._network.hidden
        if self._square is None:
            return moved[None]
        inverse = np.linalg.pinv(self._operator, rcond=1e-13)
        return np.concatenate([moved, (inverse @ (point.weights - self._first)).ravel()])[None]

    def parameter_norms(self, point: Layers, which: Mask) -> Array:
        """Return ‖θ − θ₀‖ at a point, shape (1,)."""
        return np.array([self._network.parameter_norm(self.displacement(point, which)[0])])

    def chosen(self, which: Mask, new: Layers, old: Layers) -> Layers:
        """Return ``new`` if the one flow is selected, else ``old``."""
        return new if which[0] else old

    def kept(self, which: Mask, item: Layers) -> Layers:
        """Return the item: there is one flow."""
        return item

    def keep(self, which: Mask) -> None:
        """Do nothing: there is one flow."""


@dataclass(frozen=True, eq=False)
class _Frozen:
    """Where the derivatives are taken: AV, φ(h), φ'(h)."""

    weights: Array
    value: Array
    slope: Array
