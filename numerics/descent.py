"""Gradient descent θ ← θ − γ∇f(θ), f = L(A g(u, ·)), in reduced form (THEORY section 9).

A descent step moves W by a multiple of a vector times uᵀ and V by one of rank one, so the
reductions of the flow are exact for descent too: h is followed instead of W, and AV beside V.
The step size comes from a Lipschitz constant L_f of ∇f, in both of its forms.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, sqrt
from typing import Literal

import numpy as np

from numerics.errors import ProblemError
from numerics.generators import Generator, TwoLayerNetwork
from numerics.losses.smoothness import (
    Domain,
    desingularizer_concave,
    gradient_lipschitz,
    smoothness,
    upper,
)
from numerics.operators import Matrix, eigenvalue_brackets, spectrum
from numerics.problems import Problem
from numerics.quantities import (
    LossFunctions,
    initial_misfit,
    initial_residual,
    observables,
    require_generator,
)
from numerics.rigorous.rounding import Array, norm, up
from theory.losses import W

Status = Literal["complete", "settled", "diverged"]


@dataclass(frozen=True)
class StepSize:
    """A step size with what it rests on.

    Parameters
    ----------
    step : float
        γ = 1/L_f, so that β = 1 − γL_f/2 = 1/2.
    gradient_lipschitz : float
        L_f: a Lipschitz constant of ∇f on the ball of radius ``radius`` around θ₀, for
        "sublevel" on its part where f ≤ f(θ₀).
    radius : float
        ρ, at least the length of the path wherever ``guaranteed``.
    conditioning_ratio : float
        q_γ = q/β.
    domain : {"sublevel", "ball"}
        Which form of L_f.
    guaranteed : bool
        Whether q_γ < 1/2 and ψ is concave up to L(y(0)): then descent_finite_length applies.
    """

    step: float
    gradient_lipschitz: float
    radius: float
    conditioning_ratio: float
    domain: Domain
    guaranteed: bool


@dataclass(frozen=True, eq=False)
class Descent:
    """The iterates of gradient descent, at every ``stride``-th iteration and at the last.

    Parameters
    ----------
    iterations : array of int, shape (N,)
        From 0 on.
    loss, residual, misfit, travel, length, sigma_min : arrays, shape (N,)
        As for ``flow.Trajectory``; the length is Σ‖θ_{τ+1} − θ_τ‖.
    step : float
        γ.
    status : {"complete", "settled", "diverged"}
        Whether all iterations were made, or w fell below its floor before, or the loss is no
        longer a number.
    final_state : array
        The generator's state at the end.
    """

    iterations: Array
    loss: Array
    residual: Array
    misfit: Array
    travel: Array
    length: Array
    sigma_min: Array
    step: float
    status: Status
    final_state: Array


def step_size(problem: Problem, domain: Domain = "sublevel") -> StepSize:
    """Return a step size for a problem.

    ρ is the radius ρ*_γ of the guarantee where that exists, else σ₀/Λ.

    Raises
    ------
    ProblemError
        If the loss's gradient is not Lipschitz, or not known to be, J(θ₀) has not full row rank,
        or the activation's constants are not enclosed.
    """
    loss = smoothness(problem.loss, problem.measurements)
    if loss is None:
        raise ProblemError(
            f"no step size is derived for the loss {problem.loss.label}, whose gradient has no "
            "Lipschitz constant that is known; give one"
        )
    generator = require_generator(problem)
    sigma_0 = generator.sigma_min_init().lower
    if sigma_0 <= 0:
        raise ProblemError("J(θ₀) may not have full row rank: no radius, hence no step size")
    try:
        one_point = generator.jacobian_lipschitz().upper
    except ValueError as unknown:
        raise ProblemError(f"no step size: {unknown}") from unknown
    operator, misfit = spectrum(problem.operator), initial_misfit(problem).upper
    jacobian_norm = eigenvalue_brackets(generator.enclosed_gram())[0].root().upper
    sigma = operator.sigma_A.lower * sigma_0
    ratio = up(up(one_point * misfit) / (sigma * sigma_0)) if sigma > 0 else inf
    doubled = 2 * ratio  # β = 1/2
    radius = _radius(sigma_0, one_point, misfit, sigma, doubled)
    lipschitz = two_point_lipschitz(generator, radius)
    start = initial_residual(problem)
    size = upper(loss.size, W, misfit) if domain == "sublevel" else norm(start).upper
    found = gradient_lipschitz(
        operator.norm.upper, jacobian_norm, lipschitz, radius, size, domain, loss
    )
    concave = desingularizer_concave(problem.loss, misfit)
    return StepSize(1 / up(found), found, radius, doubled, domain, concave and doubled < 0.5)


def _radius(sigma_0: float, one_point: float, misfit: float, sigma: float, ratio: float) -> float:
    """ρ*_γ = 2w₀/(βσ_Aσ₀(1 + √(1 − 2q_γ))), the form that is fine at Λ = 0; or σ₀/Λ."""
    if ratio < 0.5:
        return up(4 * misfit / (sigma * (1 + sqrt(1 - 2 * ratio))) * (1 + 1e-12))
    return up(sigma_0 / one_point)


def two_point_lipschitz(generator: Generator, radius: float) -> float:
    """Return a Lipschitz constant of J on the ball of this radius around θ₀.

    V fixed: the one-point constant is global. Both layers (lipschitz_vw): the formula of the
    one-point constant with max_i‖V_i(0)‖ + ρ in place of max_i‖V_i(0)‖.
    """
    if not isinstance(generator, TwoLayerNetwork) or generator.train == "hidden":
        return generator.jacobian_lipschitz().upper
    longest = up(float(np.linalg.norm(generator.output_weights, axis=0).max()) * (1 + 1e-12))
    grown = np.full((1, generator.width), up(longest + radius))
    return replace(generator, output_weights=grown).jacobian_lipschitz().upper


def descend(
    problem: Problem,
    iterations: int,
    step: float | None = None,
    *,
    floor: float = 1e-6,
    stride: int = 1,
) -> Descent:
    """Run gradient descent from the problem's initialisation.

    Parameters
    ----------
    problem : Problem
        With a generator.
    iterations : int
        How many steps at most.
    step : float, optional
        γ; by default that of ``step_size``.
    floor : float
        Descent stops when w has fallen to this share of w₀.
    stride : int
        Observables are recorded at every ``stride``-th iteration.

    Raises
    ------
    ProblemError
        If an argument is out of range, or ``step_size`` finds none.
    """
    if iterations < 0 or stride < 1 or not 0 <= floor < 1:
        raise ProblemError("iterations ≥ 0, stride ≥ 1 and 0 ≤ floor < 1 are needed")
    gamma = step_size(problem).step if step is None else float(step)
    if not (np.isfinite(gamma) and gamma > 0):
        raise ProblemError(f"step = {gamma} has to be a positive number")
    return _Run(problem, gamma, floor).go(iterations, stride)


class _Run:
    """Descent in the generator's coordinates, which are reduced; with AV for V where V is fixed."""

    def __init__(self, problem: Problem, step: float, floor: float) -> None:
        self.problem, self.step = problem, step
        self.generator = require_generator(problem)
        self.functions = LossFunctions(problem.loss, problem.measurements)
        self.moving: Generator = self.generator
        self.operator: Matrix | None = problem.operator
        if isinstance(self.generator, TwoLayerNetwork) and self.generator.train == "hidden":
            weights = np.ascontiguousarray(problem.operator @ self.generator.output_weights)
            self.moving = replace(self.generator, output_weights=weights)
            self.operator = None
        self.state = np.zeros(self.generator.size)
        self.length = 0.0
        self.rows: list[tuple[float, ...]] = []
        self.stop = floor * self.functions.misfit(self.residual())

    def residual(self) -> Array:
        value = self.moving.value(self.state)
        outputs = value if self.operator is None else self.operator @ value
        return np.asarray(outputs - self.problem.observation)

    def go(self, iterations: int, stride: int) -> Descent:
        status: Status = "complete"
        done = 0
        for done in range(iterations + 1):
            residual = self.residual()
            misfit = self.functions.misfit(residual)
            if not np.isfinite(misfit):
                status = "diverged"
                break
            settled = misfit <= self.stop
            if settled or done % stride == 0 or done == iterations:
                self._record(done)
            if settled:
                status = "settled"
                break
            if done < iterations:
                self._move(residual)
        return self._finished(status)

    def _move(self, residual: Array) -> None:
        pull = self.functions.gradient(residual)
        if self.operator is not None:
            pull = self.operator.T @ pull
        move = self.step * self.moving.velocity(self.state, pull)
        self.length += self.generator.parameter_norm(move)
        self.state = self.state + move

    def _record(self, iteration: int) -> None:
        at = observables(self.problem, self.functions, self.state)
        row = {"iterations": iteration, "length": self.length, **at}
        self.rows.append(tuple(row[name] for name in _FIELDS))

    def _finished(self, status: Status) -> Descent:
        columns = dict(zip(_FIELDS, np.array(self.rows).T, strict=True))
        return Descent(**columns, step=self.step, status=status, final_state=self.state)


_FIELDS = ("iterations", "loss", "residual", "misfit", "travel", "length", "sigma_min")
