"""Generators θ ↦ g(u, θ): the two-layer network of THEORY section 6 and the extremal one.

A generator is written in the coordinates of its exact reduction: for the network the hidden
values h = Wu instead of W, which moves along rank-one directions only. The n×kd Jacobian is
never formed; ``sigma_min_init`` comes from an n×n Gram matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Literal, Protocol

import numpy as np

from numerics.elementwise import (
    Function,
    activation_functions,
    enclosed_activation,
)
from numerics.lipschitz import inverse, inverse_root, one_point_lipschitz
from numerics.operators import (
    Matrix,
    apply_enclosed,
    eigenvalue_brackets,
    singular_brackets,
)
from numerics.rigorous.rounding import (
    Array,
    Bracket,
    Enclosed,
    add,
    down,
    exactly,
    gram,
    multiply,
    norm,
    product,
    up,
)
from theory.activations import Activation

Train = Literal["hidden", "both"]


class Generator(Protocol):
    """What a flow and a certificate ask of a generator.

    A ``state`` is the flat displacement of the reduced coordinates; the zero state is θ₀.
    """

    @property
    def outputs(self) -> int:
        """The number n of outputs."""

    @property
    def size(self) -> int:
        """The number of reduced coordinates."""

    def value(self, state: Array) -> Array:
        """Return g(u, θ), shape (n,)."""

    def velocity(self, state: Array, pull: Array) -> Array:
        """Return −J(θ)ᵀ pull in reduced coordinates; pull has shape (n,)."""

    def jacobian_gram(self, state: Array) -> Array:
        """Return J(θ)J(θ)ᵀ, shape (n, n)."""

    def parameter_norm(self, direction: Array) -> float:
        """Return the Euclidean norm, in parameter space, of a direction in reduced coordinates."""

    def enclosed_value(self) -> Enclosed:
        """Return x(0) = g(u, θ₀) with proved radii."""

    def enclosed_gram(self) -> Enclosed:
        """Return J(θ₀)J(θ₀)ᵀ with proved radii."""

    def sigma_min_init(self) -> Bracket:
        """Return σ_min(J(θ₀))."""

    def jacobian_lipschitz(self) -> Bracket:
        """Return a one-point Lipschitz constant of the Jacobian at θ₀."""

    def output_lipschitz(self, operator: Matrix, operator_norm: Bracket) -> Bracket:
        """Return a one-point Lipschitz constant of AJ at θ₀."""


@dataclass(frozen=True)
class TwoLayerNetwork:
    """g(u, θ) = k^{−1/2} V φ(Wu).

    Parameters
    ----------
    activation : Activation
        φ.
    output_weights : array, shape (n, k)
        V(0).
    hidden : array, shape (k,)
        h = W(0)u.
    hidden_error : array, shape (k,)
        A bound of the rounding error in ``hidden``; zero if h itself is the data.
    input_norm : Bracket
        ‖u‖.
    train : {"hidden", "both"}
        Which layers move: W only (V fixed), or W and V.
    """

    activation: Activation
    output_weights: Array
    hidden: Array
    hidden_error: Array
    input_norm: Bracket
    train: Train = "hidden"

    @property
    def outputs(self) -> int:
        """The number n of outputs."""
        return int(self.output_weights.shape[0])

    @property
    def width(self) -> int:
        """The number k of hidden neurons."""
        return int(self.output_weights.shape[1])

    @property
    def size(self) -> int:
        """The number of reduced coordinates: k, or k + nk when both layers are trained."""
        return self.width * (1 + self.outputs) if self.train == "both" else self.width

    @cached_property
    def _functions(self) -> tuple[Function, Function]:
        return activation_functions(self.activation)

    def slope(self, hidden: Array) -> Array:
        """Return φ' at hidden values."""
        return self._functions[1](hidden)

    def _layers(self, state: Array) -> tuple[Array, Array]:
        """Return (h, V) at a state."""
        if self.train == "hidden":
            return self.hidden + state, self.output_weights
        moved = state[self.width :].reshape(self.outputs, self.width)
        return self.hidden + state[: self.width], self.output_weights + moved

    def value(self, state: Array) -> Array:
        """Return g(u, θ), shape (n,)."""
        hidden, weights = self._layers(state)
        return weights @ self._functions[0](hidden) / sqrt(self.width)

    def velocity(self, state: Array, pull: Array) -> Array:
        """Return the reduced coordinates' speed under θ̇ = −J(θ)ᵀ pull."""
        hidden, weights = self._layers(state)
        phi, slope = self._functions
        scale = 1 / sqrt(self.width)
        h_dot = -(self.input_norm.middle**2) * scale * slope(hidden) * (pull @ weights)
        if self.train == "hidden":
            return h_dot
        v_dot = -scale * np.outer(pull, phi(hidden))
        return np.concatenate([h_dot, v_dot.ravel()])

    def jacobian_gram(self, state: Array) -> Array:
        """Return JJᵀ, shape (n, n): J_WJ_Wᵀ, plus J_VJ_Vᵀ when both layers are trained."""
        hidden, weights = self._layers(state)
        phi, slope = self._functions
        moved = weights * slope(hidden)
        square = self.input_norm.middle**2 / self.width * (moved @ moved.T)
        if self.train == "both":
            square += np.eye(self.outputs) * (np.sum(phi(hidden) ** 2) / self.width)
        return square

    def parameter_norm(self, direction: Array) -> float:
        """Return √(‖Δh‖²/‖u‖² + ‖ΔV‖_F²) (THEORY section 6, distance_preserved)."""
        first = float(np.linalg.norm(direction[: self.width])) / self.input_norm.middle
        return float(np.hypot(first, np.linalg.norm(direction[self.width :])))

    def enclosed_hidden(self) -> Enclosed:
        """Return h = W(0)u with its rounding error."""
        return Enclosed(self.hidden, self.hidden_error)

    def enclosed_gram(self) -> Enclosed:
        """Return J(θ₀)J(θ₀)ᵀ with proved radii."""
        slopes = enclosed_activation(self.activation, self.enclosed_hidden(), 1)
        factor = self.input_norm.times(self.input_norm).times(inverse(self.width))
        square = multiply(gram(multiply(exactly(self.output_weights), slopes)), factor.enclosed())
        if self.train == "hidden":
            return square
        phi = norm(enclosed_activation(self.activation, self.enclosed_hidden(), 0))
        outer = phi.times(phi).times(inverse(self.width)).enclosed()
        return add(square, multiply(exactly(np.eye(self.outputs)), outer))

    def enclosed_value(self) -> Enclosed:
        """Return x(0) = g(u, θ₀) with proved radii."""
        phi = enclosed_activation(self.activation, self.enclosed_hidden(), 0)
        total = product(exactly(self.output_weights), phi)
        return multiply(total, inverse_root(self.width).enclosed())

    def sigma_min_init(self) -> Bracket:
        """Return σ_min(J(θ₀)); zero when there are fewer parameters than outputs."""
        hidden_part = self._sigma_hidden()
        if self.train == "hidden":
            return hidden_part
        phi = norm(enclosed_activation(self.activation, self.enclosed_hidden(), 0))
        outer = phi.times(inverse_root(self.width))
        low = down(down(hidden_part.lower**2) + down(outer.lower**2))
        high = up(up(hidden_part.upper**2) + up(outer.upper**2))
        return Bracket(low, high, hidden_part.rigorous).root()

    def _sigma_hidden(self) -> Bracket:
        """σ_min(J_W) = (‖u‖/√k) σ_min(V diag φ'(h))."""
        if self.width < self.outputs:
            return Bracket(0.0, 0.0)
        slopes = enclosed_activation(self.activation, self.enclosed_hidden(), 1)
        scaled = multiply(exactly(self.output_weights), slopes)
        found = eigenvalue_brackets(gram(scaled))[-1].root()
        if found.upper - found.lower > 1e-6 * found.upper:
            # Squaring loses half of the digits: take the singular values themselves.
            found = singular_brackets(scaled)[self.outputs - 1]
        return found.times(self.input_norm).times(inverse_root(self.width))

    def jacobian_lipschitz(self) -> Bracket:
        """Return Λ: lipschitz_w for V fixed, lipschitz_vw_one_point for both layers.

        Raises
        ------
        ValueError
            If sup|φ'| or sup|φ''| of the activation is infinite, or not enclosed.
        """
        return self._lipschitz(exactly(self.output_weights), Bracket(1.0, 1.0))

    def output_lipschitz(self, operator: Matrix, operator_norm: Bracket) -> Bracket:
        """Return a one-point Lipschitz constant of AJ: with ‖AV_i‖ in place of ‖V_i‖."""
        return self._lipschitz(
            apply_enclosed(operator, exactly(self.output_weights)), operator_norm
        )

    def _lipschitz(self, columns: Enclosed, gain: Bracket) -> Bracket:
        both = self.train == "both"
        return one_point_lipschitz(self.activation, columns, self.input_norm, gain, both)


