"""Gradient flow (GF) of θ ↦ L(A g(u, θ)), integrated in reduced coordinates.

``reductions`` chooses the coordinates: m unknowns for V fixed where φ' has no zero and its
separation is known, else k; mk + k for both layers. What the theorems speak about is measured at
the integrator's own steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, log
from typing import Literal

import numpy as np

from numerics.errors import ProblemError
from numerics.flows.reductions import Integration
from numerics.flows.setting import Setting
from numerics.problems import Problem
from numerics.quantities import observables
from numerics.rigorous.rounding import Array

FIELDS = ("times", "loss", "residual", "misfit", "travel", "length", "sigma_min")
Status = Literal["complete", "settled", "step_limit", "failed"]
Progress = Callable[[float, float], None]

MAX_STEPS = 6_000
PATIENCE, LEAST_SHARE = 3_000, 0.1
"""Steps after which the flow is begun anew with an error that suits the w(t) seen so far, if they
have made less than this share of the way to the floor (in log w), and half of it in time."""
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
        the integrator gave up, or came to a number that is not finite. The points kept are
        valid in any case.
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
        integration stops: below, w is not resolved and nothing can be compared with it. Where w
        falls so slowly that the steps would run out, the floor is raised, and ``misfit_error``
        with it: a misfit that stays large needs fewer digits.
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
    setting = Setting(problem, margin, floor)
    end = setting.default_horizon() if horizon is None else float(horizon)
    pursuit = _Pursuit(end, max_points, max_steps, progress)
    found = pursuit.followed(setting, setting.integration(end, rtol), patient=rtol is not None)
    if found.status != "step_limit" or found.steps >= max_steps:
        return found
    eased = setting.resolved(float(found.misfit[-1]))
    return pursuit.followed(eased, eased.integration(end, None, implicit=True), patient=True)


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


class _Pursuit:
    """Follows a flow step by step, within the steps allowed to all its attempts together."""

    def __init__(
        self, end: float, max_points: int, max_steps: int, progress: Progress | None
    ) -> None:
        self.end, self.max_points, self.max_steps = end, max_points, max_steps
        self.progress = progress
        self.steps = self.evaluations = 0

    def followed(self, setting: Setting, flow: Integration, *, patient: bool) -> Trajectory:
        """Follow it to its end; unless patient, not where the steps will clearly run out."""
        recorder = _Recorder(setting, self.max_points)
        if not recorder.keep(flow):
            raise ProblemError("the network's start has no finite measure; rescale the problem")
        status: Status = "settled" if setting.start <= 0 else "complete"
        while status == "complete" and not flow.done:
            self.steps += 1
            lost = flow.advance() and not recorder.keep(flow)
            if self.progress is not None:
                self.progress(flow.time, self.end)
            settled = recorder.misfit <= setting.floor * setting.start
            exhausted = not patient and self._slow(recorder, flow.time)
            exhausted |= self.steps >= self.max_steps
            status = "failed" if lost else _status(flow, settled, exhausted)
        self.evaluations += flow.evaluations
        return recorder.trajectory(flow, status, self)

    def _slow(self, recorder: _Recorder, time: float) -> bool:
        if self.steps != PATIENCE:
            return False
        setting = recorder.setting
        fallen = log(max(recorder.misfit / setting.start, setting.floor)) / log(setting.floor)
        return fallen < LEAST_SHARE and time < self.end / 2


class _Recorder:
    """Keeps observables at the steps, thinning them out when there are too many."""

    def __init__(self, setting: Setting, max_points: int) -> None:
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

    def keep(self, flow: Integration) -> bool:
        """Keep this step, or say that it cannot be: something in it is not a finite number."""
        self.misfit = self.setting.functions.misfit(flow.residual)
        finite = self._store(flow) if self.seen % self.stride == 0 else isfinite(self.misfit)
        self.seen += 1
        if len(self.rows) > 2 * self.max_points:
            self.rows = self.rows[::2]
            self.stride *= 2
        return finite

    def _store(self, flow: Integration) -> bool:
        state = flow.state()
        at = observables(self.setting.problem, self.setting.functions, state)
        values = {"times": flow.time, "length": flow.length, **at}
        row = tuple(values[name] for name in FIELDS)
        if not all(map(isfinite, row)):
            return False
        self.state = state
        self.rows.append(row)
        return True

    def trajectory(self, flow: Integration, status: Status, pursuit: _Pursuit) -> Trajectory:
        if self.rows[-1][0] < flow.time:
            self._store(flow)
        columns = dict(zip(FIELDS, np.array(self.rows).T, strict=True))
        return Trajectory(
            **columns, status=status, horizon=pursuit.end,
            misfit_error=self.setting.misfit_error, length_error=flow.length_error,
            steps=pursuit.steps, evaluations=pursuit.evaluations, final_state=self.state,
        )  # fmt: skip
