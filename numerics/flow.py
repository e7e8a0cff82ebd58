"""Gradient flow (GF) of θ ↦ L(A g(u, θ)), integrated in reduced coordinates.

``reductions`` chooses the coordinates: m unknowns for V fixed where φ' has no zero and its
separation is known, else k; mk + k for both layers. What the theorems speak about is measured at
the integrator's own steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log, sqrt
from typing import Literal

import numpy as np
from scipy import integrate as solvers

from numerics.errors import ProblemError
from numerics.implicit import IMPLICIT_SHARE, ImplicitFlow
from numerics.operators import Spectrum, dense, spectrum
from numerics.problems import Problem
from numerics.quantities import LossFunctions, observables, require_generator, sigma_min
from numerics.reductions import DirectFlow, Integration, form_of, reduced_flow
from numerics.rounding import Array

FIELDS = ("times", "loss", "residual", "misfit", "travel", "length", "sigma_min")
Status = Literal["complete", "settled", "step_limit", "failed"]
Progress = Callable[[float, float], None]

STIFF_STEPS = 2_000
IMPLICIT_SIZE = 600
MAX_STEPS = 6_000
STEP_SHARE = 3.0
"""The error aimed at in one step, in units of the error allowed in all: what is estimated is the
error of the predictor, a hundred times that of the corrected solution that is kept."""
GRAM_BUDGET = 1e9  # multiplications spent on σ_min(J) along a trajectory
FEWEST_POINTS = 25


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A computed solution of (GF), at the integrator's own steps.

    Parameters
    ----------
    times : array, shape (N,)
        From 0 on.
    loss, residual, misfit : arrays, shape (N,)
        L(y(t)), ‖y(t) − y‖, w(t) = ψ(L(y(t))).
    travel, length : arrays, shape (N,)
        ‖θ(t) − θ₀‖ and s(t) = ∫‖θ̇‖.
    sigma_min : array, shape (N,)
        σ_min(J(θ(t))).
    status : {"complete", "settled", "step_limit", "failed"}
        Whether the horizon was reached, or w fell below its floor before, or steps ran out, or
        the integrator gave up. The points kept are valid in any case.
    horizon : float
        The time asked for.
    misfit_error : float
        The absolute error of w(t) that the tolerances used aim at: a comparison has to allow
        for it. It is an estimate, not a bound.
    length_error : float
        An estimate of the error of the length beyond that.
    steps, evaluations : int
        Cost: steps tried, and evaluations of the flow's speed.
    final_state : array
        The generator's state at the last time.
    """

    times: Array
    loss: Array
    residual: Array
    misfit: Array
    travel: Array
    length: Array
    sigma_min: Array
    status: Status
    horizon: float
    misfit_error: float
    length_error: float
    steps: int
    evaluations: int
    final_state: Array


def integrate(
    problem: Problem,
    horizon: float | None = None,
    *,
    rtol: float | None = None,
    margin: float = 1e-4,
    floor: float = 1e-6,
    max_points: int = 1000,
    max_steps: int = MAX_STEPS,
    progress: Progress | None = None,
) -> Trajectory:
    """Integrate the gradient flow of a problem from its initialisation.

    Parameters
    ----------
    problem : Problem
        With a generator.
    horizon : float, optional
        Final time; by default long enough for w to fall to ``floor`` times w₀ at the rate
        that flow_sharp gives.
    rtol : float, optional
        The integrator's relative tolerance; by default derived from ``margin``.
    margin, floor : float
        w(t) is to be accurate to ``margin`` (relative) down to ``floor`` times w₀, where the
        integration stops: below, w is not resolved and nothing can be compared with it.
    max_points, max_steps : int
        Points kept, and integrator steps allowed.
    progress : callable, optional
        Called with (time, horizon) after each step.

    Raises
    ------
    ProblemError
        If the problem has no generator, or an argument is out of range.
    """
    _check(horizon, margin, floor)
    setting = _Setting(problem, margin, floor)
    end = setting.default_horizon() if horizon is None else float(horizon)
    flow = setting.integration(end, rtol)
    recorder = _Recorder(setting, max_points)
    recorder.keep(flow)
    status: Status = "settled" if setting.start <= 0 else "complete"
    steps = 0
    while status == "complete" and not flow.done:
        steps += 1
        if flow.advance():
            recorder.keep(flow)
        if progress is not None:
            progress(flow.time, end)
        status = _status(flow, recorder.misfit <= floor * setting.start, steps >= max_steps)
    return recorder.trajectory(flow, status, end, steps)


