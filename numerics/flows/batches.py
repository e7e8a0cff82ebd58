"""Many networks of one architecture at once: one vectorised integration.

Each network keeps its own steps and leaves as soon as it has finished. Only h(0) = Wu ~
N(0, ‖u‖²I) enters the flow, so W is never drawn: k numbers instead of kd.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from numerics.errors import ProblemError
from numerics.flows.coordinates import Form, Mask
from numerics.flows.dual import Index, dual_form
from numerics.flows.exponential import ROUNDING, ExponentialAdams, suitable_order
from numerics.flows.implicit import IMPLICIT_SHARE, ImplicitFlow
from numerics.flows.layers import LayersForm
from numerics.inputs.drawing import OUTPUT_WEIGHTS
from numerics.losses.batches import BatchedLoss
from numerics.operators import Matrix
from numerics.quantities import LossFunctions
from numerics.rigorous.rounding import Array
from theory.activations import Activation
from theory.losses import Loss

MAX_ATTEMPTS = 5_000
GROUP_ENTRIES = 262_144  # of AV, with both layers trained: two MiB for each point kept


@dataclass(frozen=True, eq=False)
class Networks:
    """Initial values of N two-layer networks that differ in their draws only.

    Parameters
    ----------
    activation : Activation
        φ.
    hidden : array, shape (N, k)
        h(0) = W(0)u.
    output_weights : array, shape (N, n, k)
        V(0).
    input_norm : float
        ‖u‖.
    train : {"hidden", "both"}
        Which layers move.
    """

    activation: Activation
    hidden: Array
    output_weights: Array
    input_norm: float = 1.0
    train: Literal["hidden", "both"] = "hidden"


def draw_networks(
    activation: Activation,
    seeds: Sequence[int],
    width: int,
    outputs: int,
    output_weights: str = "rademacher",
    *,
    input_norm: float = 1.0,
    train: Literal["hidden", "both"] = "hidden",
) -> Networks:
    """Draw one network for each seed: h(0), then V row by row.

    The law is that of ``drawing.draw_network``, the stream is not: W is left out.

    Raises
    ------
    ProblemError
        If the law of the output weights is unknown.
    """
    if output_weights not in OUTPUT_WEIGHTS:
        raise ProblemError(f"output_weights {output_weights!r}: use {' or '.join(OUTPUT_WEIGHTS)}")
    hidden = np.empty((len(seeds), width))
    weights = np.empty((len(seeds), outputs, width))
    edge = float(np.sqrt(3))
    for i, seed in enumerate(seeds):
        stream = np.random.Generator(np.random.PCG64(seed))
        hidden[i] = input_norm * stream.standard_normal(width)
        if output_weights == "rademacher":
            weights[i] = 2.0 * stream.integers(0, 2, size=(outputs, width), dtype=np.int8) - 1.0
        else:
            weights[i] = stream.uniform(-edge, edge, size=(outputs, width))
    return Networks(activation, hidden, weights, input_norm, train)


@dataclass(frozen=True, eq=False)
class BatchOutcome:
    """Where the flows of N networks ended.

    Parameters
    ----------
    times : array, shape (N,)
        When.
    loss, start_loss : arrays, shape (N,)
        L there and at time 0.
    residual : array, shape (N, m)
        y(t) − y there.
    travel : array, shape (N,)
        ‖θ(t) − θ₀‖.
    status : tuple of {"complete", "settled", "step_limit", "failed"}
        As for ``flow.Trajectory``.
    attempts : array of int, shape (N,)
        Steps tried.
    """

    times: Array
    loss: Array
    start_loss: Array
    residual: Array
    travel: Array
    status: tuple[str, ...]
    attempts: Array


def integrate_batch(
    networks: Networks,
    operator: Matrix,
    observation: Array,
    loss: Loss,
    horizon: float,
    *,
    accuracy: float = 1e-6,
    target: float = 0.0,
    max_attempts: int = MAX_ATTEMPTS,
) -> BatchOutcome:
    """Integrate the gradient flow of every network.

    Parameters
    ----------
    networks : Networks
        Their initial values.
    operator : matrix, shape (m, n)
        A.
    observation : array, shape (m,) or (N, m)
        y, the same for all or one for each.
    loss : Loss
        L.
    horizon : float
        Final time.
    accuracy : float
        Error of the outputs aimed at in one step, in units of ‖y(0) − y‖.
    target : float
        A flow stops once its loss is at most this.
    max_attempts : int
        Steps allowed to each network.

    Raises
    ------
    ProblemError
        If the horizon or the accuracy is not positive, or the Poisson loss is given several
        observations.
    """
    if not (np.isfinite(horizon) and horizon > 0 and 0 < accuracy < 1):
        raise ProblemError("horizon has to be positive and accuracy between 0 and 1")
    if loss.kind == "poisson":
        if np.ndim(observation) != 1:
            raise ProblemError("the Poisson loss needs one observation for all networks")
        loss = loss.with_data(observation)
    flows = len(networks.hidden)
    observations = np.broadcast_to(observation, (flows, operator.shape[0]))
    batched = BatchedLoss(LossFunctions(loss, operator.shape[0]))
    found = _Ends(observations.shape, batched)
    limits = _Limits(horizon, accuracy, target, max_attempts)
    weights = np.asarray(operator @ networks.output_weights)
    alone = loss.regime == "finite_time"  # of infinite curvature: by the implicit method
    for rows in _groups(weights.shape, networks.train, alone):
        form = _form(networks, rows, weights[rows], operator, observations[rows], batched)
        if alone:
            found.follow_alone(form, rows.start, limits)
        else:
            found.follow(form, np.arange(flows)[rows], limits)
    return found.outcome()


def _groups(shape: tuple[int, ...], train: str, alone: bool) -> Iterator[slice]:
    """Cut N networks into groups that are followed together.

    With both layers trained, AV is kept at each of the last points: a group has to be small.
    """
    flows, outputs, width = shape
    together = flows if train == "hidden" else max(1, GROUP_ENTRIES // (outputs * width))
    together = 1 if alone else together
    for first in range(0, flows, together):
        yield slice(first, min(first + together, flows))


def _form(
    networks: Networks, rows: slice, weights: Array, operator: Matrix, observations: Array,
    loss: BatchedLoss,
) -> Form:  # fmt: skip
    common = (networks.activation, loss, weights, networks.hidden[rows], observations)
    if networks.train == "hidden":
        found = dual_form(*common, networks.input_norm, operator)
        if found is not None:
            return found
    return LayersForm(*common, networks.input_norm, operator, networks.train)


@dataclass(frozen=True)
class _Limits:
    horizon: float
    accuracy: float
    target: float
    attempts: int


class _Ends:
    """Collects where flows end, in the order of the networks."""

    def __init__(self, shape: tuple[int, ...], loss: BatchedLoss) -> None:
        flows = shape[0]
        self._loss = loss
        self._times, self._start, self._travel = np.zeros((3, flows))
        self._residual = np.zeros(shape)
        self._attempts = np.zeros(flows, dtype=int)
        self._status = ["complete"] * flows

    def follow(self, form: Form, which: Index, limits: _Limits) -> None:
        """Integrate the flows of a form, which are the networks ``which``."""
        form.speed(form.start())
        size = np.linalg.norm(form.residual, axis=1)
        tolerances = np.maximum(limits.accuracy * size, ROUNDING * form.magnitudes())
        horizons = np.full(len(which), limits.horizon)
        order = min(suitable_order(limits.accuracy), form.max_order)
        solver = ExponentialAdams(form, horizons, np.maximum(tolerances, 1e-300), order)
        self._start[which] = self._loss.value(solver.residual)
        attempts = 0
        while which.size:
            settled = self._loss.value(solver.residual) <= limits.target
            ended = settled | solver.done | solver.stuck | (attempts >= limits.attempts)
            if ended.any():
                self._record(solver, which, ended, settled, attempts)
                which = which[~ended]
                solver.keep(~ended)
            if which.size:
                solver.advance()
                attempts += 1

    def follow_alone(self, form: Form, row: int, limits: _Limits) -> None:
        """Integrate the one flow of a form by the implicit method."""
        form.speed(form.start())
        tolerance = limits.accuracy * float(np.linalg.norm(form.residual))
        flow = ImplicitFlow(form, limits.horizon, IMPLICIT_SHARE * tolerance)
        self._start[row] = self._loss.value(flow.residual[None])[0]
        attempts, settled = 0, False
        while True:
            settled = bool(self._loss.value(flow.residual[None])[0] <= limits.target)
            if settled or flow.done or flow.failed or attempts >= limits.attempts:
                break
            flow.advance()
            attempts += 1
        self._times[row], self._travel[row] = flow.time, flow.travel()
        self._residual[row], self._attempts[row] = flow.residual, attempts
        self._status[row] = _status(settled, flow.failed, flow.done)

    def _record(
        self, solver: ExponentialAdams, which: Index, ended: Mask, settled: Mask,
        attempts: int,
    ) -> None:  # fmt: skip
        rows = which[ended]
        moved = solver.form.parameter_norms(solver.state(), ended)
        self._times[rows], self._travel[rows] = solver.time[ended], moved
        self._residual[rows], self._attempts[rows] = solver.residual[ended], attempts
        masks = (settled[ended], solver.stuck[ended], solver.done[ended])
        for row, (is_settled, is_stuck, is_done) in zip(
            rows, zip(*masks, strict=True), strict=True
        ):
            self._status[row] = _status(is_settled, is_stuck, is_done)

    def outcome(self) -> BatchOutcome:
        """Return what was collected."""
        loss = self._loss.value(self._residual)
        return BatchOutcome(
            self._times, loss, self._start, self._residual, self._travel,
            tuple(self._status), self._attempts,
        )  # fmt: skip


def _status(settled: bool, stuck: bool, done: bool) -> str:
    if settled:
        return "settled"
    return "failed" if stuck else "complete" if done else "step_limit"