@dataclass(frozen=True)
class ScalarExtremal:
    """g(θ) = σ₀θ − Λθ²/2 with θ₀ = 0 and one output: where flow_sharp is attained.

    Parameters
    ----------
    sigma_0, jacobian_lipschitz_constant : float
        σ₀ > 0 and Λ ≥ 0.
    """

    sigma_0: float
    jacobian_lipschitz_constant: float

    @property
    def outputs(self) -> int:
        """One output."""
        return 1

    @property
    def size(self) -> int:
        """One parameter."""
        return 1

    def value(self, state: Array) -> Array:
        """Return σ₀θ − Λθ²/2."""
        return self.sigma_0 * state - self.jacobian_lipschitz_constant * state**2 / 2

    def velocity(self, state: Array, pull: Array) -> Array:
        """Return −(σ₀ − Λθ) pull."""
        return -(self.sigma_0 - self.jacobian_lipschitz_constant * state) * pull

    def jacobian_gram(self, state: Array) -> Array:
        """Return (σ₀ − Λθ)² as a 1×1 matrix."""
        return ((self.sigma_0 - self.jacobian_lipschitz_constant * state) ** 2).reshape(1, 1)

    def parameter_norm(self, direction: Array) -> float:
        """Return |direction|."""
        return abs(float(direction[0]))

    def enclosed_value(self) -> Enclosed:
        """Return g(0) = 0."""
        return exactly(np.zeros(1))

    def enclosed_gram(self) -> Enclosed:
        """Return σ₀² as a 1×1 matrix."""
        sigma = exactly(np.full((1, 1), self.sigma_0))
        return multiply(sigma, sigma)

    def sigma_min_init(self) -> Bracket:
        """Return σ₀ itself."""
        return Bracket(self.sigma_0, self.sigma_0)

    def jacobian_lipschitz(self) -> Bracket:
        """Return Λ itself."""
        return Bracket(self.jacobian_lipschitz_constant, self.jacobian_lipschitz_constant)

    def output_lipschitz(self, operator: Matrix, operator_norm: Bracket) -> Bracket:
        """Return ‖A‖Λ, A being a single column."""
        return operator_norm.times(self.jacobian_lipschitz())
