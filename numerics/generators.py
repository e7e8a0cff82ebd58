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
import sympy as sp

from numerics.elementwise import Function, activation_functions, constant_bracket, enclosed_activation
from numerics.operators import eigenvalue_brackets, singular_brackets
from numerics.rounding import (
    EPS,
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

    A ``state`` is a flat array of the reduced coordinates' displacement from initialisation;
    the zero state is θ₀.
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

    def sigma_min_init(self) -> Bracket:
        """Return σ_min(J(θ₀))."""

    def jacobian_lipschitz(self) -> Bracket:
        """Return a one-point Lipschitz constant of the Jacobian at θ₀."""


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
        """Return (k/‖u‖²) J_W J_Wᵀ = Σ φ'(h_i)² V_iV_iᵀ with proved radii."""
        slopes = enclosed_activation(self.activation, self.enclosed_hidden(), 1)
        return gram(multiply(exactly(self.output_weights), slopes))

    def enclosed_value(self) -> Enclosed:
        """Return x(0) = g(u, θ₀) with proved radii."""
        phi = enclosed_activation(self.activation, self.enclosed_hidden(), 0)
        total = product(exactly(self.output_weights), phi)
        return multiply(total, _enclose(1 / sqrt(self.width)))

    def sigma_min_init(self) -> Bracket:
        """Return σ_min(J(θ₀)); zero when there are fewer parameters than outputs."""
        hidden_part = self._sigma_hidden()
        if self.train == "hidden":
            return hidden_part
        phi = norm(enclosed_activation(self.activation, self.enclosed_hidden(), 0))
        outer = phi.times(_inverse_root(self.width))
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
        return found.times(self.input_norm).times(_inverse_root(self.width))

    def jacobian_lipschitz(self) -> Bracket:
        """Return Λ: lipschitz_w for V fixed, lipschitz_vw_one_point for both layers.

        Raises
        ------
        ValueError
            If sup|φ'| or sup|φ''| of the activation is not known in closed form.
        """
        largest = self._largest_column()
        second = _constant(self.activation.B2, self.activation, "sup|φ''|")
        root = _inverse_root(self.width)
        square = self.input_norm.times(self.input_norm)
        if self.train == "hidden":
            return second.times(largest).times(square).times(root)
        first = _constant(self.activation.B1, self.activation, "sup|φ'|").times(self.input_norm)
        c = second.times(largest).times(square)
        inside = [c.times(c), first.times(first).times(Bracket(4.0, 4.0))]
        rooted = _plus(*inside).root()
        return _plus(c, rooted).times(Bracket(0.5, 0.5)).times(root)

    def _largest_column(self) -> Bracket:
        """max_i ‖V_i‖."""
        norms = np.sqrt(np.sum(self.output_weights**2, axis=0))
        longest = float(norms.max())
        slack = (self.outputs + 8) * EPS * longest + 1e-290
        return Bracket(max(longest - slack, 0.0), longest + slack)


def _plus(a: Bracket, b: Bracket) -> Bracket:
    return Bracket(down(a.lower + b.lower), up(a.upper + b.upper), a.rigorous and b.rigorous)


def _enclose(value: float) -> Enclosed:
    """Enclose a number computed with a few correctly rounded operations."""
    return Enclosed(np.float64(value) * np.ones(()), np.float64(8 * EPS * abs(value)) * np.ones(()))


def _inverse_root(width: int) -> Bracket:
    value = 1 / sqrt(width)
    return Bracket(down(down(value)), up(up(value)))


def _constant(value: sp.Expr | None, activation: Activation, what: str) -> Bracket:
    if value is None:
        raise ValueError(f"{what} of the activation {activation.name} is not known in closed form")
    return constant_bracket(value)


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

    def sigma_min_init(self) -> Bracket:
        """Return σ₀ itself."""
        return Bracket(self.sigma_0, self.sigma_0)

    def jacobian_lipschitz(self) -> Bracket:
        """Return Λ itself."""
        return Bracket(self.jacobian_lipschitz_constant, self.jacobian_lipschitz_constant)


def initial_residual(operator: Array, observation: Array, value: Enclosed) -> Enclosed:
    """Return r(0) = A x(0) − y with proved radii, from x(0)."""
    image = product(exactly(operator), value)
    return add(image, exactly(-observation))


def residual_norm(residual: Enclosed) -> Bracket:
    """Return ‖r‖ as a bracket."""
    return norm(residual)

