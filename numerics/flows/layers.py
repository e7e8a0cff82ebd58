"""The hidden form (V fixed: h moves) and the form of both layers (h and AV move).

Only m×k matrices are touched (THEORY section 6). With both layers, V̇ = −Aᵀ∇L φ(h)ᵀ/√k, so AV
moves by matrices of rank one, which are kept as factors (``moved_weights``); V − V(0) lies in the
range of Aᵀ and is found from AV − AV(0) by the pseudo-inverse of A.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any, Literal, TypeVar

import numpy as np

from numerics.elementwise import activation_pair
from numerics.flows.coordinates import Mask
from numerics.flows.exponential_step import row_times
from numerics.flows.moved_weights import MovedWeights, matrix_times
from numerics.generators import TwoLayerNetwork
from numerics.losses.batches import BatchedLoss
from numerics.operators import Matrix, dense
from numerics.rigorous.rounding import Array
from theory.activations import Activation


@dataclass(frozen=True, eq=False)
class Layers:
    """Points: h, shape (N, k), and AV; None where V is fixed."""

    hidden: Array
    weights: MovedWeights | None


@dataclass(frozen=True, eq=False)
class LayersSpeed:
    """Speeds: ḣ, shape (N, k), and the factors (N, m) and (N, k) of (AV)˙ (None: V is fixed)."""

    hidden: Array
    left: Array | None
    right: Array


@dataclass(frozen=True, eq=False)
class Linearization:
    """Where the derivatives are taken: AV (None where V is fixed), φ(h), φ'(h)."""

    weights: Array | None
    value: Array
    slope: Array


Item = TypeVar("Item", Layers, LayersSpeed, Linearization)


