"""Numerical differentiation formulas for flows whose loss has infinite curvature at its minimum.

Where ∇²L grows without bound as components of the residual vanish (p-th powers, p < 2), an
exponential method has to follow every change of ∇²L; an implicit one need not. The formulas are
those of orders 1 to 5 with steps that are changed rarely (Shampine & Reichelt 1997, *The MATLAB
ODE suite*). Newton's method needs (I + cGHY)⁻¹ = I − cG(I + cHK)⁻¹HY, K = YG: with H^½KH^½ =
QDQᵀ and E = H^½Q, the middle is E(I + cD)⁻¹Eᵀ, whatever the number of unknowns. H is taken anew in
each step, which costs nothing; K where Newton's method fails.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.flows.coordinates import Form
from numerics.flows.exponential import ROUNDING
from numerics.flows.exponential_step import Linear, row_times
from numerics.flows.separation import PlaceError
from numerics.rigorous.rounding import Array

IMPLICIT_SHARE = 0.03
"""The error to aim at in one step, in units of the one at which the exponential method would aim:
what that one estimates is the error of its predictor, a hundred times that of its solution."""
_LAST = 5
_KAPPA = np.array([0, -0.1850, -1 / 9, -0.0823, -0.0415, 0])
_GAMMA = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, _LAST + 1))])
_ALPHA = (1 - _KAPPA) * _GAMMA
_ERROR = _KAPPA * _GAMMA + 1 / np.arange(1, _LAST + 2)
_NEWTON_STEPS, _NEWTON_SHARE = 6, 0.03  # of the error allowed
_OLDEST = 20  # steps with one K
_SHRINK, _GROWTH, _SAFETY = 0.2, 5.0, 0.8
_LENGTH_ERROR = 1e-6  # of the length so far, and of a step's own length a thousand times that
_ONE = np.ones(1, dtype=bool)


class ImplicitFlow:
    """One flow in reduced coordinates x, with its length as one more unknown.

    Parameters
    ----------
    form : Form
        The coordinates, of one flow.
    horizon : float
        Final time.
    tolerance : float
        The error of the outputs aimed at in one step; raised to what rounding allows.

    Attributes
    ----------
    time, length, length_error : float
        The time reached, ∫‖θ̇‖, and an estimate of its error.
    residual : array, shape (m,)
        y(t) − y.
    evaluations : int
        Evaluations of the flow's speed.
    """

    def __init__(self, form: Form, horizon: float, tolerance: float) -> None:
        self._form, self.horizon, self.evaluations, self.time = form, horizon, 0, 0.0
        start = form.packed(form.start())
        self._zero = form.unpacked(np.zeros_like(start))
        first = self._speed(np.append(start, 0.0))
        self.residual, self.length_error = form.residual[0], 0.0
        self.tolerance = max(tolerance, ROUNDING * float(form.magnitudes()[0]))
        self._linear = self._linearized()
        self._age, self._rate = 0, 1.0  # of K, and the factor by which Newton's method converges
        self._order, self._equal = 1, 0
        self._step = self._first_step(first)
        self._table = np.zeros((_LAST + 3, start.size + 1))  # backward differences of the points
        self._table[0, :-1], self._table[1] = start, first * self._step

    @property
    def length(self) -> float:
        """∫‖θ̇‖ so far."""
        return float(self._table[0, -1])

    @property
    def done(self) -> bool:
        """Whether the horizon is reached."""
        return self.time >= self.horizon

    @property
    def failed(self) -> bool:
        """Whether no further step is possible."""
        return not self.done and not self.time + self._step > self.time

    def state(self) -> Array:
        """Return the generator's state."""
        point = self._form.unpacked(self._table[0, :-1])
        return np.asarray(self._form.displacement(point, _ONE)[0])

    def travel(self) -> float:
        """Return ‖θ(t) − θ₀‖."""
        point = self._form.unpacked(self._table[0, :-1])
        return float(self._form.parameter_norms(point, _ONE)[0])

    def advance(self) -> bool:
        """Attempt one step; return whether it succeeded."""
        left = self.horizon - self.time
        if self._step > left:
            self._rescale(left / self._step)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            found = self._solved()
            if found is None:
                if self._age == 0:
                    self._rescale(0.5)
                self._age = _OLDEST  # next time, K is computed anew
                return False
            change, point = found
            error = self._error(_ERROR[self._order] * change)
            if not error <= 1:
                factor = _SAFETY * error ** (-1 / (self._order + 1))
                self._rescale(max(_SHRINK, factor) if factor == factor else _SHRINK)
                return False
            self._accept(change, point, error)
        return True

    def _speed(self, unknowns: Array) -> Array:
        self.evaluations += 1
        speed = self._form.speed(self._form.unpacked(unknowns[:-1]))
        size = float(self._form.parameter_speeds(speed)[0])
        return np.append(self._form.packed_speed(speed), size)

    def _linearized(self) -> Linear:
        """Freeze K and H where the form was evaluated last."""
        root = self._form.loss.curvature_root(self._form.residual)
        return Linear.of(self._form.linearize(_ONE), root)

    def _first_step(self, speed: Array) -> float:
        """Return a step whose error, of second order in it, is about the one allowed."""
        moved, rates = self._outputs(speed), self._linear.rates[0]
        fastest = float(rates[-1])
        size = float(np.linalg.norm(moved)) * fastest
        return min(self.horizon, np.sqrt(self.tolerance / size)) if size > 0 else self.horizon

    def _outputs(self, unknowns: Array) -> Array:
        """Return Y times a direction, shape (m,)."""
        point = self._form.unpacked(unknowns[:-1])
        return self._form.difference(point, self._zero)[0]

    def _error(self, unknowns: Array) -> float:
        """Return how large a change is in units of the error allowed, in outputs and length."""
        allowed = _LENGTH_ERROR * (self.length + 1e3 * abs(self._table[1, -1])) + 1e-300
        moved = float(np.linalg.norm(self._outputs(unknowns))) / self.tolerance
        return max(moved, abs(float(unknowns[-1])) / allowed)

    def _solved(self) -> tuple[Array, Array] | None:
        """Solve for the end of the step; return its difference to the prediction, and itself."""
        order = self._order
        point = self._table[: order + 1].sum(axis=0)
        past = _GAMMA[1 : order + 1] @ self._table[1 : order + 1] / _ALPHA[order]
        c, change, last = self._step / _ALPHA[order], np.zeros_like(point), np.inf
        for count in range(_NEWTON_STEPS):
            try:
                speed = self._speed(point)
            except PlaceError:
                return None
            if count == 0:
                self._renew()
            move = self._corrected(c * speed - past - change, c)
            size = self._error(move)
            if not size < 2 * last:
                return None
            change, point = change + move, point + move
            # a factor that was not measured in this step is believed less and less
            self._rate = max(0.3 * self._rate, size / last) if count else 2 * self._rate
            if size * min(1.0, self._rate) < _NEWTON_SHARE:
                self._residual = self._form.residual[0] + self._outputs(move)
                return change, point
            last = size
        return None

    def _renew(self) -> None:
        """Take H, and K where it is old, at the prediction."""
        if self._age >= _OLDEST:
            self._linear, self._age, self._rate = self._linearized(), 0, 1.0
        else:
            root = self._form.loss.curvature_root(self._form.residual)
            self._linear = self._linear if root is None else self._linear.bent(root)

    def _corrected(self, rest: Array, c: float) -> Array:
        """Return (I + cGHY)⁻¹ rest."""
        modes = self._linear.modes
        modal = row_times(self._outputs(rest)[None], modes) / (1 + c * self._linear.rates)
        forces = row_times(modal, modes.transpose(0, 2, 1))
        pulled = self._form.combined(self._zero, np.zeros((1, 0)), [], forces)
        found = rest.copy()
        found[:-1] -= c * self._form.packed(pulled)
        return found

    def _accept(self, change: Array, point: Array, error: float) -> None:
        order, table = self._order, self._table
        self.time = min(self.time + self._step, self.horizon)
        if self.time >= self.horizon * (1 - 1e-14):
            self.time = self.horizon
        self._age += 1
        self.residual = self._residual
        self.length_error += abs(float(_ERROR[order] * change[-1]))
        table[order + 2] = change - table[order + 1]
        table[order + 1] = change
        for i in reversed(range(order + 1)):
            table[i] += table[i + 1]
        self._equal += 1
        if self._equal > order:
            self._choose(error)

    def _choose(self, error: float) -> None:
        """Choose the order that allows the longest step."""
        order, errors = self._order, {self._order: error}
        for other, row in ((order - 1, order), (order + 1, order + 2)):
            if 1 <= other <= _LAST:
                errors[other] = self._error(_ERROR[other] * self._table[row])
        factors = {q: (e + 1e-30) ** (-1 / (q + 1)) for q, e in errors.items()}
        self._order = max(factors, key=lambda q: factors[q])
        self._rescale(min(_GROWTH, _SAFETY * factors[self._order]))

    def _rescale(self, factor: float) -> None:
        """Change the step, and the differences with it."""
        order = self._order
        mixed = _differences(order, factor) @ _differences(order, 1.0)
        self._table[: order + 1] = mixed.T @ self._table[: order + 1]
        self._step *= factor
        self._equal = 0


def _differences(order: int, factor: float) -> Any:
    rows, columns = np.arange(1, order + 1)[:, None], np.arange(1, order + 1)
    steps = np.zeros((order + 1, order + 1))
    steps[1:, 1:] = (rows - 1 - factor * columns) / rows
    steps[0] = 1
    return np.cumprod(steps, axis=0)
