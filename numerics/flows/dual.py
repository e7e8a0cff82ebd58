"""The dual form of a network with V fixed: m unknowns (THEORY section 6).

With ṡ = ∇L(y), s(0) = 0, every hidden value is h_i = F⁻¹(F(h_i(0)) − (‖u‖²/√k)(AV)_iᵀs), so s
is all that moves. One evaluation reads AV once: blocks of neurons small enough for the cache
are multiplied with s, moved, and multiplied into the output.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from numerics.flows.coordinates import Mask
from numerics.flows.exponential_step import MAX_ORDER, row_times
from numerics.flows.separation import Neurons, PlaceError, Separation, separation
from numerics.losses.batches import BatchedLoss
from numerics.operators import Matrix, dense
from numerics.rigorous.rounding import EPS, Array
from theory.activations import Activation

Index: TypeAlias = NDArray[np.intp]
BLOCK_ENTRIES = 524_288  # of AV: 4 MiB, which stays in the processor's cache
BLOCK_NEURONS = 10_240  # temporaries of 80 KiB stay in a core's


@dataclass(eq=False)
class _Block:
    """Some neurons (``part``) of some flows; AV has shape (N', m, k'), the others (N', k')."""

    flows: slice
    part: slice
    weights: Array
    hidden: Array
    start: Array
    neurons: Neurons


class DualForm:
    """N flows of networks of one width, in the coordinates s (see ``coordinates.Form``).

    Parameters
    ----------
    separation : Separation
        φ and F.
    loss : BatchedLoss
        L.
    weights : array, shape (N, m, k)
        AV of each network; kept by reference where it is one block.
    hidden : array, shape (N, k)
        h(0).
    observations : array, shape (N, m)
        y.
    input_norm : float
        ‖u‖.
    onto : array, shape (m, m), optional
        The projector on ran A where that is not R^m: only the part of s in ran A moves anything,
        and the other would grow without bound.
    """

    def __init__(
        self,
        separation: Separation,
        loss: BatchedLoss,
        weights: Array,
        hidden: Array,
        observations: Array,
        input_norm: float,
        onto: Array | None = None,
    ) -> None:
        self._onto = onto
        self._separation, self.loss, self._input_norm = separation, loss, input_norm
        self._observations = observations
        self._width = int(hidden.shape[1])
        self._scale = 1 / sqrt(self._width)
        self._gain = input_norm**2 * self._scale
        self._blocks = [
            self._block(flows, part, weights[flows, :, part], hidden[flows, part])
            for flows, part in _parts(*weights.shape)
        ]
        self._scratch = np.empty(max(block.weights.size for block in self._blocks))
        self._kernel = np.zeros((*observations.shape, observations.shape[1]))
        self.residual = np.zeros_like(observations)

    def _block(self, flows: slice, part: slice, weights: Array, hidden: Array) -> _Block:
        neurons = self._separation.at(hidden)
        if weights.strides[-1] != weights.itemsize:
            weights = np.ascontiguousarray(weights)
        return _Block(flows, part, weights, hidden, neurons.place, neurons)

    max_order = MAX_ORDER

    def start(self) -> Array:
        """Return s(0) = 0, shape (N, m)."""
        return np.zeros_like(self._observations)

    def speed(self, point: Array) -> Array:
        """Return ṡ = ∇L(y), shape (N, m)."""
        output = np.zeros(point.shape)
        for block in self._blocks:
            block.neurons = self._separation.moved(block.neurons, self._places(block, point))
            output[block.flows] += (block.weights @ block.neurons.value[:, :, None])[:, :, 0]
        self.residual = self._scale * output - self._observations
        gradient = self.loss.gradient(self.residual)
        return gradient if self._onto is None else gradient @ self._onto

    def linearize(self, which: Mask) -> Array:
        """Return the tangent kernels, computed anew for the flows selected."""
        self._kernel = np.where(which[:, None, None], 0.0, self._kernel)
        for block in self._blocks:
            selected = which[block.flows]
            if selected.all():
                moved = self._scratch[: block.weights.size].reshape(block.weights.shape)
                np.multiply(block.weights, block.neurons.slope[:, None, :], out=moved)
            elif selected.any():
                moved = block.weights[selected] * block.neurons.slope[selected][:, None, :]
            else:
                continue
            square = self._gain * self._scale * (moved @ moved.transpose(0, 2, 1))
            self._kernel[block.flows][selected] += square
        return self._kernel

    def outputs(self, speed: Array) -> Array:
        """Return −K·speed: y moves against s."""
        return -(self._kernel @ speed[:, :, None])[:, :, 0]

    def difference(self, point: Array, base: Array) -> Array:
        """Return −K(point − base)."""
        return self.outputs(point - base)

    def combined(self, base: Array, weights: Array, speeds: list[Array], forces: Array) -> Array:
        """Return base + Σ weights_j speeds_j − forces (here G = −1)."""
        if not speeds:
            return base - forces
        moved = row_times(weights, np.array(speeds).transpose(1, 0, 2))
        return np.asarray(base + moved - forces)

    def chosen(self, which: Mask, new: Array, old: Array) -> Array:
        """Return ``new`` for the flows selected by a mask, ``old`` for the others."""
        return np.where(which[:, None], new, old)

    def kept(self, which: Mask, item: Array) -> Array:
        """Return the rows of the flows selected."""
        return item[which]

    def keep(self, which: Mask) -> None:
        """Forget the flows that are not selected."""
        places = np.concatenate([[0], np.cumsum(which)])
        for block in self._blocks:
            rows = which[block.flows]
            if not rows.all():
                block.weights, block.hidden = block.weights[rows], block.hidden[rows]
                block.start = block.start[rows]
                block.neurons = block.neurons.kept(rows)
            first, last = places[[block.flows.start, block.flows.stop]].tolist()
            block.flows = slice(first, last)
        self._blocks = [block for block in self._blocks if len(block.weights)]
        self._observations, self._kernel = self._observations[which], self._kernel[which]
        self.residual = self.residual[which]

    def packed(self, point: Array) -> Array:
        """Return the point of a single flow as a vector."""
        return np.asarray(point[0])

    packed_speed = packed

    def unpacked(self, vector: Array) -> Array:
        """Return the point that a vector stands for."""
        return vector[None]

    def parameter_speeds(self, speed: Array) -> Array:
        """Return ‖θ̇‖ = (‖u‖/√k)‖φ'(h)∘(AV)ᵀ∇L‖ at the last evaluation, shape (N,)."""
        total = np.zeros(len(speed))
        for block in self._blocks:
            pull = row_times(speed[block.flows], block.weights)
            total[block.flows] += np.sum((block.neurons.slope * pull) ** 2, axis=1)
        return np.sqrt(self._gain * self._scale * total)

    def magnitudes(self) -> Array:
        """Return how large the terms of the residual are, shape (N,): rounding is eps times it."""
        total = np.abs(self._observations)
        for block in self._blocks:
            terms = np.abs(block.weights) @ np.abs(block.neurons.value)[:, :, None]
            total[block.flows] += self._scale * terms[:, :, 0]
        return np.linalg.norm(total, axis=1)

    def displacement(self, point: Array, which: Mask) -> Array:
        """Return h − h(0) of the flows selected at a point, shape (N', k)."""
        found = np.empty((int(which.sum()), self._width))
        rows = np.cumsum(which) - 1
        for block in self._blocks:
            chosen = which[block.flows]
            if not chosen.any():
                continue
            places = self._places(block, point)[chosen]
            neurons = self._separation.moved(block.neurons.kept(chosen), places)
            hidden = self._separation.hidden(neurons)
            moved = np.where(places == block.start[chosen], 0.0, hidden - block.hidden[chosen])
            found[rows[block.flows][chosen], block.part] = moved
        return found

    def parameter_norms(self, point: Array, which: Mask) -> Array:
        """Return ‖θ − θ₀‖ = ‖h − h(0)‖/‖u‖ of the flows selected at a point, shape (N',)."""
        return np.linalg.norm(self.displacement(point, which), axis=1) / self._input_norm

    def _places(self, block: _Block, point: Array) -> Array:
        places = row_times(-self._gain * point[block.flows], block.weights)
        places += block.start
        return places