def _status(flow: Integration, settled: bool, exhausted: bool) -> Status:
    if settled:
        return "settled"
    if flow.failed:
        return "failed"
    return "step_limit" if exhausted and not flow.done else "complete"


def _check(horizon: float | None, margin: float, floor: float) -> None:
    if horizon is not None and not (np.isfinite(horizon) and horizon > 0):
        raise ProblemError(f"horizon = {horizon} has to be a positive number")
    for name, value in (("margin", margin), ("floor", floor)):
        if not 0 < value < 1:
            raise ProblemError(f"{name} = {value} has to lie between 0 and 1")


class _Setting:
    """A problem prepared for integration."""

    def __init__(self, problem: Problem, margin: float, floor: float) -> None:
        self.problem = problem
        self.generator = require_generator(problem)
        self.functions = LossFunctions(problem.loss, problem.measurements)
        self.floor = floor
        self.spectrum: Spectrum = spectrum(problem.operator)
        state = np.zeros(self.generator.size)
        self.gram = self.generator.jacobian_gram(state)
        residual = problem.operator @ self.generator.value(state) - problem.observation
        self.start = self.functions.misfit(residual)
        if not np.isfinite(self.start):
            raise ProblemError(
                f"the loss {problem.loss.label} has no value at the network's initial output"
            )
        self.misfit_error = margin * floor * self.start
        # ‖∇w‖ = ψ'(L)‖∇L‖, at least 1, says how far an error of the residual moves w
        slope = float(np.linalg.norm(self.functions.gradient(residual)))
        kappa = self.functions.kappa(self.start) if self.start > 0 else 0.0
        self.sensitivity = max(1.0, slope / kappa) if kappa > 0 else 1.0

    def amplification(self) -> float:
        """‖A‖‖J(θ₀)‖: how far a parameter error moves the residual, to first order."""
        return self.spectrum.norm.upper * sqrt(float(np.linalg.eigvalsh(self.gram)[-1]))

    def tolerances(self) -> tuple[float, float]:
        """Return (rtol, atol) such that w is accurate to margin·floor·w₀.

        An error e of the parameters moves w by at most ‖A‖‖J‖‖e‖ (w is ψ(L); for a radial loss
        it is ‖r‖). The solver bounds the root mean square of e_i/(atol + rtol|Δ_i|) over N
        reduced coordinates, hence ‖e‖ ≤ √N·atol + rtol·‖Δ‖ in those coordinates, and in
        parameter space once divided by ‖u‖ (one coordinate of length 1 measures that factor);
        ‖Δ‖ is at most 2w₀/(σ_Aσ₀) where flow_sharp applies. Each term gets a twentieth of the
        error allowed, as the errors of the steps add up, damped by the flow's contraction.
        """
        allowed = 0.05 * max(self.misfit_error, 1e-300)
        per_state = allowed / max(self.amplification(), 1e-300)
        unit = np.zeros(self.generator.size)
        unit[0] = 1.0
        atol = per_state / (self.generator.parameter_norm(unit) * sqrt(self.generator.size + 1))
        rate = self.spectrum.sigma_A.middle * sigma_min(self.gram)
        travel = 2 * self.start / rate if rate > 0 else self.start
        return per_state / max(travel, 1e-300), atol

    def default_horizon(self) -> float:
        """Time for w to fall from w₀ to floor·w₀ when ẇ = −aκ(w), a = σ_A²σ₀²·(1 − 2q)."""
        if self.start <= 0:
            return 1.0
        low = log(self.floor)

        def integrand(x: float) -> float:
            w = self.start * float(np.exp(x))
            kappa = self.functions.kappa(w)
            return w / kappa if kappa > 0 else 0.0

        total, _ = solvers.quad(integrand, low, 0.0, limit=200)
        return 1.05 * float(total) / self._rate()

    def _rate(self) -> float:
        sigma = self.spectrum.sigma_A.middle * sigma_min(self.gram)
        if sigma <= 0:
            operator = dense(self.problem.operator)
            found = np.linalg.eigvalsh(operator @ self.gram @ operator.T)
            positive = found[found > 1e-10 * max(float(found[-1]), 1e-300)]
            return float(positive[0]) if positive.size else 1.0
        try:
            lipschitz = self.generator.jacobian_lipschitz().upper
        except ValueError:  # no bound of φ'' for this activation: any moderate factor will do
            return sigma**2 / 4
        q = lipschitz * self.start / (sigma * sigma_min(self.gram))
        return sigma**2 * (max(1 - 2 * q, 0.01) if q < 0.5 else 0.25)

    def integration(self, end: float, rtol: float | None) -> Integration:
        """Return the flow, in the smallest coordinates known, at the tolerance that is needed."""
        form = form_of(self.problem)
        if form is None:
            return self._direct(end, rtol)
        wanted = STEP_SHARE * self.misfit_error / self.sensitivity
        if rtol is not None:
            wanted = rtol * self.start / self.sensitivity
        found = reduced_flow(form, self.problem.loss, end, max(wanted, 1e-300))
        share = IMPLICIT_SHARE if isinstance(found, ImplicitFlow) else 1.0
        self.misfit_error = found.tolerance * self.sensitivity / (share * STEP_SHARE)
        return found

    def _direct(self, end: float, rtol: float | None) -> DirectFlow:
        """Integrate all coordinates: by DOP853, or by LSODA where that needs many steps."""
        wanted, absolute = self.tolerances()
        steps = self.amplification() ** 2 * end / 6  # DOP853 is stable for |λ|h up to about 6
        implicit = steps > STIFF_STEPS and self.generator.size <= IMPLICIT_SIZE
        # Order 5 cannot use the last digits: below 1e-9 its steps only multiply.
        least = 1e-9 if implicit else 1e-13
        relative = float(np.clip(wanted if rtol is None else rtol, least, 1e-3))
        used = max(absolute, least * 1e-4)
        self.misfit_error *= max(1.0, relative / wanted, used / absolute)
        return DirectFlow(self.problem, end, relative, used, implicit)


