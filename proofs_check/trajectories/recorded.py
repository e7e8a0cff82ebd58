"""A recorded loss curve against the theorems' bounds of the misfit.

A curve over time is compared with the flow's envelopes. One over iterations is gradient descent,
about which the flow's theorems say nothing: it is compared with descent_rate at its step size,
where that applies, and beside it with the flow at time step × iteration, which nobody claims.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from sympy import Expr, Symbol

from numerics.errors import ProblemError
from numerics.inputs.curves import RecordedCurve
from numerics.operators import eigenvalue_brackets
from numerics.quantities import LossFunctions
from numerics.rigorous.ranges import Range
from numerics.rigorous.rounding import Array, Bracket
from numerics.unfolding import Unfolding, as_input
from proofs_check.certifying.formulas import MEASURED, Formulas, end_above, range_of
from proofs_check.instance import Instance
from proofs_check.trajectories.comparison import Comparison, envelope
from theory import registry
from theory.settings import flow as setting
from theory.terms import OperatorNorm, real

PRECISION = 1e-6
"""Relative error of a recorded loss, and of its misfit relative to w₀: single precision."""
MISMATCH = 1e-3
_GAMMA, _SMOOTHNESS = real("gamma L_f")
_NORMS = (
    as_input(OperatorNorm(setting.A)),
    as_input(OperatorNorm(setting.J(setting.theta_0))),
)
_ROUNDS = 5
_REACHED = ("descent_finite_length", "travel_radius")
_FACTOR = ("descent_rate", "factor")


@dataclass(frozen=True, eq=False)
class CurveComparison:
    """A recorded curve and what the bounds make of it.

    Parameters
    ----------
    times : array, shape (N,)
        The times; for iterations the step size times them.
    misfit : array, shape (N,)
        ψ of the recorded losses.
    comparisons : tuple of Comparison
        One for each theorem.
    """

    times: Array
    misfit: Array
    comparisons: tuple[Comparison, ...]

    @property
    def violated(self) -> bool:
        """Whether a bound that is claimed fails beyond doubt."""
        return any(c.violated for c in self.comparisons)


def compare_curve(
    instance: Instance, curve: RecordedCurve, step: Bracket | None = None
) -> CurveComparison:
    """Compare a recorded loss curve with the bounds.

    Parameters
    ----------
    instance : Instance
        The problem that was trained on.
    curve : RecordedCurve
        Its loss, over time or over iterations.
    step : Bracket, optional
        The step size γ, which iterations need.

    Raises
    ------
    ProblemError
        If the step size is missing or superfluous, or the curve starts at another loss.
    """
    if (curve.clock == "iteration") != (step is not None):
        needs = "iterations need a step size (--step)" if step is None else "times need no --step"
        raise ProblemError(f"the curve is over {curve.clock}s: {needs}")
    functions = LossFunctions(instance.problem.loss, instance.problem.measurements)
    misfit = np.array([functions.desingularize(v) for v in curve.loss.tolist()])
    least = np.maximum(curve.loss - curve.loss_error, 0.0) * (1 - PRECISION)
    lowest = np.array([functions.desingularize(v) for v in least.tolist()])
    _check_start(instance, curve, misfit)
    earliest = np.maximum(curve.at - curve.at_error, 0.0)
    if step is not None:
        earliest = earliest * step.lower * (1 - 1e-12)
    times = curve.at * (1.0 if step is None else step.middle)
    margin = misfit - lowest + PRECISION * instance.measured.misfit.upper
    found = [_flow(instance, name, earliest, misfit, margin, step is None)
             for name in ("published", "sharp")]  # fmt: skip
    if step is not None:
        found.append(_descent(instance, curve.at, misfit, margin, step))
    return CurveComparison(times, misfit, tuple(c for c in found if c is not None))


def _check_start(instance: Instance, curve: RecordedCurve, misfit: Array) -> None:
    """Refuse a curve that starts at another misfit: it belongs to another problem or loss."""
    if curve.at[0] > 0:
        return
    start, found = instance.measured.misfit, float(misfit[0])
    error = MISMATCH * start.upper + float(curve.loss_error[0] / max(curve.loss[0], 1e-300)) * found
    if not start.lower - error <= found <= start.upper + error:
        raise ProblemError(
            f"the curve starts at w = {found:.6g}, the problem at w₀ = {start.middle:.6g}: it is "
            "another run, or another loss (the squared one is ½‖A g − y‖², not a mean)"
        )


def _flow(
    instance: Instance, name: str, times: Array, misfit: Array, margin: Array, of_flow: bool
) -> Comparison | None:
    reading = instance.readings[name]
    bound = envelope(reading, times)
    if bound is None:
        return None
    claimed = reading.bounds_misfit if of_flow else False
    return Comparison(name, "misfit", "upper", claimed, bound, bound - misfit, margin)


def _descent(
    instance: Instance, iterations: Array, misfit: Array, margin: Array, step: Bracket
) -> Comparison | None:
    """Compare with descent_rate, for the squared loss and V fixed (where Λ holds for all pairs)."""
    factor = descent_factor(instance, step)
    if factor is None:
        return None
    start = instance.measured.misfit.upper
    # L_n ≤ factor^n L_0, and w = √(2L)
    bound = start * np.sqrt(factor) ** iterations * (1 + 1e-9)
    return Comparison("descent", "misfit", "upper", True, bound, bound - misfit, margin)


def descent_factor(instance: Instance, step: Bracket) -> float | None:
    """Return the factor by which descent_rate has the loss fall in a step; None if it is silent.

    Parameters
    ----------
    instance : Instance
        The problem.
    step : Bracket
        The step size γ.
    """
    sharp, problem = instance.readings["sharp"], instance.problem
    fixed = problem.network is not None and problem.network.train == "hidden"
    if not (sharp.applies and fixed and problem.loss.name == "squared" and problem.generator):
        return None
    values = {**sharp.formulas.values, _GAMMA: range_of(step)}
    at = replace(sharp.formulas, values=values)
    size = eigenvalue_brackets(problem.generator.enclosed_gram())[0].root()
    norms = {_NORMS[0]: range_of(instance.measured.spectrum.norm), _NORMS[1]: range_of(size)}
    first = at.bound("flow_published", "travel_radius")
    # a first ball, which is large enough as soon as β ≥ 1/2
    radius = None if first is None else Range(first.lower, 2 * first.upper)
    found: float | None = None
    for _ in range(_ROUNDS):
        radius, factor = _round(at, norms, radius)
        found = factor if factor is not None else found
    return found


def _round(
    at: Formulas, norms: Mapping[Symbol, Range], radius: Range | None
) -> tuple[Range | None, float | None]:
    """Return ρ*_γ and the factor, if ρ*_γ is within the radius that L_f was computed for.

    L_f grows with the radius, so its upper end is what counts; ρ*_γ then serves as a smaller ball.
    """
    if radius is None:
        return None, None
    known = replace(at, values={**at.values, **norms, setting.rho: radius})
    smooth = known.evaluated(_sublevel())
    if smooth is None:
        return None, None
    upper = Range(smooth.upper, smooth.upper)
    known = replace(at, values={**at.values, _SMOOTHNESS: upper})
    reached, factor = (known.bound(*name) for name in (_REACHED, _FACTOR))
    if reached is None or factor is None or not reached.upper <= radius.upper:
        return None, None
    shrinks = bool(factor.upper < 1) and bool(factor.lower >= 0)
    return reached, end_above(factor) if shrinks else None


def _sublevel() -> Expr:
    """Return descent_smoothness's constant on the sublevel set, in symbols for ‖A‖ and ‖J(θ₀)‖."""
    statement = registry.statement("descent_smoothness")
    return Unfolding(statement, {*MEASURED, setting.rho, *_NORMS})(
        statement.bound("sublevel").value
    )
