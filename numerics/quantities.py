"""Measured quantities, each computed from primitives (A, y, θ), never from a bound.

``LossFunctions`` is a loss on arrays; ``initial_*`` are brackets at θ₀, rigorous where the data
allow it; the others are plain floats along a trajectory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, ctx
from sympy import Expr, Integer, Symbol

from numerics.elementwise import enclosed_values, values
from numerics.errors import ProblemError
from numerics.generators import Generator
from numerics.losses.poisson import PoissonTerms
from numerics.operators import apply_enclosed, eigenvalue_brackets
from numerics.problems import Problem
from numerics.rigorous.programs import Program
from numerics.rigorous.ranges import Range
from numerics.rigorous.rounding import (
    Array,
    Bracket,
    Enclosed,
    down,
    exactly,
    inflation,
    norm,
    subtract,
    symmetrized,
    up,
)
from theory.losses import Loss, M, S, W

Scalar = Callable[[Any], Any]

_PRECISION = 256  # ρ and ψ nearly cancel at small residuals, and ψ takes a root of what is left


def _log_cosh(s: Array) -> Array:
    size = np.abs(s)
    small = np.log1p(2 * np.sinh(np.minimum(size, 10.0) / 2) ** 2)
    return np.where(size < 10, small, size - np.log(2) + np.log1p(np.exp(-2 * size)))


def _log_cosh_inverse(v: float) -> float:
    return float(np.arcsinh(np.sqrt(np.expm1(2 * v)))) if v < 300 else v + float(np.log(2))


def _stable(loss: Loss) -> tuple[Scalar, Scalar] | None:
    """Return (ρ, ρ⁻¹) in a form that keeps small arguments accurate, where SymPy's does not."""
    if loss.name == "log_cosh":
        return _log_cosh, _log_cosh_inverse
    if loss.name == "cauchy":
        return (lambda s: np.log1p(s**2) / 2), (lambda v: np.sqrt(np.expm1(2 * v)))
    if loss.name == "pseudo_huber":
        d2 = float(loss.parameters["delta"]) ** 2
        return (
            lambda s: s**2 / (1 + np.sqrt(1 + s**2 / d2)),
            lambda v: np.sqrt(v * (2 + v / d2)),
        )
    return None


class LossFunctions:
    """A loss as functions of the residual r = v − y, an array of shape (m,).

    Parameters
    ----------
    loss : Loss
        The loss.
    measurements : int
        The number m of measurements, which a separable loss's ψ may contain.
    """

    def __init__(self, loss: Loss, measurements: int) -> None:
        self.loss = loss
        self.measurements = measurements
        self._forms = _stable(loss)
        self._poisson = PoissonTerms(loss.data) if loss.kind == "poisson" else None

    def _at_m(self, expression: Expr) -> Expr:
        return expression.xreplace({M: Integer(self.measurements)})

    @cached_property
    def _slope(self) -> Expr:
        return self.loss.rho_derivative

    @cached_property
    def _kappa(self) -> Expr:
        return self._at_m(self.loss.kappa)

    @cached_property
    def _psi(self) -> Expr:
        return self._at_m(self.loss.desingularizer)

    def rho(self, s: Array) -> Array:
        """Return ρ, entry by entry."""
        return self._forms[0](s) if self._forms else values(self.loss.rho, {S: s})

    def value(self, residual: Array) -> float:
        """Return L."""
        if self._poisson:
            return self._poisson.value(residual)
        if self.loss.kind == "radial":
            return float(self.rho(np.array([np.linalg.norm(residual)]))[0])
        return float(np.sum(self.rho(residual)))

    def gradient(self, residual: Array) -> Array:
        """Return ∇L, shape (m,)."""
        if self._poisson:
            return self._poisson.gradient(residual)
        if self.loss.kind == "separable":
            return np.sign(residual) * values(self._slope, {S: np.abs(residual)})
        if self.loss.name == "squared":
            return residual
        length = float(np.linalg.norm(residual))
        if length == 0:
            return np.zeros_like(residual)
        return residual / length * values(self._slope, {S: np.array([length])})[0]

    def hessian(self, residual: Array) -> Array:
        """Return ∇²L, shape (m, m), by central differences: for integrators, not for bounds."""
        if self.loss.name == "squared":
            return np.eye(residual.size)
        if self._poisson:
            return self._poisson.hessian(residual)
        step = 1e-6 * max(float(np.linalg.norm(residual)), 1e-100)
        columns = [
            (self.gradient(residual + step * unit) - self.gradient(residual - step * unit))
            for unit in np.eye(residual.size)
        ]
        return np.array(columns).T / (2 * step)

    def misfit(self, residual: Array) -> float:
        """Return w = ψ(L): ‖r‖ for a radial loss."""
        if self.loss.kind == "radial":
            return float(np.linalg.norm(residual))
        return self.desingularize(self.value(residual))

    def desingularize(self, loss_value: float) -> float:
        """Return ψ of a loss value."""
        if self._poisson:
            return self._poisson.desingularize(loss_value)
        if self._forms:
            return float(self._forms[1](loss_value))
        return float(values(self._psi, {S: np.array([loss_value])})[0])

    def kappa(self, misfit: float) -> float:
        """Return κ(w) = (ψ⁻¹)'(w)."""
        return float(values(self._kappa, {W: np.array([misfit])})[0])

    def misfit_bracket(self, residual: Enclosed) -> Bracket:
        """Return ψ(L) as a bracket, from an enclosed residual."""
        if self.loss.kind == "radial":
            return norm(residual)
        level = self._level(residual)
        lower = _at_point(self._psi, S, max(level.lower, 0.0)).lower
        return Bracket(max(lower, 0.0), _at_point(self._psi, S, level.upper).upper)

    def _level(self, residual: Enclosed) -> Bracket:
        """Return L as a bracket."""
        if self._poisson:
            return self._poisson.bracket(residual)
        low, high = (self._total(size) for size in (residual.mignitude(), residual.magnitude()))
        return Bracket(low.lower, high.upper)

    def _total(self, sizes: Array) -> Bracket:
        """Σ ρ(s_i), which is monotone in the sizes s_i ≥ 0."""
        terms = enclosed_values(self.loss.rho, S, exactly(sizes), _PRECISION)
        slack = inflation(terms.mid.size)
        low = float(np.sum(np.maximum(terms.mid - terms.rad, 0.0))) / slack
        return Bracket(down(low), up(float(np.sum(terms.mid + terms.rad)) * slack))


