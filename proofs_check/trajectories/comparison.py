"""A computed trajectory against the bounds of the theorems: slack, and violations beyond doubt.

The trajectory is computed in floating point, so agreement is SAMPLED evidence and nothing more.
A violation counts only where the theorem claims the bound, and only by more than a margin: the
integrator's error estimate for the misfit, and what that error amounts to for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from scipy.integrate import solve_ivp

from numerics.elementwise import values
from numerics.errors import ProblemError
from numerics.flow import Trajectory
from numerics.rigorous.rounding import EPS, Array
from proofs_check.certifying.formulas import end_above, end_below
from proofs_check.certifying.reading import Reading
from proofs_check.instance import Instance
from theory.losses import W
from theory.settings import flow as setting

Quantity = Literal["misfit", "travel", "length", "sigma_min", "loss"]
ROUNDING = 1e-12
"""Relative rounding error of the measured quantities along a trajectory, generously."""
ENVELOPE_ERROR = 1e-7
"""Relative error of each part of an envelope that is integrated instead of evaluated."""
_GONE = 1e-14  # an envelope that has fallen by this factor is taken as zero


@dataclass(frozen=True, eq=False)
class Comparison:
    """One measured quantity against one bound along a trajectory.

    Parameters
    ----------
    theorem : str
        ``published`` or ``sharp``; the sharp one bounds even the length of the path. Besides,
        ``hidden_convex`` (see ``hidden_convexity``).
    quantity : {"misfit", "travel", "length", "sigma_min", "loss"}
        w(t), ‖θ(t) − θ₀‖, the length of the path, σ_min(J(θ(t))) or L(y(t)).
    side : {"upper", "lower"}
        Whether the bound is above or below.
    claimed : bool or None
        Whether the theorem claims the bound for this instance; None if that is undecided.
    bound : array, shape (N,)
        The bound at the trajectory's times, rounded in its favour; infinite where it has no value.
    slack : array, shape (N,)
        How far the bound is from the measured value; negative beyond it.
    margin : array, shape (N,)
        The error that the measured value may have.
    """

    theorem: str
    quantity: Quantity
    side: Literal["upper", "lower"]
    claimed: bool | None
    bound: Array
    slack: Array
    margin: Array

    @property
    def worst(self) -> int:
        """The index of the time at which the slack, less the margin, is smallest."""
        return int(np.argmin(self.slack + self.margin))

    @property
    def min_slack(self) -> float:
        """The smallest slack."""
        return float(np.min(self.slack))

    @property
    def violated(self) -> bool:
        """Whether the theorem claims the bound and it fails by more than the margin."""
        return bool(self.claimed) and self.exceeded

    @property
    def exceeded(self) -> bool:
        """Whether the bound fails by more than the margin, claimed or not."""
        return bool(np.any(self.slack < -self.margin))


def compare(instance: Instance, found: Trajectory) -> list[Comparison]:
    """Compare a trajectory with the published and the sharp theorem's bounds.

    Parameters
    ----------
    instance : Instance
        The problem, measured and decided.
    found : Trajectory
        Its gradient flow.

    Raises
    ------
    ProblemError
        If the trajectory is not finite: then it cannot be compared with anything.
    """
    for name in ("misfit", "travel", "length", "sigma_min"):
        if not np.isfinite(getattr(found, name)).all():
            raise ProblemError(f"the computed {name} is not finite; rescale the problem")
    margins = _margins(instance, found)
    comparisons = []
    for name in ("published", "sharp"):
        reading = instance.readings[name]
        comparisons += _misfit(reading, found, margins["misfit"])
        moved: tuple[Quantity, ...] = ("travel",) if name == "published" else ("travel", "length")
        for quantity in moved:
            comparisons += _constant(reading, quantity, "travel_radius", "upper", found, margins)
        comparisons += _constant(reading, "sigma_min", "conditioning", "lower", found, margins)
    return comparisons


def _margins(instance: Instance, found: Trajectory) -> Mapping[str, Array]:
    """Return the error each measured quantity may have.

    The integrator aims at an error of w below ``misfit_error``. An error of the parameters moves
    w by at least σ_Aσ₀ times it along the weakest direction, so the same trajectory is off by at
    most about misfit_error/(σ_Aσ₀) there, and σ_min(J) by Λ times that; to this comes the rounding
    of the eigenvalue that σ_min² is.
    """
    measured = instance.measured
    gain = measured.spectrum.sigma_A.middle * measured.sigma_0.middle
    moved = found.misfit_error / gain if gain > 0 else np.inf
    slope = measured.lipschitz.upper if measured.lipschitz is not None else np.inf
    size = float(np.max(found.sigma_min)) + slope * float(np.max(found.travel))
    squared = instance.problem.outputs * EPS * _largest(instance) ** 2
    rounding = squared / np.maximum(found.sigma_min, sqrt(squared))
    return {
        "misfit": found.misfit_error + ROUNDING * found.misfit,
        "travel": moved + ROUNDING * found.travel,
        "length": moved + found.length_error + ROUNDING * found.length,
        "sigma_min": slope * moved + ROUNDING * size + rounding,
    }


def _largest(instance: Instance) -> float:
    """Return ‖J(θ₀)‖, with room for its change along the flow."""
    generator = instance.problem.generator
    if generator is None:
        return 0.0
    return 2 * sqrt(float(np.linalg.eigvalsh(generator.jacobian_gram(_start(generator.size)))[-1]))


def _start(size: int) -> Array:
    return np.zeros(size)


def _misfit(reading: Reading, found: Trajectory, margin: Array) -> list[Comparison]:
    bound = envelope(reading, found.times)
    if bound is None:
        return []
    return [
        Comparison(
            reading.theorem.name, "misfit", "upper", reading.bounds_misfit,
            bound, bound - found.misfit, margin,
        )
    ]  # fmt: skip


def _constant(
    reading: Reading,
    quantity: Quantity,
    name: str,
    side: Literal["upper", "lower"],
    found: Trajectory,
    margins: Mapping[str, Array],
) -> list[Comparison]:
    """Compare with a bound that does not depend on time."""
    value = reading.formula(name)
    if value is None:
        return []
    level = end_above(value) if side == "upper" else end_below(value)
    bound = np.full(len(found.times), level)
    measured = getattr(found, quantity)
    slack = bound - measured if side == "upper" else measured - bound
    return [
        Comparison(
            reading.theorem.name, quantity, side, reading.applies, bound, slack, margins[quantity]
        )
    ]


def envelope(reading: Reading, times: Array) -> Array | None:
    """Return an upper bound of w at the given times, by the theorem's envelope.

    In closed form where there is one (κ(w) = w), rounded up; otherwise the solution of
    Ẇ = −(a + bW)κ(W), W(0) = w₀, integrated, and the error that this may have. The published
    theorem has its rate for a, and b = 0.
    """
    if reading.envelope is not None:
        return np.array(reading.envelope.uppers(times))
    if reading.formulas.loss.kappa == W:
        return None
    decay = _decay(reading)
    if decay is None:
        return None
    start = end_above(reading.formulas.values[setting.w_0])
    if start <= 0:
        return np.zeros(len(times))
    found = _integrated(decay, start, times)
    return None if found is None else found + _integration_error(decay, start, found)


def _decay(reading: Reading) -> Callable[[Array], Array] | None:
    """Return W ↦ (a + bW)κ(W)/W, the rate at which log W falls; None where it has no value."""
    sharp = reading.theorem.id == "flow_sharp"
    rate, gain = reading.formula("rate"), reading.formula("gain") if sharp else None
    if rate is None or (sharp and gain is None):
        return None
    a, b = end_below(rate), 0.0 if gain is None else end_below(gain)
    kappa = reading.formulas.at_m(reading.formulas.loss.kappa)
    return lambda w: (a + b * w) * values(kappa, {W: w}) / w


def _integration_error(decay: Callable[[Array], Array], start: float, bound: Array) -> Array:
    """Return the error that an integrated envelope may have.

    A relative error e of W at one time is an error e/d in time there, d being the rate of log W;
    at a later time, with the rate d', that is the relative error e d'/d. Where the speed of W is
    nearly constant, as it is far from the minimum of losses that grow linearly, d' is much larger.
    """
    alive = np.clip([start, *bound], np.finfo(float).tiny, 1e300)
    rates = np.broadcast_to(decay(alive), alive.shape)
    slowest = np.minimum.accumulate(rates)
    growth = np.divide(rates, slowest, out=np.ones(len(rates)), where=slowest > 0)
    error: Array = (ENVELOPE_ERROR * alive * growth)[1:]
    return error


def _integrated(decay: Callable[[Array], Array], start: float, times: Array) -> Array | None:
    """Solve for log W, which stays smooth while W falls by many orders of magnitude."""

    def slope(time: float, logarithm: Array) -> Array:
        return -decay(np.exp(logarithm))

    def gone(time: float, logarithm: Array) -> float:
        return float(logarithm[0]) - np.log(start * _GONE)

    gone.terminal = True  # type: ignore[attr-defined]
    end = max(float(times[-1]), 1e-300)
    solved = solve_ivp(
        slope, (0.0, end), [np.log(start)], method="LSODA", t_eval=times[times <= end],
        events=gone, rtol=1e-10, atol=1e-10,
    )  # fmt: skip
    if not solved.success:
        return None
    bound = np.full(len(times), start * _GONE)
    bound[: len(solved.t)] = np.exp(solved.y[0])
    return bound