class _Recorder:
    """Keeps observables at the steps, thinning them out when there are too many."""

    def __init__(self, setting: _Setting, max_points: int) -> None:
        self.setting = setting
        generator = setting.generator
        each = float(generator.outputs) ** 2 * generator.size
        affordable = max(FEWEST_POINTS, int(GRAM_BUDGET / each))
        self.max_points = min(max_points, affordable)
        self.rows: list[tuple[float, ...]] = []
        self.misfit = setting.start
        self.stride = 1
        self.seen = 0
        self.state = np.zeros(generator.size)

    def keep(self, flow: Integration) -> None:
        self.misfit = self.setting.functions.misfit(flow.residual)
        if self.seen % self.stride == 0:
            self._store(flow)
        self.seen += 1
        if len(self.rows) > 2 * self.max_points:
            self.rows = self.rows[::2]
            self.stride *= 2

    def _store(self, flow: Integration) -> None:
        self.state = flow.state()
        at = observables(self.setting.problem, self.setting.functions, self.state)
        row = {"times": flow.time, "length": flow.length, **at}
        self.rows.append(tuple(row[name] for name in FIELDS))

    def trajectory(
        self, flow: Integration, status: Status, horizon: float, steps: int
    ) -> Trajectory:
        if self.rows[-1][0] < flow.time:
            self._store(flow)
        columns = dict(zip(FIELDS, np.array(self.rows).T, strict=True))
        return Trajectory(
            **columns, status=status, horizon=horizon, misfit_error=self.setting.misfit_error,
            length_error=flow.length_error, steps=steps, evaluations=flow.evaluations,
            final_state=self.state,
        )  # fmt: skip