def _at_point(expression: Expr, variable: Symbol, point: float) -> Bracket:
    with ctx.workprec(_PRECISION):
        found = Program(expression, (variable,)).run([Range(arb(point), arb(point))], partial=True)
        low, high = float(found.lower), float(found.upper)
    if not (np.isfinite(low) and np.isfinite(high)):
        return Bracket(0.0, float("inf"))
    return Bracket(down(low), up(high))


def require_generator(problem: Problem) -> Generator:
    """Return the problem's generator.

    Raises
    ------
    ProblemError
        If the problem only asserts measured quantities.
    """
    if problem.generator is None:
        raise ProblemError("[measured] gives no network; this needs a table [network]")
    return problem.generator


def initial_residual(problem: Problem) -> Enclosed:
    """Return r(0) = A x(0) − y with proved radii."""
    start = require_generator(problem).enclosed_value()
    return subtract(apply_enclosed(problem.operator, start), exactly(problem.observation))


def initial_misfit(problem: Problem) -> Bracket:
    """Return w₀ = ψ(L(y(0)))."""
    functions = LossFunctions(problem.loss, problem.measurements)
    return functions.misfit_bracket(initial_residual(problem))


def output_gram_bracket(problem: Problem, rank: int) -> Bracket:
    """Return √λ_r(A J Jᵀ Aᵀ) at θ₀, λ_r the r-th *largest* eigenvalue (flow_sharp_aj)."""
    half = apply_enclosed(problem.operator, require_generator(problem).enclosed_gram())
    square = apply_enclosed(problem.operator, half.transposed)
    return eigenvalue_brackets(symmetrized(square))[rank - 1].root()


def sigma_min(gram: Array) -> float:
    """Return √λ_min of a Gram matrix, a float."""
    return float(np.sqrt(max(float(np.linalg.eigvalsh(gram)[0]), 0.0)))


def observables(problem: Problem, functions: LossFunctions, state: Array) -> Mapping[str, float]:
    """Return the measured quantities at a state of the generator.

    ``loss`` L(y), ``residual`` ‖y(t) − y‖, ``misfit`` ψ(L), ``travel`` ‖θ − θ₀‖
    (THEORY section 6, distance_preserved) and ``sigma_min`` σ_min(J(θ)).
    """
    generator = require_generator(problem)
    residual = problem.operator @ generator.value(state) - problem.observation
    return {
        "loss": functions.value(residual),
        "residual": float(np.linalg.norm(residual)),
        "misfit": functions.misfit(residual),
        "travel": generator.parameter_norm(state),
        "sigma_min": sigma_min(generator.jacobian_gram(state)),
    }
