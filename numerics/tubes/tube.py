"""Trajectories with error bars: balls around a computed curve that contain the real gradient flow.

THEORY section 10, for the squared loss and a two-layer network. Piece by piece, with ‖θ − θ̃‖ ≤ E
at its beginning, a defect of at most d on it and μ = ½Λ‖A‖(‖r‖ + ‖r̃‖), the statement
``trajectory_tube`` bounds ‖θ(t) − θ̃(t)‖ after a time t. ‖r‖ never increases along the flow, so its
bound at the beginning of the piece serves for all of it: no theorem of section 3 is used, and the
tube can decide their inequalities.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, log
from typing import Literal

import numpy as np

from numerics.errors import ProblemError
from numerics.generators import TwoLayerNetwork
from numerics.lipschitz import slope_constant
from numerics.operators import spectrum
from numerics.problems import Problem
from numerics.quantities import require_generator
from numerics.rigorous.rounding import Array, exactly
from numerics.tubes.equation import FlowEquation
from numerics.tubes.steps import LipschitzOn, TubeFollower
from numerics.tubes.taylor import NotSmooth, Series
from theory.activations import X

Status = Literal["complete", "settled", "step_limit", "blurred", "failed"]
Progress = Callable[[float, float], None]

MAX_PIECES = 400
FLOOR = 1e-3
LARGEST = 20_000_000  # entries of Q that are followed


@dataclass(frozen=True, eq=False)
class Tube:
    """Proved bounds along the gradient flow, at the ends of N short parts of [0, T].

    Parameters
    ----------
    times : array, shape (N + 1,)
        From 0 to T.
    error : array, shape (N + 1,)
        A bound of ‖θ(t) − θ̃(t)‖.
    misfit_low, misfit_high : arrays, shape (N + 1,)
        Bounds of w(t) = ‖r(t)‖, which never increases.
    travel_low, travel_high : arrays, shape (N + 1,)
        Bounds of ‖θ(t) − θ₀‖.
    travel_between : array, shape (N,)
        An upper bound of it from one time to the next.
    length_high : array, shape (N + 1,)
        A bound of the length of the path so far.
    sigma_low : array, shape (N,)
        A lower bound of σ_min(J(θ(t))) from one time to the next.
    sigma_high : array, shape (N + 1,)
        An upper bound of it; infinite where none was computed.
    rate_low : array, shape (N,)
        A lower bound of −(d/dt) log w(t) from one time to the next.
    centres : list of (float, Array, Array or None)
        The computed curve: time, h, and Q if V moves.
    status : {"complete", "settled", "step_limit", "blurred", "failed"}
        Whether T is the horizon; or the misfit fell to its floor; or the pieces ran out; or the
        error bars have become as wide as the misfit; or no piece is short enough.
    pieces : int
        Number of polynomials that the computed curve has.
    lipschitz : float
        The largest constant Λ used.
    """

    times: Array
    error: Array
    misfit_low: Array
    misfit_high: Array
    travel_low: Array
    travel_high: Array
    travel_between: Array
    length_high: Array
    sigma_low: Array
    sigma_high: Array
    rate_low: Array
    centres: list[tuple[float, Array, Array | None]]
    status: Status
    pieces: int
    lipschitz: float

    @property
    def sigma_end(self) -> float:
        """A lower bound of σ_min(J(θ(T)))."""
        return float(self.sigma_low[-1]) if len(self.sigma_low) else 0.0

    def sigma_between(self) -> Array:
        """Return σ_min(J(θ̃)) at all times, read off where it was computed: for pictures."""
        known = np.isfinite(self.sigma_high)
        return np.interp(self.times, self.times[known], self.sigma_high[known])


def flow_equation(problem: Problem) -> FlowEquation:
    """Return a problem's flow in the coordinates in which tubes are computed.

    Raises
    ------
    ProblemError
        One line saying why there is no tube: the loss, the generator or the activation.
    """
    network = require_generator(problem)
    what = "error bars along the trajectory"
    if problem.loss.name != "squared":
        raise ProblemError(f"{what} are known for the squared loss only, not {problem.loss.label}")
    if not isinstance(network, TwoLayerNetwork):
        raise ProblemError(f"{what} are known for the two-layer network only")
    name = network.activation.name
    for constant, meaning in (("B1", "sup|φ'|"), ("B2", "sup|φ''|")):
        if slope_constant(network.activation, constant) is None:
            raise ProblemError(f"{what} need {meaning} of {name}, which is not known to be finite")
    _require_smooth(network, what)
    if network.train == "both" and problem.measurements * network.width > LARGEST:
        raise ProblemError(f"{what}: both layers of width {network.width} are too large")
    found = spectrum(problem.operator)
    if not found.norm.rigorous:
        raise ProblemError(f"{what} need a bound of ‖A‖")
    return FlowEquation(network, problem.operator, problem.observation, found.norm)


def _require_smooth(network: TwoLayerNetwork, what: str) -> None:
    series = Series(X, [exactly(np.ones(1))] * 3)
    try:
        for node in (network.activation.expression, network.activation.derivative):
            series.coefficient(node, 2)
    except NotSmooth as problem:
        name = network.activation.name
        raise ProblemError(f"{what} need a smooth activation, not {name}: {problem}") from problem


def tube(
    problem: Problem,
    lipschitz_on: LipschitzOn,
    horizon: float = inf,
    *,
    floor: float = FLOOR,
    max_pieces: int = MAX_PIECES,
    progress: Progress | None = None,
) -> Tube:
    """Enclose the gradient flow of a problem on [0, T].

    Parameters
    ----------
    problem : Problem
        With the squared loss and a two-layer network.
    lipschitz_on : callable
        A two-point Lipschitz constant of J on the ball B(θ₀, ρ), for ρ.
    horizon : float
        The time to follow it to, if nothing ends the tube before; by default there is none.
    floor : float
        The tube ends where w has certainly fallen to this share of w₀.
    max_pieces : int
        The most pieces.
    progress : callable, optional
        Called after each piece with what is done of what is to do, and the latter.

    Raises
    ------
    ProblemError
        If the problem has no tube, see ``flow_equation``.
    """
    follower = TubeFollower(flow_equation(problem), lipschitz_on)
    status: Status = "complete"
    target = floor * follower.misfit
    while status == "complete" and follower.time < horizon:
        found = follower.advance(horizon - follower.time)
        if found is not None:
            status = found
        elif follower.misfit <= target:
            status = "settled"
        elif follower.pieces >= max_pieces and follower.time < horizon:
            status = "step_limit"
        if progress is not None:
            progress(_done(follower, horizon, target, max_pieces), 1.0)
    columns = {name: np.array(values) for name, values in vars(follower.rows).items()}
    return Tube(
        **columns, centres=follower.centres, status=status, pieces=follower.pieces,
        lipschitz=follower.lipschitz,
    )  # fmt: skip


def _done(follower: TubeFollower, horizon: float, target: float, max_pieces: int) -> float:
    """Return the share of the tube that is there, by whatever may end it first."""
    start = follower.rows.misfit_high[0] if follower.rows.misfit_high else follower.misfit
    fallen = log(start / follower.misfit) / log(start / target) if follower.misfit > target else 1.0
    return max(follower.pieces / max_pieces, fallen, follower.time / horizon)