class LayersForm:
    """N flows of networks of one width, in the coordinates (h, AV) or h (a ``Form``).

    Parameters
    ----------
    activation : Activation
        φ.
    loss : BatchedLoss
        L.
    weights : array, shape (N, m, k)
        AV(0) of each network.
    hidden : array, shape (N, k)
        h(0).
    observations : array, shape (N, m)
        y.
    input_norm : float
        ‖u‖.
    operator : matrix, shape (m, n)
        A.
    train : {"hidden", "both"}
        Which layers move.
    """

    def __init__(
        self,
        activation: Activation,
        loss: BatchedLoss,
        weights: Array,
        hidden: Array,
        observations: Array,
        input_norm: float,
        operator: Matrix,
        train: Literal["hidden", "both"],
    ) -> None:
        self.loss, self._operator, self._input_norm = loss, dense(operator), input_norm
        self._observations, self._hidden = observations, hidden
        self._pair = activation_pair(activation)
        self._scale = 1 / sqrt(hidden.shape[1])
        self._gain = input_norm**2 * self._scale
        self._square = self._operator @ self._operator.T if train == "both" else None
        self._first = np.ascontiguousarray(weights)
        self._still = MovedWeights.of(self._first)
        self._last = self._frozen = Linearization(None, hidden, hidden)
        self._last_weights: MovedWeights | None = None
        self._kernel = np.zeros((*observations.shape, observations.shape[1]))
        self.residual = np.zeros_like(observations)

    max_order = 6  # as G varies: with order 8 steps are twice as many at κ(A) = 10³

    def start(self) -> Layers:
        """Return h(0) and AV(0)."""
        return Layers(self._hidden, None if self._square is None else self._still)

    def _weights(self, at: Linearization) -> Array:
        return self._first if at.weights is None else at.weights

    def speed(self, point: Layers) -> LayersSpeed:
        """Return ḣ = −(‖u‖²/√k) φ'(h)∘(AV)ᵀ∇L and the factors of (AV)˙."""
        weights = self._still if point.weights is None else point.weights
        value, slope = self._pair(point.hidden)
        self._last, self._last_weights = Linearization(None, value, slope), point.weights
        self.residual = self._scale * weights.times(value) - self._observations
        gradient = self.loss.gradient(self.residual)
        hidden = weights.pulled(gradient)
        hidden *= slope
        hidden *= -self._gain
        left = None if self._square is None else -self._scale * (gradient @ self._square)
        return LayersSpeed(hidden, left, value)

    def linearize(self, which: Mask) -> Array:
        """Freeze φ, φ' and AV of the flows selected; return all tangent kernels."""
        moved = None if self._last_weights is None else self._last_weights.whole()
        last = Linearization(moved, self._last.value, self._last.slope)
        self._frozen = at = self.chosen(which, last, self._frozen)
        weights, at = self._weights(at), self.kept(which, at)
        bent = (weights if which.all() else weights[which]) * at.slope[:, None]
        kernel = self._gain * self._scale * (bent @ bent.transpose(0, 2, 1))
        if self._square is not None:
            lengths = (at.value**2).sum(axis=1)
            kernel += self._scale**2 * lengths[:, None, None] * self._square
        self._kernel = self._kernel.copy()  # the old one is still in use
        self._kernel[which] = kernel
        return self._kernel

    def outputs(self, speed: LayersSpeed) -> Array:
        """Return the frozen derivative of the outputs in the direction of a speed."""
        at = self._frozen
        total = matrix_times(self._weights(at), at.slope * speed.hidden)
        if speed.left is not None:
            total += speed.left * (speed.right * at.value).sum(axis=1, keepdims=True)
        return self._scale * total

    def difference(self, point: Layers, base: Layers) -> Array:
        """Return the frozen derivative of the outputs in the direction point − base."""
        at = self._frozen
        total = matrix_times(self._weights(at), at.slope * (point.hidden - base.hidden))
        if point.weights is not None and base.weights is not None:
            total += point.weights.change_times(base.weights, at.value)
        return self._scale * total

    def combined(
        self, base: Layers, weights: Array, speeds: list[LayersSpeed], forces: Array
    ) -> Layers:
        """Return base + Σ weights_j speeds_j + G forces."""
        at = self._frozen
        hidden = row_times(forces, self._weights(at))
        hidden *= self._gain * at.slope
        hidden += base.hidden
        used = [(weights[:, j, None], speed) for j, speed in enumerate(speeds)]
        for share, speed in used:
            hidden += share * speed.hidden
        if self._square is None or base.weights is None:
            return Layers(hidden, None)
        terms = [(share * s.left, s.right) for share, s in used if s.left is not None]
        terms.append((self._scale * (forces @ self._square), at.value))
        return Layers(hidden, base.weights.moved(terms))

    def packed(self, point: Layers) -> Array:
        """Return the point of a single flow as a vector: h, then AV where it moves."""
        if point.weights is None:
            return np.asarray(point.hidden[0])
        return np.concatenate([point.hidden[0], point.weights.whole()[0].ravel()])

    def packed_speed(self, speed: LayersSpeed) -> Array:
        """Return the speed of a single flow as a vector."""
        if speed.left is None:
            return np.asarray(speed.hidden[0])
        second = speed.left[0][:, None] * speed.right[0]
        return np.concatenate([speed.hidden[0], second.ravel()])

    def unpacked(self, vector: Array) -> Layers:
        """Return the point that a vector stands for."""
        width = self._hidden.shape[1]
        if self._square is None:
            return Layers(vector[None], None)
        weights = vector[None, width:].reshape(self._first.shape)
        return Layers(vector[None, :width], MovedWeights.of(weights))

    def parameter_speeds(self, speed: LayersSpeed) -> Array:
        """Return ‖θ̇‖ at the last evaluation, shape (N,)."""
        first = np.linalg.norm(speed.hidden, axis=1) / self._input_norm
        if speed.left is None:
            return np.asarray(first)
        pull = self.loss.gradient(self.residual) @ self._operator
        second = np.linalg.norm(pull, axis=1) * np.linalg.norm(speed.right, axis=1)
        return np.asarray(np.hypot(first, self._scale * second))

    def magnitudes(self) -> Array:
        """Return how large the terms of the residual are, shape (N,): rounding is eps times it."""
        weights = self._first if self._last_weights is None else self._last_weights.whole()
        terms = self._scale * matrix_times(np.abs(weights), np.abs(self._last.value))
        return np.asarray(np.linalg.norm(np.abs(self._observations) + terms, axis=1))

    def displacement(self, point: Layers, which: Mask) -> Array:
        """Return h − h(0), then V − V(0) = A⁺(AV − AV(0)), as one row for each flow selected."""
        moved = point.hidden[which] - self._hidden[which]
        if point.weights is None:
            return moved
        second = self._inverse @ (point.weights.whole()[which] - self._first[which])
        return np.concatenate([moved, second.reshape(len(moved), -1)], axis=1)

    @cached_property
    def _inverse(self) -> Array:
        return np.asarray(np.linalg.pinv(self._operator, rcond=1e-13))

    def parameter_norms(self, point: Layers, which: Mask) -> Array:
        """Return ‖θ − θ₀‖ of the flows selected at a point, shape (N',)."""
        moved, width = self.displacement(point, which), self._hidden.shape[1]
        first = np.linalg.norm(moved[:, :width], axis=1) / self._input_norm
        return np.asarray(np.hypot(first, np.linalg.norm(moved[:, width:], axis=1)))

    def chosen(self, which: Mask, new: Item, old: Item) -> Item:
        """Return ``new`` for the flows selected by a mask, ``old`` for the others."""
        if which.all():
            return new
        pairs = zip(vars(new).values(), vars(old).values(), strict=True)
        merged: list[Any] = [_where(which, *pair) for pair in pairs]
        return type(new)(*merged)

    def kept(self, which: Mask, item: Item) -> Item:
        """Return the part of a point or speed that belongs to the flows selected."""
        if which.all():
            return item
        parts: list[Any] = [_rows(which, part) for part in vars(item).values()]
        return type(item)(*parts)

    def keep(self, which: Mask) -> None:
        """Forget the flows that are not selected."""
        self._last, self._frozen = self.kept(which, self._last), self.kept(which, self._frozen)
        if self._last_weights is not None:
            self._last_weights = self._last_weights.kept(which)
        for name in ("_first", "_hidden", "_observations", "_kernel", "residual"):
            setattr(self, name, getattr(self, name)[which])
        self._still = MovedWeights.of(self._first)


def _where(
    which: Mask, new: Array | MovedWeights | None, old: Array | MovedWeights | None
) -> Array | MovedWeights | None:
    if new is None or old is None:
        return new
    if isinstance(new, MovedWeights) and isinstance(old, MovedWeights):
        return new.where(which, old)
    fresh, stale = np.asarray(new), np.asarray(old)
    return np.where(which.reshape(-1, *[1] * (fresh.ndim - 1)), fresh, stale)


def _rows(which: Mask, part: Array | MovedWeights | None) -> Array | MovedWeights | None:
    if part is None:
        return None
    return part.kept(which) if isinstance(part, MovedWeights) else part[which]


def single_layers(
    network: TwoLayerNetwork, operator: Matrix, loss: BatchedLoss, observation: Array
) -> LayersForm:
    """Return the form of one network's flow: h alone, or h and AV, as its ``train`` says."""
    weights = np.asarray(operator @ network.output_weights)
    return LayersForm(
        network.activation, loss, weights[None], network.hidden[None], observation[None],
        network.input_norm.middle, operator, network.train,
    )  # fmt: skip
