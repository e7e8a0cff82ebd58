"""Flows in the coordinates of their exact reduction (THEORY section 6), chosen automatically.

V fixed and F = ∫1/φ' known in closed form: m unknowns (``dual``). V fixed otherwise: the k hidden
values; both layers: these and AV, mk + k unknowns (``layers``). All three are integrated by the
exponential method of ``exponential`` or, where the loss's curvature is not bounded, the implicit
one of ``implicit``: the steps of neither grow in number with κ(A)². A generator that is not a
two-layer network is integrated in its own coordinates.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from scipy import integrate as solvers

from numerics.flows.coordinates import Form
from numerics.flows.dual import dual_form
from numerics.flows.exponential import ROUNDING, ExponentialAdams, suitable_order
from numerics.flows.exponential_step import Attempt
from numerics.flows.implicit import IMPLICIT_SHARE, ImplicitFlow
from numerics.flows.layers import single_layers
from numerics.flows.path_length import PathLength
from numerics.generators import TwoLayerNetwork
from numerics.losses.batches import BatchedLoss
from numerics.problems import Problem
from numerics.quantities import LossFunctions, require_generator
from numerics.rigorous.rounding import Array
from theory.losses import Loss


class Integration(Protocol):
    """A flow that can be advanced step by step."""

    @property
    def time(self) -> float:
        """The time reached."""

    @property
    def residual(self) -> Array:
        """y(t) − y, shape (m,)."""

    @property
    def length(self) -> float:
        """∫‖θ̇‖ so far."""

    @property
    def length_error(self) -> float:
        """An estimate of the error of ``length`` beyond that of the flow itself."""

    @property
    def evaluations(self) -> int:
        """Evaluations of the flow's speed."""

    @property
    def done(self) -> bool:
        """Whether the horizon is reached."""

    @property
    def failed(self) -> bool:
        """Whether no further step is possible."""

    def advance(self) -> bool:
        """Attempt one step; return whether it succeeded."""

    def state(self) -> Array:
        """Return the generator's state."""


def form_of(problem: Problem, *, dual: bool = True) -> Form | None:
    """Return the smallest coordinates that are known for a problem's flow.

    Parameters
    ----------
    problem : Problem
        With a generator.
    dual : bool
        Whether the dual form may be chosen.

    Returns
    -------
    DualForm, LayersForm or None
        None if the generator is not a two-layer network.
    """
    network = require_generator(problem)
    if not isinstance(network, TwoLayerNetwork):
        return None
    loss = BatchedLoss(LossFunctions(problem.loss, problem.measurements))
    if dual and network.train == "hidden":
        weights = np.asarray(problem.operator @ network.output_weights)[None]
        found = dual_form(
            network.activation, loss, weights, network.hidden[None], problem.observation[None],
            network.input_norm.middle, problem.operator,
        )  # fmt: skip
        if found is not None:
            return found
    return single_layers(network, problem.operator, loss, problem.observation)


class ReducedFlow:
    """The flow of a two-layer network, in reduced coordinates.

    Parameters
    ----------
    form : Form
        One of those that ``form_of`` returns.
    horizon : float
        Final time.
    tolerance : float
        The error of the outputs aimed at in one step; raised to what rounding allows.
    length : bool
        Whether to follow the length too.
    """

    def __init__(
        self, form: Form, horizon: float, tolerance: float, *, length: bool = True
    ) -> None:
        self._form = form
        speed = form.speed(form.start())
        self.tolerance = max(tolerance, ROUNDING * float(form.magnitudes()[0]))
        size = max(float(np.linalg.norm(form.residual)), self.tolerance)
        order = min(suitable_order(self.tolerance / size), form.max_order)
        ends, tolerances = np.array([horizon]), np.array([self.tolerance])
        self._path = PathLength(float(form.parameter_speeds(speed)[0]))
        self._solver = solver = ExponentialAdams(form, ends, tolerances, order, speed)
        if length:
            solver.judge = self._judge

    def _judge(self, attempt: Attempt) -> float:
        return self._path.judge(attempt, float(self._form.parameter_speeds(attempt.speed)[0]))

    @property
    def time(self) -> float:
        """The time reached."""
        return float(self._solver.time[0])

    @property
    def residual(self) -> Array:
        """y(t) − y."""
        return np.asarray(self._solver.residual[0])

    @property
    def length(self) -> float:
        """∫‖θ̇‖."""
        return self._path.total

    @property
    def length_error(self) -> float:
        """An estimate of the error of ``length`` beyond that of the flow itself."""
        return self._path.error

    @property
    def evaluations(self) -> int:
        """Evaluations of the residual."""
        return self._solver.evaluations

    @property
    def done(self) -> bool:
        """Whether the horizon is reached."""
        return bool(self._solver.done[0])

    @property
    def failed(self) -> bool:
        """Whether the steps have become too small for the time to change."""
        return bool(self._solver.stuck[0])

    def advance(self) -> bool:
        """Attempt one step; return whether it succeeded."""
        return bool(self._solver.advance()[0])

    def state(self) -> Array:
        """Return the displacement of h, and of V where it moves."""
        return np.asarray(self._form.displacement(self._solver.state(), np.ones(1, dtype=bool))[0])


