"""An exponential Adams method for flows whose stiffness is an m×m matrix.

A flow ẋ = f(x), f(x) = −G(x)∇L(y(x)), of any dimension, is stiff only through its m outputs: its
derivative is −G∇²L·Y, Y the derivative of x ↦ y, up to terms that are proportional to ∇L. With
K = YG (the tangent kernel) frozen, H = ∇²L and EᵀKE = D diagonal, E = H^½U, the linear part
J = −GEEᵀY has φ_j(hJ)v = v/j! − hGE φ_{j+1}(−hD) EᵀYv: exponentials cost m numbers. The rest,
N = f − Jx, is interpolated through the last points (variable steps, order up to 8), predicted,
evaluated once, corrected; the difference is the error estimate, measured in the outputs. K is
computed anew when it has changed; the points kept stay valid. Many flows, each with its own
steps, go side by side: all arrays have a leading axis of length N.

See Hochbruck & Ostermann, *Exponential integrators*, Acta Numerica 2010, section 2.5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from numerics.flows.coordinates import Form, Mask
from numerics.flows.exponential_step import MAX_ORDER, Attempt, Linear, Nodes, Owed, row_times
from numerics.flows.separation import PlaceError
from numerics.rigorous.rounding import EPS, Array

_GROWTH, _SHRINK, _SAFETY = 3.0, 0.2, 0.85
_STALE_STEPS = 25  # steps with one K
_STALE_CHANGE = 0.35  # relative change of the speed that K did not foresee
_BENT_CHANGE = 0.02  # relative change of H^½
_STALE_SHARE = 0.25  # of the flows: how many have to be stale before K is computed anew
_RECENT = 4  # steps during which K counts as fresh

ROUNDING = 50 * EPS
"""Rounding errors of an output, in units of the terms that make it up."""
_LEAST_ORDER = 4


def suitable_order(tolerance: float) -> int:
    """Return the order that takes the fewest steps at a tolerance relative to ‖y(0) − y‖."""
    digits = round(-np.log10(max(tolerance, EPS)))
    return int(np.clip(digits - 1, _LEAST_ORDER, MAX_ORDER))


class ExponentialAdams:
    """Integrates N flows side by side.

    Parameters
    ----------
    form : Form
        The coordinates.
    horizons, tolerances : arrays, shape (N,)
        Final times, and the error of the outputs aimed at in one step.
    max_order : int
        Between 1 and ``MAX_ORDER``.
    first_speed : optional
        f at the start, where it is what the form was evaluated at last.

    Attributes
    ----------
    time, step : arrays, shape (N,)
        Where the flows are, and the steps they try next.
    residual : array, shape (N, m)
        y(t) − y at these times.
    evaluations : int
        Calls of the form's ``speed``, each for all flows still there.
    judge : callable or None
        Returns a further error of a step that would succeed, in units of the one allowed.
    """

    def __init__(
        self,
        form: Form,
        horizons: Array,
        tolerances: Array,
        max_order: int = MAX_ORDER,
        first_speed: Any = None,
    ) -> None:
        flows = len(horizons)
        self.form, self.horizons, self.tolerances = form, horizons, tolerances
        self.max_order = max_order
        self.judge: Callable[[Attempt], float] | None = None
        self.evaluations = int(first_speed is not None)
        self.time = np.zeros(flows)
        self._known = np.ones(flows, dtype=int)  # nodes that are distinct
        self._age = np.zeros(flows, dtype=int)
        point = form.start()
        speed = self._evaluate(point) if first_speed is None else first_speed
        self.residual = form.residual
        nothing = np.zeros((flows, 1, 4 * self.residual.shape[1]))
        self.nodes = Nodes(self.time[:, None], [point], [speed], nothing)
        self.owed = Owed.nothing(flows, 1, self.residual.shape[1])
        self.linear = self._linearized(np.ones(flows, dtype=bool))
        self.step = self._first_step()

    @property
    def done(self) -> Mask:
        """Which flows have reached their horizon, shape (N,)."""
        return np.asarray(self.time >= self.horizons)

    @property
    def stuck(self) -> Mask:
        """Which flows cannot go on: their step is too small for the time to change."""
        return np.asarray(~self.done & ~(self.time + self.step > self.time))

    def advance(self) -> Mask:
        """Attempt one step of every flow that is not done; return which succeeded, shape (N,)."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return self._advanced()  # what is not a number is refused

    def _advanced(self) -> Mask:
        waiting = ~self.done
        left = np.where(waiting, self.horizons - self.time, np.inf)
        step = np.minimum(self.step, left)
        order = min(len(self.nodes.points), self.max_order, int(self._known.min()))
        attempt = Attempt(self.form, self.linear, self.nodes, self.owed, step, order)
        try:
            speed = self._evaluate(attempt.point)
        except PlaceError:
            self.step = step * _SHRINK
            return np.zeros(len(step), dtype=bool)
        attempt.correct(speed, row_times(self.form.outputs(speed), self.linear.onto))
        error = np.fmin(attempt.error / self.tolerances, np.inf)  # what is not a number is large
        if self.judge is not None and np.all(error <= 1):
            error = np.maximum(error, self.judge(attempt))
        factor = _SAFETY * error ** (-1 / (order + 1))
        accepted = (error <= 1) & waiting
        self.step = np.where(waiting, step * np.minimum(np.maximum(factor, _SHRINK), _GROWTH), step)
        if np.count_nonzero(accepted):
            self._accept(accepted, attempt)
        self._refresh(waiting & ~accepted, attempt.unforeseen)
        self._bend()
        return accepted

    def state(self) -> Any:
        """Return the points at the current times."""
        weights, nodes = self.owed.weights, self.nodes
        speeds = nodes.speeds[: weights.shape[1]]
        return self.form.combined(nodes.points[0], weights, speeds, self.owed.forces)

    def keep(self, which: Mask) -> None:
        """Go on with the flows selected only."""
        kept, nodes = self.form.kept, self.nodes
        self.nodes = Nodes(
            nodes.times[which],
            [kept(which, point) for point in nodes.points],
            [kept(which, speed) for speed in nodes.speeds],
            nodes.table[which],
        )
        self.owed, self.linear = self.owed.kept(which), self.linear.kept(which)
        for name in ("horizons", "tolerances", "time", "step", "residual", "_known", "_age"):
            setattr(self, name, getattr(self, name)[which])
        self.form.keep(which)

    def _evaluate(self, point: Any) -> Any:
        self.evaluations += 1
        return self.form.speed(point)

    def _linearized(self, which: Mask) -> Linear:
        """Freeze K and H where the form was evaluated last: at the newest node."""
        linear = Linear.of(self.form.linearize(which), self.form.loss.curvature_root(self.residual))
        nodes, form = self.nodes, self.form
        outputs = [form.outputs(speed) for speed in nodes.speeds]
        places = [form.difference(point, nodes.points[0]) for point in nodes.points]
        stacked = (np.stack(each, axis=1) @ linear.onto for each in (outputs, places))
        self.nodes = Nodes(nodes.times, nodes.points, nodes.speeds, linear.described(*stacked))
        return linear

    def _first_step(self) -> Array:
        """Return a step whose error, of third order in it, is about the one allowed."""
        fastest = self.linear.rates[:, -1]
        active = fastest > 0
        rate = np.where(active, fastest, 1.0)
        size = np.linalg.norm(self.nodes.outputs[:, 0], axis=1) / rate
        share = np.cbrt(self.tolerances / np.where(size > 0, size, np.inf))
        first = np.minimum(np.minimum(0.5, share) / rate, self.horizons)
        return np.where(active & (size > 0), first, self.horizons)

    def _accept(self, accepted: Mask, new: Attempt) -> None:
        old, count = self.nodes, self.max_order
        times = np.concatenate([new.end[:, None], old.times[:, :count]], axis=1)
        table = np.concatenate([new.row(), old.table[:, :count]], axis=1)
        points, speeds = [new.point, *old.points[:count]], [new.speed, *old.speeds[:count]]
        self.nodes = Nodes(times, points, speeds, table)
        owed = new.owed
        if np.count_nonzero(accepted) < len(accepted):
            self.nodes = self._merged(accepted, old)
            owed = owed.chosen(accepted, self.owed)
        self.owed = owed
        self.time = np.where(accepted, new.end, self.time)
        self.time = np.where(self.time >= self.horizons * (1 - 1e-14), self.horizons, self.time)
        self.residual = np.where(accepted[:, None], new.residual, self.residual)
        self._known = self._known + accepted
        self._age = self._age + accepted

    def _merged(self, accepted: Mask, old: Nodes) -> Nodes:
        """Return the new nodes of the flows that made their step, the old ones of the others."""
        new, rows = self.nodes, accepted[:, None]
        index = np.minimum(np.arange(len(new.points)), len(old.points) - 1)
        chosen = self.form.chosen

        def items(fresh: list[Any], stale: list[Any]) -> list[Any]:
            return [chosen(accepted, fresh[i], stale[j]) for i, j in enumerate(index)]

        return Nodes(
            np.where(rows, new.times, old.times[:, index]),
            items(new.points, old.points),
            items(new.speeds, old.speeds),
            np.where(rows[:, :, None], new.table, old.table[:, index]),
        )

    def _refresh(self, rejected: Mask, unforeseen: Array) -> None:
        """Freeze K anew where it is old, where it has changed, or where a step failed."""
        changed = (unforeseen > _STALE_CHANGE) & (self._age >= _RECENT)
        stale = (self._age >= _STALE_STEPS) | changed | (rejected & (self._age > 0))
        stale &= ~self.done
        if np.count_nonzero(stale) < max(1.0, _STALE_SHARE * len(stale)):
            return  # the flows are evaluated together: wait until it is worth it
        stale |= (self._age >= _RECENT) & ~self.done
        nodes = self.nodes
        nodes.points[0] = self.form.chosen(stale, self.state(), nodes.points[0])
        nodes.speeds[0] = self._evaluate(nodes.points[0])
        flows, count = self.owed.weights.shape
        nothing = Owed.nothing(flows, count, self.residual.shape[1])
        self.owed = nothing.chosen(stale, self.owed)
        self.linear = self._linearized(stale)
        self._age = np.where(stale, 0, self._age)

    def _bend(self) -> None:
        """Freeze H anew where it has changed: that costs no evaluation."""
        root, known = self.form.loss.curvature_root(self.residual), self.linear.root
        if root is None or known is None:
            return
        change, size = (np.sqrt((part * part).sum(axis=(1, 2))) for part in (root - known, root))
        if not (change > _BENT_CHANGE * size).any():
            return
        self.linear = linear = self.linear.bent(root)
        nodes, owed = self.nodes, self.owed
        outputs = nodes.outputs
        self.nodes = replace(nodes, table=linear.described(outputs, nodes.places))
        moved = row_times(owed.weights, outputs[:, : owed.weights.shape[1]])
        moved += row_times(owed.forces, linear.kernel)
        self.owed = replace(owed, modal=row_times(moved, linear.modes))
