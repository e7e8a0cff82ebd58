"""What an integration of a problem's flow aims at: how long, how accurate, in which coordinates."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
from scipy import integrate as solvers

from numerics.errors import ProblemError
from numerics.flows.implicit import IMPLICIT_SHARE, ImplicitFlow
from numerics.flows.reductions import DirectFlow, Integration, form_of, reduced_flow
from numerics.operators import Spectrum, dense, spectrum
from numerics.problems import Problem
from numerics.quantities import LossFunctions, require_generator, sigma_min

STIFF_STEPS = 2_000
IMPLICIT_SIZE = 600
STEP_SHARE = 3.0
"""The error aimed at in one step, in units of the error allowed in all: what is estimated is the
error of the predictor, a hundred times that of the corrected solution that is kept."""
EASED = 0.01
"""Where steps would run out, w is resolved to this share of the value it has reached."""


class Setting:
    """A problem prepared for integration.

    Parameters
    ----------
    problem : Problem
        With a generator.
    margin, floor : float
        w(t) is to be accurate to ``margin`` (relative) down to ``floor`` times w₀.

    Attributes
    ----------
    start : float
        w₀.
    misfit_error : float
        The absolute error of w(t) aimed at.

    Raises
    ------
    ProblemError
        If the problem has no generator, or the loss no value at its initial output.
    """

    def __init__(self, problem: Problem, margin: float, floor: float) -> None:
        self.problem = problem
        self.generator = require_generator(problem)
        self.functions = LossFunctions(problem.loss, problem.measurements)
        self.margin, self.floor = margin, floor
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

    def resolved(self, misfit: float) -> Setting:
        """Return the setting in which w is resolved down to a hundredth of a value."""
        return Setting(self.problem, self.margin, max(self.floor, EASED * misfit / self.start))

    def integration(self, end: float, rtol: float | None, *, implicit: bool = False) -> Integration:
        """Return the flow, in the smallest coordinates known, at the tolerance that is needed."""
        form = form_of(self.problem)
        if form is None:
            return self._direct(end, rtol)
        wanted = STEP_SHARE * self.misfit_error / self.sensitivity
        if rtol is not None:
            wanted = rtol * self.start / self.sensitivity
        loss = self.problem.loss
        found = reduced_flow(form, loss, end, max(wanted, 1e-300), implicit=implicit)
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