def reduced_flow(
    form: Form, loss: Loss, horizon: float, tolerance: float, *, implicit: bool = False
) -> ReducedFlow | ImplicitFlow:
    """Return the flow in reduced coordinates, by the method that suits the loss.

    Parameters
    ----------
    form : Form
        One of those that ``form_of`` returns.
    loss : Loss
        L. Where ∇²L varies widely (``curvature_varies``) the method is implicit.
    horizon : float
        Final time.
    tolerance : float
        The error of the outputs aimed at in one step, that of the predictor for the exponential
        method, whose solution is about a hundred times as accurate.
    implicit : bool
        Whether to take the implicit method in any case.
    """
    if implicit or curvature_varies(form, loss):
        return ImplicitFlow(form, horizon, IMPLICIT_SHARE * tolerance)
    return ReducedFlow(form, horizon, tolerance)


def curvature_varies(form: Form, loss: Loss) -> bool:
    """Whether ∇²L is infinite at the minimiser, or falls a hundredfold on the way there.

    Of the losses known, the p-th powers with p < 2 do the first, and the Poisson loss may do the
    second.
    """
    if loss.regime == "finite_time":
        return True
    if loss.kind != "poisson":
        return False
    form.speed(form.start())
    ends = (form.loss.curvature_root(at) for at in (form.residual, np.zeros_like(form.residual)))
    first, last = (0.0 if root is None else float(np.max(np.abs(root))) for root in ends)
    return first > 10 * last


class DirectFlow:
    """The flow of any generator in its own coordinates, with its length as one more unknown.

    Parameters
    ----------
    problem : Problem
        With a generator.
    horizon, rtol, atol : float
        As for SciPy's solvers.
    implicit : bool
        Whether to take LSODA, which switches to an implicit method where steps would be many,
        instead of DOP853.
    """

    def __init__(
        self, problem: Problem, horizon: float, rtol: float, atol: float, implicit: bool
    ) -> None:
        self._problem, self._generator = problem, require_generator(problem)
        self._functions = LossFunctions(problem.loss, problem.measurements)
        method = solvers.LSODA if implicit else solvers.DOP853
        unknowns = np.zeros(self._generator.size + 1)
        self._solver = method(self._speed, 0.0, unknowns, horizon, rtol=rtol, atol=atol)
        self.residual = self._residual(unknowns[:-1])

    def _residual(self, state: Array) -> Array:
        value = self._problem.operator @ self._generator.value(state)
        return np.asarray(value - self._problem.observation)

    def _speed(self, time: float, unknowns: Array) -> Array:
        pull = self._functions.gradient(self._residual(unknowns[:-1]))
        velocity = self._generator.velocity(unknowns[:-1], self._problem.operator.T @ pull)
        return np.append(velocity, self._generator.parameter_norm(velocity))

    @property
    def time(self) -> float:
        """The time reached."""
        return float(self._solver.t)

    @property
    def length(self) -> float:
        """∫‖θ̇‖."""
        return float(self._solver.y[-1])

    @property
    def length_error(self) -> float:
        """Zero: the length is one of the unknowns."""
        return 0.0

    @property
    def evaluations(self) -> int:
        """Evaluations of the speed."""
        return int(self._solver.nfev)

    @property
    def done(self) -> bool:
        """Whether the horizon is reached."""
        return bool(self._solver.status == "finished")

    @property
    def failed(self) -> bool:
        """Whether the solver has given up."""
        return bool(self._solver.status == "failed")

    def advance(self) -> bool:
        """Take one step; return whether it succeeded."""
        self._solver.step()
        if self.failed:
            return False
        self.residual = self._residual(self._solver.y[:-1])
        return True

    def state(self) -> Array:
        """Return the generator's state."""
        return np.asarray(self._solver.y[:-1].copy())