def dual_form(
    activation: Activation,
    loss: BatchedLoss,
    weights: Array,
    hidden: Array,
    observations: Array,
    input_norm: float,
    operator: Matrix,
) -> DualForm | None:
    """Return the dual form of N networks, or None where there is none.

    There is none where F is not known in closed form, or overflows at some h(0).
    """
    kind = separation(activation)
    if kind is None:
        return None
    try:
        onto = range_projector(operator)
        return DualForm(kind, loss, weights, hidden, observations, input_norm, onto)
    except PlaceError:
        return None


def range_projector(operator: Matrix) -> Array | None:
    """Return the orthogonal projector on the range of A; None if that is R^m, up to rounding."""
    left, values, _ = np.linalg.svd(dense(operator), full_matrices=False)
    cut = max(operator.shape) * EPS * values[0]
    rank = int(np.sum(values > cut))
    return None if rank == operator.shape[0] else left[:, :rank] @ left[:, :rank].T


def _parts(flows: int, outputs: int, width: int) -> Iterator[tuple[slice, slice]]:
    """Cut N networks into blocks: whole networks where they are small, else parts of one."""
    neurons = max(1, min(BLOCK_NEURONS, BLOCK_ENTRIES // outputs))
    together = max(1, neurons // width)
    for first in range(0, flows, together):
        rows = slice(first, min(first + together, flows))
        pieces = -(-width // neurons)
        size = -(-width // pieces)
        for start in range(0, width, size):
            yield rows, slice(start, min(start + size, width))
