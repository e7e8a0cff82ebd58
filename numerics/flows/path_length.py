"""The length ∫‖θ̇‖ of a flow, from an exponential integrator's steps.

‖θ̇‖² = gᵀKg with g = ∇L and K the tangent kernel, and the outputs move with v = −Kg. Over a step
the integrator knows v under its frozen kernel K₀ as exponentials and polynomials; the exact
speed is known at the nodes. The ratio of ‖θ̇‖ to √(vᵀK₀⁺v) changes slowly and is interpolated.
"""

from __future__ import annotations

import numpy as np

from numerics.flows.exponential_step import MAX_ORDER, Attempt, Linear
from numerics.flows.phi_functions import phi_functions
from numerics.rigorous.rounding import Array

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_ALIVE = 1e-13  # modes below this share of the speed are over
_HALVINGS = 40
_STEP_ERROR, _TOTAL_ERROR = 1e-3, 1e-7  # of a step's own length, and of the length so far


class PathLength:
    """Adds up the length of one flow (N = 1).

    Parameters
    ----------
    speed : float
        ‖θ̇‖ at time 0.

    Attributes
    ----------
    total, error : float
        The length, and an estimate of its error: what the last point of each interpolation
        contributes.
    """

    def __init__(self, speed: float) -> None:
        self.total = self.error = 0.0
        self._speeds = [speed]
        self._frozen: tuple[Linear, Array] | None = None

    def judge(self, attempt: Attempt, speed: float) -> float:
        """Add a step if its length is resolved; ``speed`` is ‖θ̇‖ at its end.

        Returns the estimated error in units of the one allowed: the step is added if it is at
        most 1, and has to be refused otherwise.
        """
        past = attempt.nodes.outputs[0, : attempt.order]
        inverse = self._inverse(attempt.linear)
        frozen = _sizes(np.concatenate([attempt.outputs, past]), inverse)
        known = np.array([speed, *self._speeds[: attempt.order]])
        ratios = np.where(frozen > 0, known / np.where(frozen > 0, frozen, 1.0), 1.0)
        theta, weights = _quadrature(_stiffness(attempt))
        values = _sizes(velocities(attempt, theta), inverse)
        weights *= float(attempt.h[0, 0]) * values
        foreseen, last = _interpolated(attempt, ratios[1:], float(ratios[0]), theta)
        length, error = float(weights @ (foreseen + last)), float(weights @ np.abs(last))
        allowed = _STEP_ERROR * abs(length) + _TOTAL_ERROR * self.total
        if not error <= allowed:
            return error / allowed if allowed > 0 else np.inf
        self.total, self.error = self.total + length, self.error + error
        self._speeds = [speed, *self._speeds][: MAX_ORDER + 1]
        return error / allowed if allowed > 0 else 0.0

    def _inverse(self, linear: Linear) -> Array:
        """K₀⁺, computed once for each K₀."""
        if self._frozen is None or self._frozen[0] is not linear:
            inverse = np.linalg.pinv(linear.kernel[0], rcond=1e-14, hermitian=True)
            self._frozen = linear, inverse
        return self._frozen[1]


def velocities(attempt: Attempt, theta: Array) -> Array:
    """Return the outputs' speed under the frozen kernel at times θ in [0, 1], shape (T, m).

    Its modes follow v' = −Dv + N'; what the modes do not see (where ∇²L is singular) is a
    polynomial.
    """
    h, linear, order = float(attempt.h[0, 0]), attempt.linear, attempt.order
    rates, modes, gains = linear.rates[0], linear.modes[0], linear.gains[0]
    first, owed = attempt.nodes.outputs[0, 0], attempt.begun.modal[0]
    phi = phi_functions(-h * theta[:, None] * rates, order + 1)
    moved = theta[:, None] * phi[1] * (first @ modes - rates * owed)
    power, factorial = theta[:, None], 1.0
    edge, surprise = attempt.weights.edge[0][:, None], attempt.surprise[0]
    modal = attempt.part(slice(order), 2)[0] + edge * surprise
    for i in range(1, order + 1):
        power, factorial = power * theta[:, None], factorial * i
        moved += factorial * power * phi[i + 1] * modal[i - 1]
    plain = attempt.part(slice(order), 0)[0] + attempt.part(slice(order), 3)[0] @ gains.T
    plain += edge * (attempt.ahead[0] + attempt.beside[0] @ gains.T)
    grown = theta[:, None] ** np.arange(1, order + 1) @ plain
    return np.asarray(first - (owed + h * moved) @ gains.T + grown)


def _interpolated(
    attempt: Attempt, values: Array, last: float, theta: Array
) -> tuple[Array, Array]:
    """Interpolate numbers known at the nodes at times θ in [0, 1]; what the end's adds to it."""
    moved, weights = values[1:] - values[0], attempt.weights
    edge = weights.edge[0] * (last - values[0] - weights.rows[0, -1] @ moved)
    powers = theta[:, None] ** np.arange(1, attempt.order + 1)
    return values[0] + powers @ (weights.rows[0, : attempt.order] @ moved), powers @ edge


def _sizes(velocities: Array, inverse: Array) -> Array:
    """√(vᵀK⁺v) of each row."""
    return np.sqrt(np.maximum(np.sum((velocities @ inverse) * velocities, axis=1), 0.0))


def _stiffness(attempt: Attempt) -> float:
    """Return h times the fastest rate that still matters at the step's beginning."""
    modal = np.abs(attempt.nodes.outputs[0, 0] @ attempt.linear.modes[0])
    alive = attempt.linear.rates[0][modal > _ALIVE * float(np.max(modal))]
    return float(attempt.h[0, 0]) * float(np.max(alive, initial=0.0))


def _quadrature(stiffness: float) -> tuple[Array, Array]:
    """Gauss–Legendre points on [0, 1], on intervals that are halved towards 0 as needed."""
    halvings = min(_HALVINGS, max(0, int(np.ceil(np.log2(max(stiffness, 1.0))))))
    edges = np.concatenate([[0.0], 0.5 ** np.arange(halvings, -1.0, -1.0)])
    half = np.diff(edges)[:, None] / 2
    points = edges[:-1, None] + half * (1 + _NODES)
    return points.ravel(), (half * _WEIGHTS).ravel()
