"""What an integrator needs to know about the coordinates of a flow.

A flow ẋ = f(x), f(x) = −G(x)∇L(y(x)), in coordinates x of its own: the m dual unknowns (``dual``),
the hidden values, or these and AV (``layers``). Y is the derivative of x ↦ y, and K = YG.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from numerics.losses.batches import BatchedLoss
from numerics.rigorous.rounding import Array

Mask: TypeAlias = NDArray[np.bool_]


class Form(Protocol):
    """Coordinates x of N flows with m outputs each; points x and speeds f(x) are opaque here."""

    loss: BatchedLoss
    """L, whose second derivative is H."""
    residual: Array
    """y(x) − y of the last evaluation, shape (N, m)."""
    max_order: int
    """The highest order at which exponential steps stay long where A is badly conditioned."""

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

    def linearize(self, which: Mask) -> Array:
        """Freeze Y, G at the last evaluation for the flows selected; return K of all."""

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

    def packed(self, point: Any) -> Array:
        """Return the point of a single flow as a vector."""

    def packed_speed(self, speed: Any) -> Array:
        """Return the speed of a single flow as a vector."""

    def unpacked(self, vector: Array) -> Any:
        """Return the point that a vector stands for."""
