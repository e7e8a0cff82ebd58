"""An implicit integrator for wide networks, V fixed: Newton steps of low rank.

In the hidden values h the flow's Jacobian is a diagonal plus a matrix of rank m (the number of
measurements), so each linear system of the backward differentiation formulas is solved with an
m×m matrix (Woodbury) where a k×k one would be formed otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import linalg
from scipy.integrate import BDF
from scipy.sparse import csc_matrix

from numerics.elementwise import values
from numerics.generators import TwoLayerNetwork
from numerics.quantities import LossFunctions
from numerics.rounding import Array
from theory.activations import X, derivative_of

Speed = Callable[[float, Array], Array]


@dataclass(frozen=True, eq=False)
class LowRank:
    """diag(d) + PQᵀ on the hidden values, zero on the length, which nothing depends on."""

    diagonal: Array
    left: Array
    right: Array

    __array_ufunc__ = None  # so that NumPy scalars leave c * J to this class

    def __rmul__(self, factor: float) -> LowRank:
        return LowRank(factor * self.diagonal, factor * self.left, self.right)


class _Identity:
    """The identity, as the solver writes it: I − cJ."""

    def __sub__(self, scaled: LowRank) -> LowRank:
        return scaled


class _Shifted:
    """I − J factorised: (Δ − PQᵀ)⁻¹ = Δ⁻¹ + Δ⁻¹P(I − QᵀΔ⁻¹P)⁻¹QᵀΔ⁻¹ with Δ = 1 − d."""

    def __init__(self, scaled: LowRank) -> None:
        self.delta = 1 - scaled.diagonal
        self.left = scaled.left / self.delta[:, None]
        self.right = scaled.right
        self.small = linalg.lu_factor(np.eye(self.left.shape[1]) - self.right.T @ self.left)

    def solve(self, b: Array) -> Array:
        x = b[:-1] / self.delta
        correction = linalg.lu_solve(self.small, self.right.T @ x)
        return np.append(x + self.left @ correction, b[-1])


class LowRankBDF(BDF):
    """SciPy's BDF with the flow's structured Jacobian.

    Parameters
    ----------
    speed : callable
        Right-hand side, for the displacement of h followed by the length.
    network : TwoLayerNetwork
        The composition A∘g, with AV as its output weights.
    functions : LossFunctions
        The loss.
    observation : array, shape (m,)
        y.
    end, rtol, atol : float
        As for SciPy.
    """

    def __init__(
        self,
        speed: Speed,
        network: TwoLayerNetwork,
        functions: LossFunctions,
        observation: Array,
        end: float,
        rtol: float,
        atol: float,
    ) -> None:
        size = network.size + 1
        # A sparse placeholder keeps the base class from allocating a k×k identity.
        super().__init__(
            speed, 0.0, np.zeros(size), end, rtol=rtol, atol=atol, jac=csc_matrix((size, size))
        )
        self._network, self._functions, self._observation = network, functions, observation
        self._bend = derivative_of(network.activation.derivative)
        self.I: Any = _Identity()
        self.lu: Any = _Shifted
        self.solve_lu: Any = lambda factors, b: factors.solve(b)
        self.jac: Any = self._jacobian
        self.J: Any = self._jacobian(0.0, self.y)
        self.LU: Any = None

    def _jacobian(self, time: float, unknowns: Array) -> LowRank:
        self.njev += 1
        network, state = self._network, unknowns[:-1]
        h = network.hidden + state
        residual = network.value(state) - self._observation
        scale = 1 / np.sqrt(network.width)
        gain = -(network.input_norm.middle**2) * scale
        pull = self._functions.gradient(residual) @ network.output_weights
        moved = (network.output_weights * network.slope(h)).T
        hessian = self._functions.hessian(residual)
        diagonal = gain * values(self._bend, {X: h}) * pull
        return LowRank(diagonal, gain * scale * moved, moved @ hessian)
