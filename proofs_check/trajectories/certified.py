"""A problem's real gradient flow, enclosed and compared with the theorems: ``flow --certified``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numerics.flow import Trajectory
from numerics.generators import TwoLayerNetwork
from numerics.problems import Problem
from numerics.quantities import require_generator
from numerics.rigorous.rounding import Array
from numerics.tubes.tube import MAX_PIECES, Progress, Tube, flow_equation, tube
from proofs_check.certifying.measure import two_point_lipschitz
from proofs_check.instance import Instance, examine
from proofs_check.trajectories.verdicts import Decision, decide

FLOOR = 1e-2
"""The share of w₀ to which a flow is followed, or less: to below the noise level."""
_LEAST_FLOOR = 1e-6


@dataclass(frozen=True, eq=False)
class CertifiedFlow:
    """A trajectory with error bars, and what it decides.

    Parameters
    ----------
    instance : Instance
        The problem, measured and decided.
    tube : Tube
        Proved bounds along its flow on [0, T].
    decisions : tuple of Decision
        The inequalities of both theorems.
    """

    instance: Instance
    tube: Tube
    decisions: tuple[Decision, ...]

    @property
    def violations(self) -> tuple[Decision, ...]:
        """The inequalities that a theorem claims and that are violated."""
        return tuple(d for d in self.decisions if d.refuted)

    def _final_state(self) -> Array:
        """Return the generator's state at the end of the computed curve."""
        problem = self.instance.problem
        network = require_generator(problem)
        assert isinstance(network, TwoLayerNetwork)
        _, hidden, moved = self.tube.centres[-1]
        change = [hidden - network.hidden]
        if moved is not None:
            change.append(-np.asarray(problem.operator.T @ moved).ravel())
        return np.concatenate(change)

    def trajectory(self) -> Trajectory:
        """Return the middle of the tube, for pictures."""
        tube = self.tube
        misfit = (tube.misfit_low + tube.misfit_high) / 2
        return Trajectory(
            times=tube.times, loss=misfit**2 / 2, residual=misfit, misfit=misfit,
            travel=(tube.travel_low + tube.travel_high) / 2, length=tube.length_high,
            sigma_min=tube.sigma_between(), status="complete",
            horizon=float(tube.times[-1]), misfit_error=float(np.max(tube.misfit_high - misfit)),
            length_error=0.0, steps=tube.pieces, evaluations=tube.pieces,
            final_state=self._final_state(),
        )  # fmt: skip


def certified_flow(
    problem: Problem, *, max_pieces: int = MAX_PIECES, progress: Progress | None = None
) -> CertifiedFlow:
    """Enclose a problem's gradient flow and decide both theorems' inequalities along it.

    Parameters
    ----------
    problem : Problem
        With the squared loss and a two-layer network of a smooth activation.
    max_pieces : int
        The most pieces the computed curve may have.
    progress : callable, optional
        See ``numerics.tubes.tube.tube``.

    Raises
    ------
    ProblemError
        One line saying why there is no tube.
    """
    flow_equation(problem)  # refuses before anything is measured
    instance = examine(problem)
    network = require_generator(problem)
    assert isinstance(network, TwoLayerNetwork)
    constant = network.jacobian_lipschitz().upper

    def lipschitz_on(radius: float) -> float:
        if network.train == "hidden":
            return constant
        return two_point_lipschitz(network, radius).upper

    found = tube(
        problem, lipschitz_on, floor=_floor(instance), max_pieces=max_pieces, progress=progress
    )
    # ‖V_i(T)‖ is at most ‖V_i(0)‖ + ‖θ(T) − θ₀‖: a one-point constant at θ(T) is a two-point one
    at_end = lipschitz_on(float(found.travel_high[-1]))
    return CertifiedFlow(instance, found, tuple(decide(instance, found, at_end)))


def _floor(instance: Instance) -> float:
    noise, start = instance.measured.noise, instance.measured.misfit
    if noise is None or not noise.lower > 0 or not start.upper > 0:
        return FLOOR
    return max(_LEAST_FLOOR, min(FLOOR, 0.9 * noise.lower / start.upper))
